import type { RuleDefinition } from './configuration.ts';
import { judgeRule, type RuleDecisions } from './rule-performance.ts';
import { editRule } from './requests/rule-edit.ts';
import { learnedDays, learnedLimit, type LearnedDays, type Reached } from './learned-limit.ts';
import type { Tag } from './tag.ts';

/** What people made of one closed warning of a rule. */
export interface RuleDecision {
  /** Fixed; else dismissed because the rule was wrong. */
  readonly right: boolean;
  /** Codes of the two tags of each of its combinations. */
  readonly pairs: readonly TagPair[];
}

export type TagPair = readonly [string, string];

/** The rule as it had better be, or what had better be the days of a tag that it looks at. */
export type LearnedChange =
  | { readonly kind: 'rule'; readonly after: RuleDefinition; readonly record: RuleDecisions }
  | {
      readonly kind: 'tag';
      readonly code: string;
      readonly after: LearnedDays;
      readonly record: RuleDecisions;
    };

/** Pairs excepted in one proposal; a rule that is wrong about more of them is wrong altogether. */
const pairsMax = 5;

/** Whether a rule's decisions lie surely under the floor. */
export function isWrongTooOften(
  decisions: readonly RuleDecision[],
  precisionFloor: number,
): boolean {
  return judgeRule(recordOf(decisions), precisionFloor).kind === 'doubtful';
}

/**
 * What had better become of a rule whose decisions lie surely under the floor: the pairs of tags that it is wrong
 * about may stand together, or its limit or the days of one of its tags be others, where the rest of it then holds; else
 * it goes off. Null where nothing speaks against it.
 */
export function learnedChange(
  rule: RuleDefinition,
  decisions: readonly RuleDecision[],
  { precisionFloor, reached, tags }: Learner,
): LearnedChange | null {
  if (!isWrongTooOften(decisions, precisionFloor)) return null;
  const record = recordOf(decisions);
  const limited = learnedLimit(rule, reached, precisionFloor);
  if (limited !== null) return { kind: 'rule', after: limited, record };
  const days = learnedDays(rule, reached, { tags, precisionFloor });
  if (days !== null) return { kind: 'tag', ...days };
  const after = withoutWrongPairs(rule, decisions, precisionFloor) ?? { ...rule, enabled: false };
  return { kind: 'rule', after, record };
}

/** What is known besides the decisions themselves. */
interface Learner {
  readonly precisionFloor: number;
  /** How far the rule's decided warnings went, where that can be told. */
  readonly reached: readonly Reached[];
  readonly tags: readonly Tag[];
}

function withoutWrongPairs(
  rule: RuleDefinition,
  decisions: readonly RuleDecision[],
  precisionFloor: number,
): RuleDefinition | null {
  let edited = rule;
  let rest = decisions;
  for (let count = 0; count < pairsMax; count += 1) {
    const pair = worstPair(rest, precisionFloor);
    const next = pair === null ? null : editRule(edited, { kind: 'allow-pair', pair });
    if (pair === null || next === null || !hasPairsLeft(next)) return null;
    edited = next;
    rest = rest.filter(({ pairs }) => !pairs.some((one) => isSamePair(one, pair)));
    if (judgeRule(recordOf(rest), precisionFloor).kind !== 'doubtful') return edited;
  }
  return null;
}

/** The pair with most wrong decisions, of those that are surely wrong too often. */
function worstPair(decisions: readonly RuleDecision[], precisionFloor: number): TagPair | null {
  const byPair = new Map<string, { readonly pair: TagPair; readonly decisions: RuleDecision[] }>();
  for (const decision of decisions) {
    for (const pair of decision.pairs) {
      const key = pair.toSorted().join(' ');
      const known = byPair.get(key) ?? { pair, decisions: [] };
      known.decisions.push(decision);
      byPair.set(key, known);
    }
  }
  const [worst] = [...byPair.values()]
    .map((one) => ({ pair: one.pair, record: recordOf(one.decisions) }))
    .filter(({ record }) => judgeRule(record, precisionFloor).kind === 'doubtful')
    .sort((one, other) => other.record.wrong - one.record.wrong);
  return worst?.pair ?? null;
}

/** A rule that would find nothing any more is better turned off. */
function hasPairsLeft(rule: RuleDefinition): boolean {
  if (rule.kind !== 'exclusive') return true;
  const { length } = rule.tagCodes;
  return rule.allowedPairs.length < (length * (length - 1)) / 2;
}

function recordOf(decisions: readonly RuleDecision[]): RuleDecisions {
  const right = decisions.filter((decision) => decision.right).length;
  return { right, wrong: decisions.length - right };
}

function isSamePair([one, other]: TagPair, pair: TagPair): boolean {
  return pair.includes(one) && pair.includes(other);
}
