const minuteMs = 60_000;
/** Nobody does more different things in a minute that are written down. */
const keysMax = 10_000;

/** How often the same has happened within its minute where this time is to be written down; null: it is not. */
export type CountRepetition = (key: string, nowMs: number) => number | null;

/**
 * Keeps whoever repeats something without end from filling the trail: the first `eachMax` times of a minute are written
 * one by one, then the tenfold of it, the hundredfold and so on, with how often it was by then.
 */
export function createRepetitionCount(eachMax: number): CountRepetition {
  let minute = 0;
  let counts = new Map<string, number>();
  return (key, nowMs) => {
    const current = Math.floor(nowMs / minuteMs);
    if (current !== minute || counts.size >= keysMax) counts = new Map();
    minute = current;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= eachMax) return count;
    const times = Math.log10(count / eachMax);
    return Number.isInteger(Math.round(times * 1e9) / 1e9) ? count : null;
  };
}
