import type { Condition } from '../../domain/condition.ts';
import type { RuleDefinition, TagDefinition } from '../../domain/configuration.ts';
import type { CrmAssignment, CrmCustomer, CrmTag } from './consequences.ts';
import { agreed, codeOf, hasAudience } from './marketing.ts';
import type { Provenance } from './population.ts';
import type { Random } from './random.ts';
import {
  conflictingPairs,
  mayPutOn,
  meets,
  neededPairs,
  siblingPairs,
  tagsWithRights,
  type CrmAttributes,
  type Rulebook,
} from './rulebook.ts';

const dayMs = 86_400_000;
const daySeconds = 86_400;

/** A way to make a customer of whom something must be found, or, as a near miss, nothing. */
export interface Recipe {
  readonly kind: 'conflict' | 'near-miss';
  readonly ruleCode: string;
  /** What makes it one, such as "expires tomorrow". */
  readonly why: string;
  /** The finding it is made for; null for a near miss. */
  readonly planned: readonly [first: string | null, second: string | null] | null;
  make(ref: string): CrmCustomer;
}

/** Tags that people put on in the CRM without asking anybody. */
export const foreignTags = [
  '高净值客户',
  '潜在VIP',
  '待跟进（旧）',
  '导入测试',
  '🎁 礼品客户',
  '重要!!!',
  '王总介绍',
  'KA客户',
  '双12预热',
  'do not use',
] as const;

export interface Kitchen {
  readonly rulebook: Rulebook;
  readonly provenance: Provenance;
  readonly random: Random;
  readonly nowMs: number;
}

interface Ingredient {
  readonly tag: CrmTag;
  /** Days since it was put on; null: the CRM does not say. @default a few days */
  readonly daysAgo?: number | null;
  /** Who puts it on. @default anybody who may */
  readonly actor?: string;
}

/** Recipes of every rule, conflicts and near misses. */
export function createRecipes(kitchen: Kitchen): readonly Recipe[] {
  return kitchen.rulebook.rules.flatMap((rule) => [
    ...conflicts(rule, kitchen),
    ...nearMisses(rule, kitchen),
  ]);
}

