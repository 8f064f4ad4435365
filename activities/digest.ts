import { Temporal } from 'temporal-polyfill';
import type { Database } from '../db/client.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { createDigest, findDigestSince } from '../db/stores/digests.ts';
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
/** A digest made this recently is the one that is due: a repeated or late run does not make another. */
const sameDigestMs = 12 * 3_600_000;

/** Counting a manager's week. */
export function createDigestActivities({ database, now }: DigestDependencies) {
  /** Readers for whom it is the policy's weekday and hour where they are, and who have not had it yet. */
  async function listDueReaders(): Promise<readonly string[]> {
    const policy = await loadPolicy(database.query);
    const people = await loadPeople(database.query);
    const due: string[] = [];
    for (const person of people.values()) {
      if (!isReader(person, policy) || !isDigestHour(person, policy, now())) continue;
      const made = await findDigestSince(database.query, {
        personCode: person.code,
        sinceMs: now() - sameDigestMs,
      });
      if (made === null) due.push(person.code);
    }
    return due;
  }

  /** Counts the seven days before now for one reader; returns the digest's id. */
  async function makeDigest(input: { readonly personCode: string }): Promise<number> {
    const reader = (await loadPeople(database.query)).get(input.personCode);
    if (reader === undefined) throw new Error(`There is no person ${input.personCode}.`);
    const untilMs = now();
    return createDigest(database, { reader, fromMs: untilMs - weekMs, untilMs, nowMs: untilMs });
  }

  return { listDueReaders, makeDigest };
}

function isReader(person: Person, policy: Policy): boolean {
  return (
    person.status === 'active' && person.roles.some((role) => policy.digest.roles.includes(role))
  );
}

/** Whether an instant lies in the policy's hour of its weekday, where the person is. */
export function isDigestHour(
  person: Pick<Person, 'timeZone'>,
  policy: Pick<Policy, 'digest'>,
  atMs: number,
): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(person.timeZone);
  return local.dayOfWeek === policy.digest.weekday && local.hour === policy.digest.hour;
}
