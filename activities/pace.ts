import { setTimeout as delay } from 'node:timers/promises';

const secondMs = 1_000;

/**
 * Holds a source's limit: each call waits until so many customers may be written. Calls are made one after another.
 * null: no limit.
 */
export function createPace(input: {
  readonly perSecond: number | null;
  readonly signal: AbortSignal;
}): (customers: number) => Promise<void> {
  const { perSecond, signal } = input;
  let freeAtMs = 0;
  return async (customers) => {
    if (perSecond === null) return;
    const nowMs = performance.now();
    const waitMs = Math.max(0, freeAtMs - nowMs);
    freeAtMs = Math.max(freeAtMs, nowMs) + (customers / perSecond) * secondMs;
    if (waitMs > 0) await delay(waitMs, undefined, { signal });
  };
}
