import type { AttributeType, Condition } from './condition.ts';
import { emptyCustomer } from './customer.ts';
import { explainCondition, type ConditionPart } from './detect/explain.ts';
import { tagIndex, type Dictionary } from './dictionary.ts';
import type { LocalizedText } from './locale.ts';
import { disagreement } from './rules/mismatch.ts';
import type { Rule } from './rule.ts';

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
    };

/** What is looked at of a customer; the tag arrays are parallel, all ids the mirror's. */
export interface ReasonedCustomer {
  readonly tagIds: readonly number[];
  readonly sourceIds: readonly number[];
  readonly presentIn: readonly number[];
  readonly numbers: readonly (number | null)[];
  readonly texts: readonly (string | null)[];
}

/** Criteria with more parts than this are told by their first ones. */
const reasonsMax = 4;

/** Why a rule finds a tag on, or missing from, a customer as they are at `nowSeconds`; empty where the tags say it all. */
export function findingReasons(
  rule: Rule,
  tagId: number,
  customer: ReasonedCustomer,
  context: {
    readonly dictionary: Dictionary;
    readonly nowSeconds: number;
    readonly sourceName: (sourceId: number) => LocalizedText;
  },
): readonly FindingReason[] {
  if (rule.kind === 'mismatch') return whoDisagrees(rule, tagId, customer, context);
  if (rule.kind !== 'criteria') return [];
  const { dictionary, nowSeconds } = context;
  const criteria = tagIndex(dictionary).byId.get(tagId)?.criteria ?? null;
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
  context: {
    readonly dictionary: Dictionary;
    readonly sourceName: (sourceId: number) => LocalizedText;
  },
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
