import type { AttemptCount } from '../db/stores/attempts.ts';

export interface RateLimit {
  /** Counts one more under a key, such as a token's hash; milliseconds to wait, 0: go on. */
  readonly waitMs: (key: string, nowMs: number) => number;
}

/** Adds what this process counted to what all of them did, and answers with the sums. */
export type ShareCounts = (counts: readonly AttemptCount[]) => Promise<readonly AttemptCount[]>;

interface Count {
  readonly windowStartedAtMs: number;
  /** Of all processes, as far as this one has heard. */
  shared: number;
  /** Of this process, which the others have not heard of. */
  own: number;
}

const keysMax = 10_000;
/** So long one process may not know of what the others let through. */
const shareEveryMs = 1_000;

/**
 * Counts by key in fixed windows of the clock, for all server processes together and without making anybody wait: what
 * came in goes to the others in one statement a second at most. So what all of them let through is over the limit by
 * no more than comes in within that second. While they can't be reached each counts for itself.
 */
export function createRateLimit(
  limit: { readonly attemptsMax: number; readonly windowMs: number },
  share: ShareCounts,
  onFailure: (error: unknown) => void,
): RateLimit {
  const counts = new Map<string, Count>();
  let sharedAtMs = Number.NEGATIVE_INFINITY;
  let isSharing = false;

  async function exchange(): Promise<void> {
    const sent = new Map(
      [...counts].filter(([, { own }]) => own > 0).map(([key, one]) => [key, { ...one }]),
    );
    const sums = await share(
      [...sent].map(([key, { windowStartedAtMs, own }]) => ({
        key,
        windowStartedAtMs,
        count: own,
      })),
    );
    for (const { key, windowStartedAtMs, count } of sums) {
      const one = counts.get(key);
      if (one?.windowStartedAtMs !== windowStartedAtMs) continue;
      one.shared = count;
      one.own -= sent.get(key)?.own ?? 0;
    }
  }

  function exchangeInTurn(nowMs: number): void {
    // A clock that was set back does not end it.
    if (isSharing || Math.abs(nowMs - sharedAtMs) < shareEveryMs) return;
    isSharing = true;
    sharedAtMs = nowMs;
    exchange()
      .catch(onFailure)
      .finally(() => {
        isSharing = false;
      });
  }

  function countOf(key: string, windowStartedAtMs: number): Count {
    const known = counts.get(key);
    if (known?.windowStartedAtMs === windowStartedAtMs) return known;
    // Put in anew, so that the first of the map is the one that was begun longest ago.
    counts.delete(key);
    const [oldest] = counts.keys();
    if (counts.size >= keysMax && oldest !== undefined) counts.delete(oldest);
    const fresh = { windowStartedAtMs, shared: 0, own: 0 };
    counts.set(key, fresh);
    return fresh;
  }

  return {
    waitMs: (key, nowMs) => {
      const one = countOf(key, nowMs - (nowMs % limit.windowMs));
      one.own += 1;
      exchangeInTurn(nowMs);
      return one.shared + one.own <= limit.attemptsMax
        ? 0
        : one.windowStartedAtMs + limit.windowMs - nowMs;
    },
  };
}