function conflicts(rule: RuleDefinition, kitchen: Kitchen): readonly Recipe[] {
  const { rulebook } = kitchen;
  const recipe = (why: string, planned: Recipe['planned'], ingredients: readonly Ingredient[]) =>
    cook(kitchen, { kind: 'conflict', ruleCode: rule.code, why, planned }, ingredients);
  const known = (code: string): Ingredient => ({ tag: dictionaryTag(rulebook, code) });
  switch (rule.kind) {
    case 'exclusive':
    case 'dominance':
    case 'synonym':
      return conflictingPairs(rule).map(([a, b]) => {
        const [first, second] = ordered(rule, a, b);
        return recipe('both on one customer', [first, second], [known(first), known(second)]);
      });
    case 'time-to-live':
    case 'stale':
      return limitedTags(rule, rulebook).flatMap(({ tag, days }) => {
        const planned = [tag.code, rule.kind === 'stale' ? null : tag.successorCode] as const;
        const aged = (daysAgo: number): Ingredient => ({ ...known(tag.code), daysAgo });
        return [
          recipe('long over', planned, [aged(days + 40)]),
          recipe('over since a moment ago', planned, [aged(days)]),
        ];
      });
    case 'criteria': {
      const tag = tagOf(rulebook, rule.tagCode);
      const made: Recipe[] = [];
      const named = { kind: 'conflict', ruleCode: rule.code, planned: [tag.code, null] } as const;
      if (rule.direction !== 'missing') {
        made.push(
          cook(kitchen, { ...named, why: 'criteria not met' }, [known(tag.code)], {
            tag,
            wanted: false,
          }),
        );
      }
      if (rule.direction !== 'unmet') {
        made.push(cook(kitchen, { ...named, why: 'criteria met' }, [], { tag, wanted: true }));
      }
      return made;
    }
    case 'overload': {
      const made: Recipe[] = [];
      if (rule.tagsMax !== null) {
        const many = quietTags(rulebook, 'lasting').slice(0, rule.tagsMax + 2);
        made.push(recipe('too many tags', [null, null], many));
      }
      if (rule.temporaryTagsMax !== null) {
        const many = quietTags(rulebook, 'temporary').slice(0, rule.temporaryTagsMax + 1);
        made.push(recipe('too many temporary tags', [null, null], many));
      }
      return made;
    }
    case 'unknown':
      return [
        ...foreignTags.map((name) =>
          recipe('not in the dictionary', [name, null], [{ tag: { kind: 'foreign', name } }]),
        ),
        ...rulebook.tags
          .filter((tag) => tag.status === 'proposed')
          .map((tag) => recipe('only proposed', [tag.code, null], [known(tag.code)])),
      ];
    case 'deprecated':
      return rulebook.tags
        .filter((tag) => tag.status === 'deprecated' || tag.status === 'archived')
        .map((tag) => recipe('out of use', [tag.code, tag.successorCode], [known(tag.code)]));
    case 'implied':
      return [
        ...neededPairs(rule, rulebook.configuration)
          .filter(([code]) => tagOf(rulebook, code).status === 'active')
          .map(([code, needed]) =>
            cook(
              kitchen,
              {
                kind: 'conflict',
                ruleCode: rule.code,
                why: 'without what it needs',
                planned: [code, needed],
              },
              [known(code)],
              null,
              [needed],
            ),
          ),
        ...siblingPairs(rule, rulebook.tags).map(([a, b]) =>
          recipe('two of a choice of one', a < b ? [b, a] : [a, b], [known(a), known(b)]),
        ),
      ];
    case 'scope':
    case 'sensitivity':
      return tagsWithRights(rule, rulebook.configuration)
        .filter((code) => tagOf(rulebook, code).status === 'active')
        .flatMap((code) =>
          provenanceWhere(kitchen, (actor) => !mayPutOn(rule, code, actor, rulebook.configuration))
            .slice(0, 2)
            .map((actor) =>
              recipe('put on by somebody who may not', [code, null], [{ ...known(code), actor }]),
            ),
        );
    case 'mismatch':
      return disputable(rule, rulebook).flatMap((code) => {
        const inBoth = recipe('both have it', [code, null], [known(code)]);
        return [
          {
            ...inBoth,
            why: 'only the CRM has it',
            make: lostBy('marketing', code, inBoth, rulebook),
          },
          { ...inBoth, why: 'only marketing has it', make: lostBy('crm', code, inBoth, rulebook) },
        ];
      });
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      return [];
  }
}

