import { Temporal } from 'temporal-polyfill';
import type { Condition } from '../../domain/condition.ts';
import { marketingSourceCode } from './marketing.ts';
import type { Configuration, RuleDefinition, TagDefinition } from '../../domain/configuration.ts';
import { isWithin } from '../../domain/person.ts';
import { usingDepartments } from '../../domain/rights.ts';

export type CrmAttributes = Readonly<Record<string, number | string | boolean | null>>;

/** What a configuration demands of a customer's tags, laid out for making many customers. Tags are places in `tags`. */
export interface Rulebook {
  readonly configuration: Configuration;
  readonly rules: readonly RuleDefinition[];
  readonly tags: readonly TagDefinition[];
  place(tagCode: string): number;
  /** May not stand together by any rule. */
  conflict(a: number, b: number): boolean;
  /** Days before a time-based rule finds it; Infinity where none does. */
  readonly daysMax: readonly number[];
  /** Found where its criteria are false. */
  readonly mustMeetCriteria: readonly boolean[];
  /** Found where its criteria are true and it is not there. */
  readonly mandatory: readonly { readonly place: number; readonly condition: Condition }[];
  /** Places of the tags it must not be without. */
  readonly needs: readonly (readonly number[])[];
  /** Whether no rule minds this actor of the CRM putting the tag on. */
  mayPutOn(place: number, actor: string): boolean;
  /** Tags that no rule of calling, choosing one or rights is about. */
  readonly carefree: readonly boolean[];
  /** Active tags; the others are found wherever they are. */
  readonly usable: readonly boolean[];
  readonly tagsMax: number;
  readonly temporaryTagsMax: number;
  /** Whether there is a marketing platform beside the CRM. */
  readonly hasMarketing: boolean;
  /** The source that a rule takes as right on a tag; null: the rule is not about it, or nobody is. */
  masterOf(rule: MismatchRule, tagCode: string): string | null;
}

type MismatchRule = Extract<RuleDefinition, { kind: 'mismatch' }>;

export function createRulebook(configuration: Configuration): Rulebook {
  const { tags, sources } = configuration;
  const rules = configuration.rules.filter((rule) => rule.enabled);
  const places = new Map(tags.map((tag, index) => [tag.code, index]));
  const place = (code: string) => {
    const found = places.get(code);
    if (found === undefined) throw new Error(`The sample configuration has no tag "${code}".`);
    return found;
  };
  const matrix = new Uint8Array(tags.length * tags.length);
  const siblings = rules.flatMap((rule) => siblingPairs(rule, tags));
  for (const [a, b] of [...rules.flatMap(conflictingPairs), ...siblings]) {
    matrix[place(a) * tags.length + place(b)] = 1;
    matrix[place(b) * tags.length + place(a)] = 1;
  }
  const needed = rules.flatMap((rule) => neededPairs(rule, configuration));
  const rightsRules = rules.filter((rule) => rule.kind === 'scope' || rule.kind === 'sensitivity');
  const cared = new Set([
    ...siblings.flat(),
    ...needed.map(([code]) => code),
    ...rightsRules.flatMap((rule) => tagsWithRights(rule, configuration)),
  ]);
  const rightsOf = new Map<string, boolean>();
  const mayPutOnAt = (at: number, actor: string) => {
    const key = `${at}/${actor}`;
    const code = tags[at]?.code ?? '';
    const known =
      rightsOf.get(key) ?? rightsRules.every((rule) => mayPutOn(rule, code, actor, configuration));
    rightsOf.set(key, known);
    return known;
  };
  const criteriaRules = rules.filter((rule) => rule.kind === 'criteria');
  return {
    configuration,
    rules,
    tags,
    place,
    conflict: (a, b) => matrix[a * tags.length + b] === 1,
    daysMax: tags.map((tag) => Math.min(...rules.map((rule) => daysAllowed(rule, tag)))),
    mustMeetCriteria: tags.map((tag) =>
      criteriaRules.some((rule) => rule.tagCode === tag.code && rule.direction !== 'missing'),
    ),
    mandatory: criteriaRules.flatMap((rule) => {
      const tag = tags[place(rule.tagCode)];
      return rule.direction === 'unmet' || tag?.status !== 'active' || tag.criteria === null
        ? []
        : [{ place: place(rule.tagCode), condition: tag.criteria }];
    }),
    needs: tags.map((tag) =>
      needed.filter(([code]) => code === tag.code).map(([, other]) => place(other)),
    ),
    mayPutOn: mayPutOnAt,
    carefree: tags.map((tag) => !cared.has(tag.code)),
    usable: tags.map((tag) => tag.status === 'active'),
    tagsMax: smallest(rules.map((rule) => (rule.kind === 'overload' ? rule.tagsMax : null))),
    temporaryTagsMax: smallest(
      rules.map((rule) => (rule.kind === 'overload' ? rule.temporaryTagsMax : null)),
    ),
    hasMarketing: sources.some((source) => source.code === marketingSourceCode),
    masterOf: (rule, tagCode) =>
      rule.tagCodes.length === 0 || rule.tagCodes.includes(tagCode)
        ? (sources.find((source) => source.masterTagCodes.includes(tagCode))?.code ?? null)
        : null,
  };
}

