import { eq } from 'drizzle-orm';
import { defaultPreference, type Preference } from '../../domain/preference.ts';
import { preferences } from '../schema/people.ts';
import type { Queryable } from './audit.ts';

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
  const row = { personCode: input.personCode, ...input.preference, updatedAt: input.nowMs };
  await database
    .insert(preferences)
    .values(row)
    .onConflictDoUpdate({ target: preferences.personCode, set: row });
}

function asPreference(row: typeof preferences.$inferSelect): Preference {
  const { locale, quietHours, email } = row;
  return { locale, quietHours, email };
}
