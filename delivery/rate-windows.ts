import type { RateLimit } from '../bot/channel.ts';

/** One call to a platform. */
export interface PlatformCall {
  readonly calls: RateLimit['calls'];
  readonly conversation: string;
  /** Null for a post. */
  readonly message: string | null;
}

/** Calls reach the platform at other intervals than they leave us: so much longer, at most, every stretch is taken. */
const marginShare = 0.1;
const marginMsMax = 250;
/** Keys that are remembered before those of the past are forgotten. */
const keysMax = 10_000;

/**
 * Keeps calls within a platform's limits: of any stretch of `perMs` no more than `count` calls, which no platform's
 * way of counting exceeds (fixed windows, sliding windows or buckets).
 */
export function createRateWindows(limits: readonly RateLimit[]) {
  const instants = new Map<string, number[]>();
  const pausedUntilMs = new Map<string, number>();

  const ofCall = (call: PlatformCall) => limits.filter((limit) => limit.calls === call.calls);

  /** 0: now. */
  function waitMs(call: PlatformCall, nowMs: number): number {
    const waits = ofCall(call).map((limit) => {
      const known = instants.get(keyOf(limit, call)) ?? [];
      const first = known.at(-limit.count);
      return first === undefined ? 0 : first + stretchMs(limit) - nowMs;
    });
    const pauses = pauseKeys(call).map((key) => (pausedUntilMs.get(key) ?? 0) - nowMs);
    return Math.max(0, ...waits, ...pauses);
  }

  /** Counts a call that begins. Its end is counted again where one call at a time goes out: platforms count arrivals. */
  function note(call: PlatformCall, moment: 'begin' | 'end', atMs: number): void {
    for (const limit of ofCall(call)) {
      if ((limit.per === 'app') !== (moment === 'begin')) continue;
      const key = keyOf(limit, call);
      if (!instants.has(key) && instants.size >= keysMax) forget(atMs);
      instants.set(key, [...(instants.get(key) ?? []), atMs].slice(-limit.count));
    }
  }

  /** Nothing was called after all: what was counted as its beginning is not. */
  function takeBack(call: PlatformCall, begunAtMs: number): void {
    for (const limit of ofCall(call)) {
      if (limit.per !== 'app') continue;
      const key = keyOf(limit, call);
      const known = instants.get(key) ?? [];
      const index = known.lastIndexOf(begunAtMs);
      if (index >= 0) instants.set(key, known.toSpliced(index, 1));
    }
  }

  function forget(nowMs: number): void {
    const longestMs = Math.max(...limits.map(stretchMs));
    for (const [key, known] of instants) {
      if ((known.at(-1) ?? 0) + longestMs <= nowMs) instants.delete(key);
    }
    for (const [key, untilMs] of pausedUntilMs) if (untilMs <= nowMs) pausedUntilMs.delete(key);
  }

  /** The platform asked for quiet. */
  function pause(call: PlatformCall, scope: 'app' | 'conversation', untilMs: number): void {
    const [app, conversation] = pauseKeys(call);
    const key = scope === 'app' ? app : conversation;
    if (key !== undefined) pausedUntilMs.set(key, Math.max(untilMs, pausedUntilMs.get(key) ?? 0));
  }

  return { waitMs, note, takeBack, pause };
}

function stretchMs({ perMs }: RateLimit): number {
  return perMs + Math.min(perMs * marginShare, marginMsMax);
}

function keyOf(limit: RateLimit, call: PlatformCall): string {
  switch (limit.per) {
    case 'app':
      return `${limit.calls} ${limit.count}/${limit.perMs}`;
    case 'conversation':
      return `${limit.calls} ${limit.count}/${limit.perMs} in ${call.conversation}`;
    case 'message':
      return `${limit.calls} ${limit.count}/${limit.perMs} of ${call.message}`;
  }
}

function pauseKeys(call: PlatformCall): readonly string[] {
  return [call.calls, `${call.calls} in ${call.conversation}`];
}
