import { eq, getTableColumns, sql } from 'drizzle-orm';
import type {
  ActingChannelName,
  Department,
  LinkedAccountKind,
  Person,
} from '../../domain/person.ts';
import type { WorkingCalendar } from '../../domain/policy.ts';
import { calendars, departments, people, preferences } from '../schema/people.ts';
import type { Queryable } from './audit.ts';

/** People as they are reached: in the language they chose, where they did, and not by email where they want none. */
function selectPeople(database: Queryable) {
  return database
    .select({
      ...getTableColumns(people),
      locale: sql<Person['locale']>`coalesce(${preferences.locale}, ${people.locale})`,
      channels: sql<Person['channels']>`case when coalesce(${preferences.email}, true)
        then ${people.channels} else ${people.channels} - 'email' end`.mapWith(people.channels),
    })
    .from(people)
    .leftJoin(preferences, eq(preferences.personCode, people.code));
}

/** Everybody, by code. */
export async function loadPeople(database: Queryable): Promise<ReadonlyMap<string, Person>> {
  const rows: Person[] = await selectPeople(database);
  return new Map(rows.map((person) => [person.code, person]));
}

export async function findPerson(database: Queryable, code: string): Promise<Person | null> {
  const [row] = await selectPeople(database).where(eq(people.code, code));
  return row ?? null;
}

/**
 * The person whom a platform or identity provider knows by this user id; null where nobody is linked to it. Inbox ids
 * are person codes.
 */
export async function findPersonByAccount(
  database: Queryable,
  kind: ActingChannelName | LinkedAccountKind,
  platformUserId: string,
): Promise<Person | null> {
  const columns = {
    inbox: people.code,
    slack: people.slackUserId,
    feishu: people.feishuOpenId,
    oidc: people.oidcSubject,
  } as const;
  const [row] = await selectPeople(database).where(eq(columns[kind], platformUserId));
  return row ?? null;
}

/** Every calendar, by code. */
export async function loadCalendars(
  database: Queryable,
): Promise<ReadonlyMap<string, WorkingCalendar>> {
  const rows = await database.select().from(calendars);
  return new Map(rows.map(({ code, body }) => [code, body]));
}

/** Every department, by code. */
export async function loadDepartments(
  database: Queryable,
): Promise<ReadonlyMap<string, Department>> {
  const rows: Department[] = await database.select().from(departments);
  return new Map(rows.map((department) => [department.code, department]));
}
