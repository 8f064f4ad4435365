import { eq, isNotNull } from 'drizzle-orm';
import { chatOfGroup, type ChatGroup } from '../../domain/chat-group.ts';
import { defaultPreference, type Preference } from '../../domain/preference.ts';
import { preferences } from '../schema/people.ts';
import type { Queryable } from './audit.ts';
import { findPolicy } from './dictionary.ts';
import { findPerson } from './people.ts';

/** What a person chose; the defaults where they chose nothing. */
export async function loadPreference(database: Queryable, personCode: string): Promise<Preference> {
  const [row] = await database
    .select()
    .from(preferences)
    .where(eq(preferences.personCode, personCode));
  return row === undefined ? defaultPreference : asPreference(row);
}

export async function savePreference(
  database: Queryable,
  input: {
    readonly personCode: string;
    readonly preference: Preference;
    readonly nowMs: number;
  },
): Promise<void> {
  const { group: groupCode, ...preference } = input.preference;
  const row = { personCode: input.personCode, ...preference, groupCode, updatedAt: input.nowMs };
  await database
    .insert(preferences)
    .values(row)
    .onConflictDoUpdate({ target: preferences.personCode, set: row });
}

/** Groups of the policy in a chat where the person has an account. */
export async function listOfferedGroups(
  database: Queryable,
  personCode: string,
): Promise<readonly ChatGroup[]> {
  const [person, policy] = await Promise.all([
    findPerson(database, personCode),
    findPolicy(database),
  ]);
  if (person === null || policy === null) return [];
  return policy.groups.filter((group) => chatOfGroup(group, person) !== null);
}

/** Everybody who chose a group, by code. */
export async function loadGroupChoices(
  database: Queryable,
): Promise<ReadonlyMap<string, Pick<Preference, 'mention'> & { readonly group: string }>> {
  const rows = await database.select().from(preferences).where(isNotNull(preferences.groupCode));
  return new Map(
    rows.map(({ personCode, groupCode, mention }) => [
      personCode,
      { group: groupCode ?? '', mention },
    ]),
  );
}

/** Everybody who chose how they have their digests, by code. */
export async function loadDigestChoices(
  database: Queryable,
): Promise<ReadonlyMap<string, Pick<Preference, 'digest' | 'digestContent'>>> {
  const rows = await database.select().from(preferences);
  return new Map(rows.map((row) => [row.personCode, asPreference(row)]));
}

function asPreference(row: typeof preferences.$inferSelect): Preference {
  const { locale, quietHours, groupCode: group, mention, email, digest, digestContent } = row;
  return { locale, quietHours, group, mention, email, digest, digestContent };
}
