import { Temporal } from 'temporal-polyfill';
import type { Database } from '../db/client.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { announceAudited, announceDay } from '../db/stores/events.ts';
import type { Subscriber } from '../domain/event.ts';
import type { Policy } from '../domain/policy.ts';

export interface FeedDependencies {
  readonly database: Database;
  readonly listSubscribers: () => Promise<readonly Subscriber[]>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const dayMs = 86_400_000;
/** A report whose hour passed while nothing ran is still made within this time. */
const lateByMaxMs = 6 * 3_600_000;
const batchesMax = 20;

/** Turns what happens into what subscribers are told. */
export function createFeed({ database, listSubscribers, now }: FeedDependencies) {
  let madeThrough = '';

  /** Everything since the last time; harmless where nothing happened. */
  async function take(): Promise<void> {
    const subscribers = await listSubscribers();
    for (let batch = 0; batch < batchesMax; batch += 1) {
      if (!(await announceAudited(database, { subscribers, nowMs: now() }))) break;
    }
    await takeDay(subscribers.filter(({ events }) => events.includes('report.daily')));
  }

  async function takeDay(subscribers: readonly Subscriber[]): Promise<void> {
    if (subscribers.length === 0) return;
    const { policy } = await readCurrentKnowledge(database);
    const due = policy === null ? null : reportDue(policy, now());
    if (due === null || due.day === madeThrough) return;
    const { day, atMs } = due;
    await announceDay(database, { day, fromMs: atMs - dayMs, untilMs: atMs, subscribers });
    madeThrough = day;
  }

  return { take };
}

/** The day (YYYY-MM-DD) and instant (epoch milliseconds) of the report that is due, by the policy's hour; or null. */
export function reportDue(
  { digest, scans }: Pick<Policy, 'digest' | 'scans'>,
  nowMs: number,
): { readonly day: string; readonly atMs: number } | null {
  const local = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(scans.timeZone);
  const atMs = local.withPlainTime({ hour: digest.hour }).epochMilliseconds;
  const isDue = atMs <= nowMs && nowMs - atMs < lateByMaxMs;
  return isDue ? { day: local.toPlainDate().toString(), atMs } : null;
}
