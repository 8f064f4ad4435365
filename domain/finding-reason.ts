import { assertNever } from './assert-never.ts';
import type { AttributeType, Condition } from './condition.ts';
import { emptyCustomer } from './customer.ts';
import { explainCondition, type ConditionPart } from './detect/explain.ts';
import { tagIndex, type Actor, type Dictionary } from './dictionary.ts';
import type { Locale, LocalizedText } from './locale.ts';
import type { OwnerFault } from './owner-fault.ts';
import { isWithin } from './person.ts';
import { disagreement } from './rules/mismatch.ts';
import { mayPutOn } from './rules/sensitivity.ts';
import type { OverloadRule, Rule } from './rule.ts';

/** What makes a finding one besides the tags that stand on the customer. */
export type FindingReason =
  /** What the customer has of an attribute that decided, and what the criteria ask of it. */
  | {
      readonly kind: 'attribute';
      readonly name: LocalizedText;
      readonly type: AttributeType;
      /** Dates are epoch milliseconds, booleans 0 and 1; null: the source does not say. */
      readonly found: number | string | null;
      readonly condition: ConditionPart['condition'];
      /** The criteria ask for the opposite of the condition. */
      readonly isNegated: boolean;
    }
  /** Systems that have the customer and not the tag: the master itself, or others that do not follow it. */
  | {
      readonly kind: 'disagreement';
      readonly isMaster: boolean;
      readonly lacking: readonly LocalizedText[];
      readonly master: LocalizedText;
    }
  /** The tag's life is over. */
  | { readonly kind: 'expired'; readonly days: number; readonly endedAtMs: number }
  /** Nobody has confirmed the tag for longer than it allows. */
  | { readonly kind: 'unconfirmed'; readonly days: number; readonly confirmedAtMs: number }
  /** More different tags than the rule allows. */
  | {
      readonly kind: 'too-many';
      readonly of: 'tags' | 'temporary-tags';
      readonly count: number;
      readonly max: number;
    }
  /** Who put the tag on and may not; `department` null: nobody on the list of people. */
  | {
      readonly kind: 'outsider';
      readonly actor: string;
      readonly department: LocalizedText | null;
    }
  /** The tag of the dictionary is not defined in a language, or not worth the name. */
  | { readonly kind: 'definition'; readonly locale: Locale; readonly text: string }
  /** Nobody answers for the tag; `owner` is the code of nobody known. */
  | { readonly kind: 'owner'; readonly owner: LocalizedText | string; readonly fault: OwnerFault }
  /** Who carries the tag; `sinceMs` is when the dictionary took it in, null where that is unknown. */
  | { readonly kind: 'unused'; readonly customers: number; readonly sinceMs: number | null }
  /** The tag's number of customers and what is usual. */
  | { readonly kind: 'jump'; readonly usual: number; readonly customers: number };

/** What is looked at of a customer; the tag arrays are parallel, all ids the mirror's. */
export interface ReasonedCustomer {
  readonly tagIds: readonly number[];
  readonly sourceIds: readonly number[];
  /** NaN where the source does not say. */
  readonly sinceSeconds: readonly number[];
  /** As the source names them; null where it does not say. */
  readonly actors: readonly (string | null)[];
  readonly presentIn: readonly number[];
  readonly numbers: readonly (number | null)[];
  readonly texts: readonly (string | null)[];
}

/** Criteria with more parts than this are told by their first ones. */
const reasonsMax = 4;
const daySeconds = 86_400;

interface ReasonContext {
  readonly dictionary: Dictionary;
  readonly nowSeconds: number;
  readonly sourceName: (sourceId: number) => LocalizedText;
  readonly departmentName: (code: string) => LocalizedText;
}

/** Why a rule finds a tag on, or missing from, a customer as they are at `nowSeconds`; empty where the tags say it all. */
export function findingReasons(
  rule: Rule,
  tagId: number,
  customer: ReasonedCustomer,
  context: ReasonContext,
): readonly FindingReason[] {
  const tag = tagIndex(context.dictionary).byId.get(tagId);
  switch (rule.kind) {
    case 'criteria':
      return whatDecides(tag?.criteria ?? null, tagId, customer, context);
    case 'mismatch':
      return whoDisagrees(rule, tagId, customer, context);
    case 'time-to-live':
      return sinceWhen(tagId, customer).flatMap((since) =>
        endOf(Math.min(...since), tag?.lifeDays ?? null, context).map(
          ({ days, endSeconds }): FindingReason => ({
            kind: 'expired',
            days,
            endedAtMs: endSeconds * 1000,
          }),
        ),
      );
    case 'stale':
      return sinceWhen(tagId, customer).flatMap((since) =>
        endOf(Math.max(...since), tag?.confirmEveryDays ?? null, context).map(
          ({ days }): FindingReason => ({
            kind: 'unconfirmed',
            days,
            confirmedAtMs: Math.max(...since) * 1000,
          }),
        ),
      );
    case 'overload':
      return howMany(rule, customer, context.dictionary);
    case 'scope':
      return tag === undefined
        ? []
        : whoMayNot(tagId, customer, context, ({ person }) =>
            person === null ? null : isWithin(person, tag.departmentCodes),
          );
    case 'sensitivity':
      return tag === undefined
        ? []
        : whoMayNot(tagId, customer, context, (actor) =>
            mayPutOn(rule, tag, actor, context.dictionary),
          );
    case 'exclusive':
    case 'dominance':
    case 'synonym':
    case 'unknown':
    case 'deprecated':
    case 'implied':
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      return [];
    default:
      return assertNever(rule);
  }
}

