import type { Warning } from './warning.ts';

/** Half-open stretch of time in epoch milliseconds. */
export interface Interval {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Round the clock: the only open interval of elapsed time. */
export const elapsedTime: readonly Interval[] = [{ fromMs: -Infinity, untilMs: Infinity }];

/**
 * The first instant by which `durationMs` of open time have passed since `startMs`. `open` is ordered and disjoint.
 * Null where it holds too little time. A deadline that falls on the end of an interval stays there and does not
 * move to the start of the next one.
 */
export function addOpenTime(
  startMs: number,
  durationMs: number,
  open: readonly Interval[],
): number | null {
  let leftMs = durationMs;
  for (const interval of open) {
    const fromMs = Math.max(interval.fromMs, startMs);
    const lengthMs = interval.untilMs - fromMs;
    if (lengthMs <= 0) continue;
    if (leftMs <= lengthMs) return fromMs + leftMs;
    leftMs -= lengthMs;
  }
  return null;
}

/** How much open time lies in the stretch, in milliseconds. */
export function openTimeIn(stretch: Interval, open: readonly Interval[]): number {
  let sumMs = 0;
  for (const interval of open) {
    const fromMs = Math.max(interval.fromMs, stretch.fromMs);
    const untilMs = Math.min(interval.untilMs, stretch.untilMs);
    if (untilMs > fromMs) sumMs += untilMs - fromMs;
  }
  return sumMs;
}

/** Instants at the given parts (0 to 1) of the open time between start and deadline, in order, each once. */
export function reminderInstants(
  stretch: Interval,
  fractions: readonly number[],
  open: readonly Interval[],
): readonly number[] {
  const totalMs = openTimeIn(stretch, open);
  const instants = fractions
    .filter((fraction) => fraction > 0 && fraction < 1)
    .map((fraction) => addOpenTime(stretch.fromMs, Math.round(totalMs * fraction), open))
    .filter((atMs): atMs is number => atMs !== null && atMs < stretch.untilMs);
  return [...new Set(instants)].sort((a, b) => a - b);
}

/** The parts of `a` that `b` does not cover. Both ordered and disjoint; so is the answer. */
export function subtractIntervals(
  a: readonly Interval[],
  b: readonly Interval[],
): readonly Interval[] {
  return a.flatMap((interval) => {
    const left: Interval[] = [];
    let { fromMs } = interval;
    for (const hole of b) {
      if (hole.untilMs <= fromMs || hole.fromMs >= interval.untilMs) continue;
      if (hole.fromMs > fromMs) left.push({ fromMs, untilMs: hole.fromMs });
      fromMs = hole.untilMs;
    }
    if (fromMs < interval.untilMs) left.push({ fromMs, untilMs: interval.untilMs });
    return left;
  });
}

/** The parts that both cover. Both ordered and disjoint; so is the answer. */
export function intersectIntervals(
  a: readonly Interval[],
  b: readonly Interval[],
): readonly Interval[] {
  return a.flatMap((one) =>
    b
      .map((other) => ({
        fromMs: Math.max(one.fromMs, other.fromMs),
        untilMs: Math.min(one.untilMs, other.untilMs),
      }))
      .filter((both) => both.fromMs < both.untilMs),
  );
}

/** One ordered, disjoint list of all of them; those that touch are joined. */
export function joinIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const ordered = intervals
    .filter((interval) => interval.fromMs < interval.untilMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  const joined: Interval[] = [];
  for (const interval of ordered) {
    const last = joined.at(-1);
    if (last === undefined || interval.fromMs > last.untilMs) {
      joined.push(interval);
    } else {
      joined[joined.length - 1] = {
        fromMs: last.fromMs,
        untilMs: Math.max(last.untilMs, interval.untilMs),
      };
    }
  }
  return joined;
}

export type Deadline = 'claim' | 'close';

/** Which deadlines have passed, missed or kept. */
export function pastDeadlines(
  warning: Pick<Warning, 'claimDueAtMs' | 'closeDueAtMs'>,
  nowMs: number,
): readonly Deadline[] {
  const past: Deadline[] = [];
  if (warning.claimDueAtMs <= nowMs) past.push('claim');
  if (warning.closeDueAtMs <= nowMs) past.push('close');
  return past;
}

/** Which deadlines are missed: to claim while nobody has it, to close while it is not closed. */
export function missedDeadlines(warning: Warning, nowMs: number): readonly Deadline[] {
  const { kind } = warning.state;
  if (kind === 'closed') return [];
  return pastDeadlines(warning, nowMs).filter(
    (deadline) => deadline === 'close' || kind === 'open',
  );
}
