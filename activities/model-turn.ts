import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../db/client.ts';
import { takeModelUse } from '../db/stores/model-use.ts';
import { ModelEndpointError, type CallLimits } from './model-endpoint.ts';

/** What one look over the dictionary may ask of a model: within a time, and within what is left of the day. */
export interface ModelTurn {
  /** Of the day's allowance, at most so many; 0: none is left, or the time is over. To be called before asking. */
  take(wanted: number): Promise<number>;
  /** Asks, and once more where the endpoint is busy and says for how long, if that is within the time. */
  ask<T>(call: (limits: CallLimits) => Promise<T>): Promise<T>;
}

export function createModelTurn(
  sql: Sql,
  input: {
    readonly what: 'question' | 'text';
    readonly perDay: number;
    readonly withinMs: number;
    readonly signal: AbortSignal;
    /** Epoch milliseconds. */
    readonly now: () => number;
    /** Told once, in words for an admin, when the turn is over before everything was asked. */
    readonly onOver: (why: string) => void;
  },
): ModelTurn {
  const { what, perDay, withinMs, signal, now, onOver } = input;
  const endsAtMs = performance.now() + withinMs;
  const leftMs = () => Math.max(0, endsAtMs - performance.now());
  const limits = (): CallLimits => ({ signal, withinMs: Math.ceil(leftMs()) });

  return {
    take: async (wanted) => {
      if (leftMs() === 0) {
        onOver(`The model was asked for ${Math.ceil(withinMs / 1_000)} s; the rest is for later.`);
        return 0;
      }
      const taken = await takeModelUse(sql, { what, wanted, perDay, nowMs: now() });
      if (taken === 0) {
        onOver(`The model was asked as often as the policy allows in a day (${perDay} ${what}s).`);
      }
      return taken;
    },
    ask: async (call) => {
      try {
        return await call(limits());
      } catch (error) {
        const fault = error instanceof ModelEndpointError ? error.fault : null;
        if (fault?.kind !== 'busy' || fault.retryAfterMs === null) throw error;
        if (fault.retryAfterMs >= leftMs()) throw error;
        await delay(fault.retryAfterMs, undefined, { signal });
        return call(limits());
      }
    },
  };
}
