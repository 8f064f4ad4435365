import { setTimeout as sleep } from 'node:timers/promises';

/** Lets one loop wait until somebody rings. What rings between two waits is not lost. */
export function createBell() {
  let hasRung = false;
  let wake = (): void => {};

  return {
    ring: (): void => {
      hasRung = true;
      wake();
    },
    wait: async (bounds: { readonly atLeastMs: number; readonly atMostMs: number }) => {
      if (!hasRung && bounds.atMostMs > 0) {
        const timer = new AbortController();
        const rung = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const timeUp = sleep(bounds.atMostMs, undefined, { signal: timer.signal }).catch(() => {});
        await Promise.race([rung, timeUp]);
        timer.abort();
      }
      // Several who ring together are answered together.
      await sleep(hasRung ? 0 : bounds.atLeastMs);
      hasRung = false;
    },
  };
}
