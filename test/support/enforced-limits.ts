import type { RateLimit } from '../../bot/channel.ts';

/** Refuses like a platform what comes faster than its limits allow: a sliding window by when calls arrive. */
export function createEnforcedLimits(limits: readonly RateLimit[]) {
  const arrivals = new Map<string, number[]>();
  let refused = 0;

  /** 0: let in, and counted. Otherwise after how many milliseconds to come again. */
  function admit(
    call: Readonly<Record<'calls' | 'conversation' | 'message', string>>,
    nowMs: number,
  ): number {
    const applying = limits
      .filter((limit) => limit.calls === call.calls)
      .map((limit) => {
        const about = limit.per === 'app' ? '' : call[limit.per];
        return { limit, key: `${limit.calls} ${limit.count}/${limit.perMs} ${limit.per} ${about}` };
      });
    const waits = applying.map(({ limit, key }) => {
      const first = (arrivals.get(key) ?? []).at(-limit.count);
      return first === undefined ? 0 : first + limit.perMs - nowMs;
    });
    const waitMs = Math.max(0, ...waits);
    if (waitMs > 0) {
      refused += 1;
      return waitMs;
    }
    for (const { limit, key } of applying) {
      arrivals.set(key, [...(arrivals.get(key) ?? []), nowMs].slice(-limit.count));
    }
    return 0;
  }

  return { admit, refused: () => refused };
}