function nearMisses(rule: RuleDefinition, kitchen: Kitchen): readonly Recipe[] {
  const { rulebook } = kitchen;
  const named = (why: string) =>
    ({ kind: 'near-miss', ruleCode: rule.code, why, planned: null }) as const;
  const recipe = (why: string, ingredients: readonly Ingredient[]) =>
    cook(kitchen, named(why), ingredients);
  const known = (code: string): Ingredient => ({ tag: dictionaryTag(rulebook, code) });
  const alone = (why: string, codes: readonly string[]) =>
    codes
      .filter((code) => tagOf(rulebook, code).status === 'active')
      .map((code) => recipe(why, [known(code)]));
  switch (rule.kind) {
    case 'exclusive':
      return [
        ...rule.allowedPairs.map(([a, b]) => recipe('an allowed pair', [known(a), known(b)])),
        ...alone('one of the group', rule.tagCodes.slice(0, 1)),
      ];
    case 'dominance':
      return alone('one without the other', [rule.dominantCode, ...rule.dominatedCodes]);
    case 'synonym':
      return alone('a synonym by itself', rule.synonymCodes);
    case 'time-to-live':
    case 'stale':
      return limitedTags(rule, rulebook).flatMap(({ tag, days }) => {
        const aged = (daysAgo: number | null): Ingredient => ({ ...known(tag.code), daysAgo });
        return [
          recipe('one day left', [aged(days - 1)]),
          recipe('since unknown', [aged(null)]),
          recipe('since the future', [aged(-5)]),
        ];
      });
    case 'criteria': {
      const tag = tagOf(rulebook, rule.tagCode);
      const ingredients = rule.direction === 'missing' ? [] : [known(tag.code)];
      return [
        cook(kitchen, named('attributes missing'), ingredients, { tag, wanted: null }),
        cook(kitchen, named('criteria just met'), [known(tag.code)], { tag, wanted: true }),
      ];
    }
    case 'overload':
      return [
        ...(rule.tagsMax === null
          ? []
          : [recipe('exactly the limit', quietTags(rulebook, 'lasting').slice(0, rule.tagsMax))]),
        ...(rule.temporaryTagsMax === null
          ? []
          : [
              recipe(
                'exactly the limit of temporary tags',
                quietTags(rulebook, 'temporary').slice(0, rule.temporaryTagsMax),
              ),
            ]),
      ];
    case 'unknown':
      return [];
    case 'deprecated':
      return rulebook.tags
        .filter((tag) => tag.status === 'deprecated')
        .flatMap((tag) =>
          tag.successorCode === null ? [] : [recipe('its successor', [known(tag.successorCode)])],
        );
    case 'implied':
      return [
        ...neededPairs(rule, rulebook.configuration)
          .filter(([code]) => tagOf(rulebook, code).status === 'active')
          .map(([code, needed]) => recipe('with what it needs', [known(code), known(needed)])),
        ...siblingPairs(rule, rulebook.tags).map(([a]) =>
          recipe('one of a choice of one', [known(a)]),
        ),
      ];
    case 'scope':
    case 'sensitivity':
      return tagsWithRights(rule, rulebook.configuration)
        .filter((code) => tagOf(rulebook, code).status === 'active')
        .flatMap((code) =>
          provenanceWhere(kitchen, (actor) => mayPutOn(rule, code, actor, rulebook.configuration))
            .slice(0, 2)
            .map((actor) => recipe('put on by somebody who may', [{ ...known(code), actor }])),
        );
    case 'mismatch':
      return disputable(rule, rulebook).flatMap((code) => {
        const both = recipe('the two agree', [known(code)]);
        return [
          { ...both, make: (ref: string) => withMarketing(both.make(ref), rulebook) },
          recipe('no contact of marketing', [known(code)]),
        ];
      });
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      return [];
  }
}

/** Tags of a rule that one system is the master of, where both can hold them. */
function disputable(
  rule: Extract<RuleDefinition, { kind: 'mismatch' }>,
  rulebook: Rulebook,
): readonly string[] {
  if (!rulebook.hasMarketing) return [];
  return rulebook.tags
    .map(({ code }) => code)
    .filter((code) => hasAudience(code) && rulebook.masterOf(rule, code) !== null);
}

function withMarketing(customer: CrmCustomer, rulebook: Rulebook): CrmCustomer {
  return { ...customer, marketing: agreed(customer, rulebook) };
}

/** Makes a customer whom both systems have, and one of them without the tag. */
function lostBy(
  system: 'crm' | 'marketing',
  tagCode: string,
  recipe: Recipe,
  rulebook: Rulebook,
): Recipe['make'] {
  const without = (assignments: readonly CrmAssignment[]) =>
    assignments.filter(({ tag }) => codeOf(tag, rulebook) !== tagCode);
  return (ref) => {
    const customer = withMarketing(recipe.make(ref), rulebook);
    return system === 'crm'
      ? { ...customer, assignments: without(customer.assignments) }
      : { ...customer, marketing: without(customer.marketing ?? []) };
  };
}

function provenanceWhere(
  kitchen: Kitchen,
  isWanted: (actor: string) => boolean,
): readonly string[] {
  return kitchen.provenance.actors.filter(isWanted);
}

/** A pair as its rule reports it: what should go, and what it conflicts with. */
function ordered(rule: RuleDefinition, a: string, b: string): readonly [string, string] {
  const strongestFirst =
    rule.kind === 'exclusive'
      ? [...rule.precedence, ...rule.tagCodes]
      : rule.kind === 'synonym'
        ? [rule.canonicalCode, ...rule.synonymCodes]
        : [b, a];
  return strongestFirst.indexOf(a) < strongestFirst.indexOf(b) ? [b, a] : [a, b];
}