/** Pairs of tags of which the first must not stand without the second by a rule. */
export function neededPairs(
  rule: RuleDefinition,
  { tags, relations }: Configuration,
): readonly (readonly [string, string])[] {
  if (rule.kind !== 'implied') return [];
  const pairs = [
    ...tags.map((tag) => [tag.code, tag.parentCode] as const),
    ...relations
      .filter((relation) => relation.kind === 'implies')
      .map((relation) => [relation.fromCode, relation.toCode] as const),
  ];
  const isActive = (code: string) =>
    tags.some((tag) => tag.code === code && tag.status === 'active');
  const told = new Set<string>();
  return pairs.flatMap(([code, needed]) => {
    const isWanted = rule.tagCodes === null || rule.tagCodes.includes(code);
    if (needed === null || !isWanted || !isActive(needed)) return [];
    if (told.has(`${code}/${needed}`)) return [];
    told.add(`${code}/${needed}`);
    return [[code, needed] as const];
  });
}

/** Pairs of sub tags of which a customer may have only one by a rule. */
export function siblingPairs(
  rule: RuleDefinition,
  tags: readonly TagDefinition[],
): readonly (readonly [string, string])[] {
  if (rule.kind !== 'implied') return [];
  return rule.singleChoiceCodes.flatMap((main) =>
    pairsOf(tags.filter((tag) => tag.parentCode === main).map((tag) => tag.code)),
  );
}

type RightsRule = Extract<RuleDefinition, { kind: 'scope' | 'sensitivity' }>;

export function tagsWithRights(rule: RightsRule, { tags }: Configuration): readonly string[] {
  return tags
    .filter((tag) =>
      rule.tagCodes.length > 0
        ? rule.tagCodes.includes(tag.code)
        : rule.kind === 'scope' || tag.sensitive,
    )
    .filter((tag) => rule.kind === 'sensitivity' || tag.departmentCodes.length > 0)
    .map((tag) => tag.code);
}

/** Whether a rule has nothing against this name of the CRM putting a tag on. */
export function mayPutOn(
  rule: RightsRule,
  tagCode: string,
  actor: string | null,
  configuration: Configuration,
): boolean {
  const tag = configuration.tags.find((candidate) => candidate.code === tagCode);
  if (tag === undefined || actor === null) return true;
  if (!tagsWithRights(rule, configuration).includes(tagCode)) return true;
  const person = configuration.people.find(({ name }) => name['zh-CN'] === actor);
  if (rule.kind === 'scope') {
    return person === undefined || isWithin(person, tag.departmentCodes);
  }
  const owner = configuration.people.find(({ code }) => code === tag.ownerCode);
  const departments =
    rule.departmentCodes.length > 0
      ? rule.departmentCodes
      : usingDepartments(tag, owner?.departmentCode);
  const isOfDepartment =
    person !== undefined && (departments === null || isWithin(person, departments));
  return rule.actorNames.includes(actor) || person?.code === tag.ownerCode || isOfDepartment;
}

/** Pairs of tag codes that a rule finds on one customer. */
export function conflictingPairs(rule: RuleDefinition): readonly (readonly [string, string])[] {
  if (rule.kind === 'dominance') {
    return rule.dominatedCodes.map((code) => [code, rule.dominantCode] as const);
  }
  if (rule.kind === 'synonym') return pairsOf([rule.canonicalCode, ...rule.synonymCodes]);
  if (rule.kind !== 'exclusive') return [];
  const isAllowed = (a: string, b: string) =>
    rule.allowedPairs.some((pair) => pair.includes(a) && pair.includes(b));
  return pairsOf(rule.tagCodes).filter(([a, b]) => !isAllowed(a, b));
}

function pairsOf(codes: readonly string[]): readonly (readonly [string, string])[] {
  return codes.flatMap((a, index) => codes.slice(index + 1).map((b) => [a, b] as const));
}

function daysAllowed(rule: RuleDefinition, tag: TagDefinition): number {
  if (rule.kind !== 'time-to-live' && rule.kind !== 'stale') return Infinity;
  if (rule.tagCodes.length > 0 && !rule.tagCodes.includes(tag.code)) return Infinity;
  return (rule.kind === 'stale' ? tag.confirmEveryDays : tag.lifeDays) ?? Infinity;
}

function smallest(limits: readonly (number | null)[]): number {
  return Math.min(...limits.map((limit) => limit ?? Infinity));
}

const dayMs = 86_400_000;

/** true, false, or null where an attribute that decides is missing. */
export function meets(
  condition: Condition,
  attributes: CrmAttributes,
  nowMs: number,
): boolean | null {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const decisive = condition.kind === 'any';
      const answers = condition.conditions.map((part) => meets(part, attributes, nowMs));
      if (answers.includes(decisive)) return decisive;
      return answers.includes(null) ? null : !decisive;
    }
    case 'not': {
      const answer = meets(condition.condition, attributes, nowMs);
      return answer === null ? null : !answer;
    }
    case 'at-least': {
      const answers = condition.conditions.map((part) => meets(part, attributes, nowMs));
      const met = answers.filter((answer) => answer === true).length;
      if (met >= condition.count) return true;
      const open = answers.filter((answer) => answer === null).length;
      return met + open >= condition.count ? null : false;
    }
    case 'within-months': {
      const atMs = attributes[condition.attribute];
      if (typeof atMs !== 'number') return null;
      const last = Temporal.Instant.fromEpochMilliseconds(atMs)
        .toZonedDateTimeISO('UTC')
        .add({ months: condition.months });
      return atMs <= nowMs && nowMs <= last.epochMilliseconds;
    }
    case 'within-days': {
      const atMs = attributes[condition.attribute];
      if (typeof atMs !== 'number') return null;
      return atMs <= nowMs && nowMs <= atMs + condition.days * dayMs;
    }
    case 'compare': {
      const found = attributes[condition.attribute] ?? null;
      if (found === null) return null;
      const { operator, value } = condition;
      if (operator === '=') return found === value;
      if (operator === '!=') return found !== value;
      if (operator === '<') return found < value;
      if (operator === '<=') return found <= value;
      return operator === '>' ? found > value : found >= value;
    }
  }
}
