import { proposeLink } from '../commands/propose-link.ts';
import type { InboundDependencies } from '../bot/interaction.ts';
import type { Database } from '../db/client.ts';

const againAfterMs = 24 * 3_600_000;
const minuteMs = 60_000;
const perMinuteMax = 30;
const rememberedMax = 10_000;

/**
 * Looks who somebody unknown may be: once a day for each account and so often a minute for all, since anybody can
 * write to a bot.
 */
export function createFirstContact(dependencies: {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}): InboundDependencies['meet'] {
  const { now, onError } = dependencies;
  const lookedAt = new Map<string, number>();
  let minute = 0;
  let count = 0;

  function mayLook(account: string): boolean {
    const nowMs = now();
    if (nowMs - (lookedAt.get(account) ?? -Infinity) < againAfterMs) return false;
    const current = Math.floor(nowMs / minuteMs);
    count = current === minute ? count + 1 : 1;
    minute = current;
    if (count > perMinuteMax) return false;
    const [oldest] = lookedAt.keys();
    if (lookedAt.size >= rememberedMax && oldest !== undefined) lookedAt.delete(oldest);
    lookedAt.set(account, nowMs);
    return true;
  }

  return async (channel, platformUserId, readEmail) => {
    if (!mayLook(`${channel} ${platformUserId}`)) return;
    try {
      const email = await readEmail();
      if (email !== null) await proposeLink(dependencies, { channel, platformUserId, email });
    } catch (error) {
      onError(error);
    }
  };
}