function limitedTags(
  rule: Extract<RuleDefinition, { kind: 'time-to-live' | 'stale' }>,
  rulebook: Rulebook,
): readonly { readonly tag: TagDefinition; readonly days: number }[] {
  return rulebook.tags.flatMap((tag) => {
    const days = rule.kind === 'stale' ? tag.confirmEveryDays : tag.lifeDays;
    const isChosen = rule.tagCodes.length === 0 || rule.tagCodes.includes(tag.code);
    return isChosen && days !== null ? [{ tag, days }] : [];
  });
}

function tagOf(rulebook: Rulebook, code: string): TagDefinition {
  const tag = rulebook.tags[rulebook.place(code)];
  if (tag === undefined) throw new Error(`The sample configuration has no tag "${code}".`);
  return tag;
}

function dictionaryTag(rulebook: Rulebook, code: string): CrmTag {
  return { kind: 'dictionary', place: rulebook.place(code) };
}

/** Tags about which no rule but those of number says anything while they are young. */
function quietTags(rulebook: Rulebook, which: 'lasting' | 'temporary'): readonly Ingredient[] {
  const inPairs = new Set(rulebook.rules.flatMap(conflictingPairs).flat());
  const withCriteria = new Set(
    rulebook.rules.flatMap((rule) => (rule.kind === 'criteria' ? [rule.tagCode] : [])),
  );
  return rulebook.tags.flatMap((tag, place) =>
    tag.status === 'active' &&
    (tag.level === 'temporary') === (which === 'temporary') &&
    !inPairs.has(tag.code) &&
    !withCriteria.has(tag.code) &&
    rulebook.carefree[place] === true
      ? [{ tag: { kind: 'dictionary', place } as const, daysAgo: 1 }]
      : [],
  );
}

/** How the criteria of a tag shall stand; null: its attributes are missing. */
interface Seasoning {
  readonly tag: TagDefinition;
  readonly wanted: boolean | null;
}

function cook(
  kitchen: Kitchen,
  named: Pick<Recipe, 'kind' | 'ruleCode' | 'why' | 'planned'>,
  ingredients: readonly Ingredient[],
  seasoning: Seasoning | null = null,
  /** Codes that are left out although something calls for them. */
  without: readonly string[] = [],
): Recipe {
  const { rulebook, nowMs, random } = kitchen;
  const garnish = quietTags(rulebook, 'lasting').filter(
    ({ tag }) => tag.kind === 'foreign' || !without.includes(rulebook.tags[tag.place]?.code ?? ''),
  );
  const whole = withNeeded(rulebook, ingredients, without);
  return {
    ...named,
    make: (ref) => {
      let attributes = plainAttributes(kitchen);
      for (const { tag } of whole) {
        const criteria = tag.kind === 'dictionary' ? rulebook.tags[tag.place]?.criteria : null;
        if (criteria !== null && criteria !== undefined) {
          attributes = attributesWhere(criteria, true, attributes, nowMs) ?? attributes;
        }
      }
      if (seasoning !== null) attributes = seasoned(attributes, seasoning, nowMs);
      const isCountMade = ingredients.length > 2;
      const extra = isCountMade ? [] : [random.pick(garnish), random.pick(garnish)];
      const chosen = new Map<string, Ingredient>();
      for (const ingredient of [...whole, ...extra]) {
        const key = JSON.stringify(ingredient.tag);
        if (!chosen.has(key)) chosen.set(key, ingredient);
      }
      return {
        ref,
        attributes,
        assignments: [...chosen.values()].map((ingredient) => served(ingredient, kitchen)),
        marketing: null,
      };
    },
  };
}

/** And what they call for, so that a customer is about one rule only. */
function withNeeded(
  rulebook: Rulebook,
  ingredients: readonly Ingredient[],
  without: readonly string[],
): readonly Ingredient[] {
  const whole = [...ingredients];
  for (const { tag } of whole) {
    if (tag.kind === 'foreign') continue;
    for (const place of rulebook.needs[tag.place] ?? []) {
      const isThere = whole.some(
        (other) => other.tag.kind !== 'foreign' && other.tag.place === place,
      );
      const isLeftOut = without.includes(rulebook.tags[place]?.code ?? '');
      if (!isThere && !isLeftOut) whole.push({ tag: { kind: 'dictionary', place } });
    }
  }
  return whole;
}

