import type { RuleDefinition } from './configuration.ts';
import { editRule } from './requests/rule-edit.ts';
import { judgeRule, type RuleDecisions } from './rule-performance.ts';
import type { Tag } from './tag.ts';

/** How far a decided warning of a rule with a limit went. */
export interface Reached {
  /** Fixed; else dismissed because the rule was wrong. */
  readonly right: boolean;
  /** The tag that it was about; null: about how many tags there are. */
  readonly tagCode: string | null;
  /** Different tags on the customer with most of them, or the tag's most days since it was put on; null: not known any more. */
  readonly value: number | null;
}

export type LearnedDays = { readonly lifeDays: number } | { readonly confirmEveryDays: number };

/** A limit that had to be so many times what it is would be no limit. */
const limitTimesMax = 2;
const daysTimesMax = 4;
/** The part of what a new limit loses that was right lies surely under this. */
const lostRightMax = 0.5;
/** The part of the wrong warnings that longer days have to spare people. */
const sparedShare = 0.9;
/** People count months: longer periods are whole ones. */
const monthDays = 30;

/**
 * The rule with the limit of tags by which most warnings would have been told or spared rightly, of those that leave it
 * right often enough and lose what was surely more often wrong than right; null where there is none. A warning of
 * which it is not known how far it went is taken as one that the new limit loses.
 */
export function learnedLimit(
  rule: RuleDefinition,
  reached: readonly Reached[],
  precisionFloor: number,
): RuleDefinition | null {
  if (rule.kind !== 'overload') return null;
  const present = rule.tagsMax ?? rule.temporaryTagsMax;
  if (present === null) return null;
  const wrong = reached.flatMap(({ right, value }) => (right || value === null ? [] : [value]));
  const limits = [...new Set(wrong)].sort((a, b) => a - b);
  let best: { readonly limit: number; readonly mistakes: number } | null = null;
  for (const limit of limits) {
    if (limit <= present || limit > limitTimesMax * present) continue;
    const isKept = ({ value }: Reached) => value !== null && value > limit;
    const lost = recordOf(reached.filter((one) => !isKept(one)));
    const kept = recordOf(reached.filter(isKept));
    const mistakes = lost.right + kept.wrong;
    const isSound =
      judgeRule(lost, lostRightMax).kind === 'doubtful' &&
      judgeRule(kept, precisionFloor).kind !== 'doubtful';
    if (isSound && (best === null || mistakes < best.mistakes)) best = { limit, mistakes };
  }
  return best === null ? null : editRule(rule, { kind: 'threshold', value: best.limit });
}

/**
 * Longer days of the tag that a rule of time is wrong about most, so that nine of ten wrong warnings had come later than
 * they were decided; null where no tag is surely wrong too often or it would take too long. Longer days lose
 * nothing that is right: it is found later.
 */
export function learnedDays(
  rule: RuleDefinition,
  reached: readonly Reached[],
  { tags, precisionFloor }: { readonly tags: readonly Tag[]; readonly precisionFloor: number },
): {
  readonly code: string;
  readonly after: LearnedDays;
  readonly record: RuleDecisions;
} | null {
  if (rule.kind !== 'stale' && rule.kind !== 'time-to-live') return null;
  const part = rule.kind === 'stale' ? 'confirmEveryDays' : 'lifeDays';
  const found = tags.flatMap((tag) => {
    const present = tag[part];
    const ofTag = reached.filter(({ tagCode }) => tagCode === tag.code);
    const record = recordOf(ofTag);
    if (present === null || judgeRule(record, precisionFloor).kind !== 'doubtful') return [];
    const ages = ofTag.flatMap(({ right, value }) => (right || value === null ? [] : [value]));
    const days = sparingDays(ages);
    if (days === null || days <= present || days > daysTimesMax * present) return [];
    const after = part === 'lifeDays' ? { lifeDays: days } : { confirmEveryDays: days };
    return [{ code: tag.code, after, record }];
  });
  return found.sort((one, other) => other.record.wrong - one.record.wrong)[0] ?? null;
}

/** Whole months after which most of these would have been found; null where there are none. */
function sparingDays(ages: readonly number[]): number | null {
  const sorted = [...ages].sort((a, b) => a - b);
  const last = sorted[Math.ceil(sparedShare * sorted.length) - 1];
  return last === undefined ? null : Math.ceil((last + 1) / monthDays) * monthDays;
}

function recordOf(reached: readonly Reached[]): RuleDecisions {
  const right = reached.filter((one) => one.right).length;
  return { right, wrong: reached.length - right };
}
