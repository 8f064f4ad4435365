import { compareNumbers } from '../compare-numbers.ts';
import type { PopulationJumpRule } from '../rule.ts';
import { onDictionary } from './on-dictionary.ts';

/** Below so many counts a history says nothing. */
const historyMin = 5;
/** A level that was left again so often is one of the tag's usual ones. */
const returnsMin = 2;
/** 1 / Φ⁻¹(3/4): makes the median absolute deviation of normal data its standard deviation. */
const normalScale = 1.4826;

/**
 * A tag that suddenly many more, or many fewer, customers carry than ever: usually an import that went wrong.
 *
 * Parameters: `deviationsMax` (@default 3.5), `shareMin` (part of the usual number; @default 0.2), `customersMin`
 * (@default 50), `tagCodes` (@default [] every tag). All three limits have to be passed.
 *
 * Findings: each tag whose count differs from the median of its last full scans by more than the limits. The deviation is
 * the modified z-score: distance from the median over 1.4826 × the median absolute deviation, with 3.5 as its usual
 * limit (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). The scale is no less than the square root of
 * the median, what chance alone makes of a count. A history of fewer than five scans says nothing. Nor is a level a jump to
 * which the count went and from which it came back twice before, such as that of weekends; levels are the same up to
 * `shareMin`. A count that jumped and stays is told until the median has followed.
 *
 * Cost: sorting a few counts a tag.
 */
export const populationJump = onDictionary<PopulationJumpRule>(
  'population-jump',
  (rule, dictionary, facts) =>
    dictionary.tags
      .filter((tag) => rule.tagCodes.length === 0 || rule.tagCodes.includes(tag.code))
      .filter((tag) => {
        const history = facts.history.get(tag.id) ?? [];
        const count = facts.customers.get(tag.id) ?? 0;
        const jump = populationJumpOf(history, count);
        return (
          jump !== null &&
          jump.deviations > rule.deviationsMax &&
          Math.abs(jump.change) >= rule.customersMin &&
          Math.abs(jump.change) >= rule.shareMin * jump.usual &&
          returnsFrom(history, { count, shareMin: rule.shareMin }) < returnsMin
        );
      })
      .map((tag) => tag.id),
);

/** How often a count was at about this level and left it again. */
function returnsFrom(
  history: readonly number[],
  { count, shareMin }: { readonly count: number; readonly shareMin: number },
): number {
  const isThere = (value: number) => Math.abs(value - count) <= shareMin * count;
  return history.filter((value, scan) => {
    const next = history[scan + 1];
    return isThere(value) && next !== undefined && !isThere(next);
  }).length;
}

export interface PopulationJump {
  /** Median of the history. */
  readonly usual: number;
  /** Customers more (or, negative, fewer) than usual. */
  readonly change: number;
  /** How far out that is, always positive. */
  readonly deviations: number;
}

/** How far a count lies from its history; null where the history is too short to tell. */
export function populationJumpOf(history: readonly number[], count: number): PopulationJump | null {
  if (history.length < historyMin) return null;
  const usual = median(history);
  const spread = median(history.map((value) => Math.abs(value - usual)));
  const scale = Math.max(normalScale * spread, Math.sqrt(usual), 1);
  return { usual, change: count - usual, deviations: Math.abs(count - usual) / scale };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort(compareNumbers);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