/** When each source has the tag from, of those that say; empty where none does. */
function sinceWhen(tagId: number, customer: ReasonedCustomer): readonly (readonly number[])[] {
  const since = customer.sinceSeconds.filter(
    (seconds, index) => customer.tagIds[index] === tagId && !Number.isNaN(seconds),
  );
  return since.length === 0 ? [] : [since];
}

/** When so many days from an instant are over; empty where they are not. */
function endOf(
  sinceSeconds: number,
  days: number | null,
  { nowSeconds }: ReasonContext,
): readonly { readonly days: number; readonly endSeconds: number }[] {
  if (days === null) return [];
  const endSeconds = sinceSeconds + days * daySeconds;
  return nowSeconds < endSeconds ? [] : [{ days, endSeconds }];
}

function howMany(
  rule: OverloadRule,
  customer: ReasonedCustomer,
  dictionary: Dictionary,
): readonly FindingReason[] {
  const { byId } = tagIndex(dictionary);
  const tagIds = [...new Set(customer.tagIds)];
  const temporary = tagIds.filter((tagId) => byId.get(tagId)?.level === 'temporary');
  const counts = [
    { of: 'tags', count: tagIds.length, max: rule.tagsMax },
    { of: 'temporary-tags', count: temporary.length, max: rule.temporaryTagsMax },
  ] as const;
  return counts.flatMap(({ of, count, max }): FindingReason[] =>
    max !== null && count > max ? [{ kind: 'too-many', of, count, max }] : [],
  );
}

/** Who put a tag on without being allowed to; `may` answers null where that cannot be told. */
function whoMayNot(
  tagId: number,
  customer: ReasonedCustomer,
  { dictionary, departmentName }: ReasonContext,
  may: (actor: Actor) => boolean | null,
): readonly FindingReason[] {
  const names = new Set(customer.actors.filter((_, index) => customer.tagIds[index] === tagId));
  return (dictionary.origins?.actors ?? [])
    .filter((actor) => names.has(actor.name) && may(actor) === false)
    .map(({ name, person }) => ({
      kind: 'outsider',
      actor: name,
      department: person === null ? null : departmentName(person.departmentCode),
    }));
}

function whatDecides(
  criteria: Condition | null,
  tagId: number,
  customer: ReasonedCustomer,
  { dictionary, nowSeconds }: ReasonContext,
): readonly FindingReason[] {
  if (criteria === null) return [];
  const { attributes } = dictionary;
  const facts = {
    ...emptyCustomer(),
    numbers: Float64Array.from(customer.numbers, (value) => value ?? Number.NaN),
    texts: [...customer.texts],
  };
  const { answer, because } = explainCondition(criteria, attributes, facts, nowSeconds);
  const isThere = customer.tagIds.includes(tagId);
  // Time or a newer reading has made it another answer than the one that was found.
  if (answer !== (isThere ? 'false' : 'true')) return [];
  const told = because.map((part) => ({ part, isNegated: part.answer !== answer }));
  const unknown = leaves(criteria)
    .map((leaf) => explainCondition(leaf, attributes, facts, nowSeconds).because[0])
    .filter((part) => part !== undefined)
    .filter((part) => part.answer === 'unknown' && part.found === null)
    .map((part) => ({ part, isNegated: false }));
  const seen = new Set<string>();
  return [...told, ...unknown]
    .flatMap(({ part, isNegated }): FindingReason[] => {
      const attribute = attributes.find(({ code }) => code === part.condition.attribute);
      const key = JSON.stringify([part.condition, isNegated]);
      if (attribute === undefined || seen.has(key)) return [];
      seen.add(key);
      const { name, type } = attribute;
      const { found, condition } = part;
      return [{ kind: 'attribute', name, type, found, condition, isNegated }];
    })
    .slice(0, reasonsMax);
}

function leaves(condition: Condition): readonly Condition[] {
  if (condition.kind === 'not') return leaves(condition.condition);
  return 'conditions' in condition ? condition.conditions.flatMap(leaves) : [condition];
}

function whoDisagrees(
  rule: Extract<Rule, { kind: 'mismatch' }>,
  tagId: number,
  customer: ReasonedCustomer,
  context: ReasonContext,
): readonly FindingReason[] {
  const found = disagreement(rule, context.dictionary, tagId, {
    presentIn: customer.presentIn,
    reportedBy: customer.sourceIds.filter((_, index) => customer.tagIds[index] === tagId),
  });
  if (found === null) return [];
  return [
    {
      kind: 'disagreement',
      isMaster: found.lackingIds.includes(found.masterId),
      lacking: found.lackingIds.map(context.sourceName),
      master: context.sourceName(found.masterId),
    },
  ];
}
