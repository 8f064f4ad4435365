import { Temporal } from 'temporal-polyfill';
import type { Database } from '../db/client.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { createDigest, findDigestSince } from '../db/stores/digests.ts';
import { findMade, type Act } from '../db/stores/inbound-events.ts';
import { loadPeople } from '../db/stores/people.ts';
import type { Person } from '../domain/person.ts';
import type { Policy } from '../domain/policy.ts';

export interface DigestDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type DigestActivities = ReturnType<typeof createDigestActivities>;

const weekMs = 7 * 24 * 3_600_000;
/** A digest whose hour passed while nothing ran is still made within this time. */
const lateByMaxMs = 24 * 3_600_000;

/** Counting a manager's week. */
export function createDigestActivities({ database, now }: DigestDependencies) {
  /** Readers for whom the policy's weekday and hour have come where they are, and who have not had theirs since. */
  async function listDueReaders(): Promise<readonly string[]> {
    const policy = await loadPolicy(database.query);
    const people = await loadPeople(database.query);
    const due: string[] = [];
    for (const person of people.values()) {
      const sinceMs = isReader(person, policy) ? digestDueSince(person, policy, now()) : null;
      if (sinceMs === null) continue;
      const made = await findDigestSince(database.query, { personCode: person.code, sinceMs });
      if (made === null) due.push(person.code);
    }
    return due;
  }

  /** Counts the seven days before now for one reader; returns the digest's id. */
  async function makeDigest(input: {
    readonly personCode: string;
    /** By the reader, and not by the week. @default false */
    readonly isAskedFor?: boolean;
    /** What asked for it: it makes one digest, however often it is done. @default none */
    readonly act?: Act;
  }): Promise<number> {
    const { act } = input;
    const before = act === undefined ? null : await findMade(database.query, act);
    if (before !== null) return Number(before);
    const reader = (await loadPeople(database.query)).get(input.personCode);
    if (reader === undefined) throw new Error(`There is no person ${input.personCode}.`);
    const untilMs = now();
    const { isAskedFor = false } = input;
    const period = { fromMs: untilMs - weekMs, untilMs };
    return createDigest(database, { reader, ...period, isAskedFor, act, nowMs: untilMs });
  }

  return { listDueReaders, makeDigest };
}

function isReader(person: Person, policy: Policy): boolean {
  return (
    person.status === 'active' && person.roles.some((role) => policy.digest.roles.includes(role))
  );
}

/**
 * Since when a person's digest is due: the policy's weekday and hour where they are, in epoch milliseconds.
 * Null where that was more than a day ago or is still to come this week.
 */
export function digestDueSince(
  person: Pick<Person, 'timeZone'>,
  policy: Pick<Policy, 'digest'>,
  atMs: number,
): number | null {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(person.timeZone);
  const daysSince = (local.dayOfWeek - policy.digest.weekday + 7) % 7;
  const dueAtMs = local
    .subtract({ days: daysSince })
    .withPlainTime({ hour: policy.digest.hour }).epochMilliseconds;
  return dueAtMs <= atMs && atMs - dueAtMs < lateByMaxMs ? dueAtMs : null;
}
