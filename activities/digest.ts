import { Temporal } from 'temporal-polyfill';
import type { Database } from '../db/client.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { createDigest, findDigestSince, type DigestAudience } from '../db/stores/digests.ts';
import { findMade, type Act } from '../db/stores/inbound-events.ts';
import { loadPeople } from '../db/stores/people.ts';
import { loadDigestChoices } from '../db/stores/preferences.ts';
import { recordHealth } from '../db/stores/overview.ts';
import { assertNever } from '../domain/assert-never.ts';
import { groupCodeOf, recipientCodeOf } from '../domain/chat-group.ts';
import type { DigestChoice, DigestPeriod } from '../domain/digest.ts';
import type { Person } from '../domain/person.ts';
import type { Policy } from '../domain/policy.ts';

export interface DigestDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type DigestActivities = ReturnType<typeof createDigestActivities>;

/** A digest that somebody is to have. */
export interface DueDigest {
  /** Or what stands for a group. */
  readonly personCode: string;
  readonly every: DigestPeriod;
}

/** A digest whose hour passed while nothing ran is still made within this time. */
const lateByMaxMs = 24 * 3_600_000;

/** Counting the day, week or month of a manager or of everybody. */
export function createDigestActivities({ database, now }: DigestDependencies) {
  /** Digests whose day and hour have come where their reader is, and that were not made since. */
  async function listDueReaders(): Promise<readonly DueDigest[]> {
    await recordHealth(database.sql);
    const policy = await loadPolicy(database.query);
    const due: DueDigest[] = [];
    for (const { timeZone, ...digest } of await listWanted(policy)) {
      const { every, personCode } = digest;
      const sinceMs = digestDueSince({ timeZone, every }, policy, now());
      if (sinceMs === null) continue;
      const made = await findDigestSince(database.query, { personCode, every, sinceMs });
      if (made === null) due.push(digest);
    }
    return due;
  }

  async function listWanted(
    policy: Policy,
  ): Promise<readonly (DueDigest & { readonly timeZone: string })[]> {
    const choices = await loadDigestChoices(database.query);
    const people = [...(await loadPeople(database.query)).values()];
    const ofPeople = people.flatMap((person) => {
      const every = periodFor(person, choices.get(person.code)?.digest ?? null, policy);
      const { code: personCode, timeZone } = person;
      return every === null ? [] : [{ personCode, every, timeZone }];
    });
    const { report } = policy.digest;
    const { timeZone } = policy.scans;
    const ofGroup =
      report?.every.map((every) => ({
        personCode: recipientCodeOf({ code: report.groupCode }),
        every,
        timeZone,
      })) ?? [];
    return [...ofPeople, ...ofGroup];
  }

  /** Counts the day, week or month before now for one reader; returns the digest's id. */
  async function makeDigest(input: {
    /** Or what stands for a group. */
    readonly personCode: string;
    /** @default what they chose, else the week */
    readonly every?: DigestPeriod;
    /** By the reader, and not by the week. @default false */
    readonly isAskedFor?: boolean;
    /** What asked for it: it makes one digest, however often it is done. @default none */
    readonly act?: Act;
  }): Promise<number> {
    const { act, isAskedFor = false, personCode } = input;
    const before = act === undefined ? null : await findMade(database.query, act);
    if (before !== null) return Number(before);
    const { audience, timeZone, chosen } = await findReader(personCode);
    const untilMs = now();
    const every = input.every ?? chosen ?? 'week';
    const fromMs = periodBefore(untilMs, every, timeZone);
    return createDigest(database, {
      audience,
      every,
      beforeMs: periodBefore(fromMs, every, timeZone),
      fromMs,
      untilMs,
      isAskedFor,
      act,
      nowMs: untilMs,
    });
  }

  async function findReader(code: string): Promise<{
    readonly audience: DigestAudience;
    readonly timeZone: string;
    readonly chosen: DigestPeriod | null;
  }> {
    const groupCode = groupCodeOf(code);
    if (groupCode !== null) {
      const { scans } = await loadPolicy(database.query);
      const audience = { kind: 'group', group: { code: groupCode } } as const;
      return { audience, timeZone: scans.timeZone, chosen: null };
    }
    const person = (await loadPeople(database.query)).get(code);
    if (person === undefined) throw new Error(`There is no person ${code}.`);
    const choice = (await loadDigestChoices(database.query)).get(code)?.digest ?? null;
    const chosen = choice === 'never' ? null : choice;
    return { audience: { kind: 'person', person }, timeZone: person.timeZone, chosen };
  }

  return { listDueReaders, makeDigest };
}

/** How often somebody has a digest; null: not at all. Whoever the policy does not name may ask for one. */
function periodFor(person: Person, choice: DigestChoice, { digest }: Policy): DigestPeriod | null {
  if (person.status !== 'active' || choice === 'never') return null;
  if (choice !== null) return choice;
  return person.roles.some((role) => digest.roles.includes(role)) ? 'week' : null;
}

/** When the day, week or calendar month before an instant began, by the clock of a time zone. */
export function periodBefore(atMs: number, every: DigestPeriod, timeZone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  switch (every) {
    case 'day':
      return local.subtract({ days: 1 }).epochMilliseconds;
    case 'week':
      return local.subtract({ weeks: 1 }).epochMilliseconds;
    case 'month':
      return local.subtract({ months: 1 }).epochMilliseconds;
    default:
      return assertNever(every);
  }
}

/**
 * Since when a reader's digest is due, in epoch milliseconds: at the policy's hour where they are, of every day, of
 * the policy's weekday, or of a month's first day. Null where that was more than a day ago or is still to come.
 */
export function digestDueSince(
  { timeZone, every }: { readonly timeZone: string; readonly every: DigestPeriod },
  { digest }: Pick<Policy, 'digest'>,
  atMs: number,
): number | null {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  const daysSince = {
    day: 0,
    week: (local.dayOfWeek - digest.weekday + 7) % 7,
    month: local.day - 1,
  }[every];
  const dueAtMs = local
    .subtract({ days: daysSince })
    .withPlainTime({ hour: digest.hour }).epochMilliseconds;
  return dueAtMs <= atMs && atMs - dueAtMs < lateByMaxMs ? dueAtMs : null;
}