function served({ tag, daysAgo = 3, actor }: Ingredient, kitchen: Kitchen): CrmAssignment {
  const { rulebook, provenance, random, nowMs } = kitchen;
  const mayPutOnIt = (name: string) => tag.kind === 'foreign' || rulebook.mayPutOn(tag.place, name);
  return {
    tag,
    sinceSeconds: daysAgo === null ? null : Math.floor(nowMs / 1000) - daysAgo * daySeconds,
    actor: actor ?? random.pick(provenance.actors.filter(mayPutOnIt)),
    importBatch: null,
  };
}

/** An ordinary customer whose attributes make no rule speak. */
function plainAttributes({ random, nowMs }: Kitchen): CrmAttributes {
  return {
    spend_12m: 30_000 + random.below(20_000),
    orders_12m: 2 + random.below(9),
    last_order_at: nowMs - (10 + random.below(60)) * dayMs,
    registered_at: nowMs - (500 + random.below(900)) * dayMs,
    complaints_6m: 0,
    overdue_days: 0,
    logins_30d: 1 + random.below(9),
    risk_score: 5 + random.below(30),
    birthday_at: nowMs - (40 + random.below(300)) * dayMs,
    region: random.pick(['华东', '华北', '华南']),
    is_company: false,
  };
}

function seasoned(attributes: CrmAttributes, { tag, wanted }: Seasoning, nowMs: number) {
  if (tag.criteria === null) return attributes;
  if (wanted === null) {
    const missing = attributeCodes(tag.criteria).map((code) => [code, null]);
    return { ...attributes, ...Object.fromEntries(missing) } as CrmAttributes;
  }
  const found = attributesWhere(tag.criteria, wanted, attributes, nowMs);
  if (found === null)
    throw new Error(`No customer can make the criteria of ${tag.code} ${wanted}.`);
  return found;
}

function attributeCodes(condition: Condition): readonly string[] {
  if (condition.kind === 'not') return attributeCodes(condition.condition);
  if ('conditions' in condition) return [...new Set(condition.conditions.flatMap(attributeCodes))];
  return [condition.attribute];
}

/** The same customer with as few attributes changed as make the condition so; tried out on values near its thresholds. */
function attributesWhere(
  condition: Condition,
  wanted: boolean,
  attributes: CrmAttributes,
  nowMs: number,
): CrmAttributes | null {
  let candidates: CrmAttributes[] = [attributes];
  for (const code of attributeCodes(condition)) {
    const values = valuesToTry(condition, code, nowMs);
    candidates = candidates.flatMap((candidate) => [
      candidate,
      ...values.map((value) => ({ ...candidate, [code]: value })),
    ]);
  }
  return candidates.find((candidate) => meets(condition, candidate, nowMs) === wanted) ?? null;
}

function valuesToTry(
  condition: Condition,
  code: string,
  nowMs: number,
): readonly (number | string | boolean)[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
    case 'at-least':
      return condition.conditions.flatMap((part) => valuesToTry(part, code, nowMs));
    case 'not':
      return valuesToTry(condition.condition, code, nowMs);
    case 'within-months':
      return condition.attribute === code
        ? [
            nowMs - (condition.months * 30 - 10) * dayMs,
            nowMs - (condition.months * 31 + 30) * dayMs,
          ]
        : [];
    case 'within-days':
      return condition.attribute === code
        ? [nowMs - (condition.days - 10) * dayMs, nowMs - (condition.days + 30) * dayMs]
        : [];
    case 'compare': {
      const { value } = condition;
      if (condition.attribute !== code) return [];
      if (typeof value === 'number') return [value, value - 1, value + 1];
      return typeof value === 'boolean' ? [true, false] : [value, `${value}以外`];
    }
  }
}
