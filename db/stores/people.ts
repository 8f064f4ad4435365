import { eq } from 'drizzle-orm';
import type { ActingChannelName, Department, Person } from '../../domain/person.ts';
import type { WorkingCalendar } from '../../domain/policy.ts';
import { calendars, departments, people } from '../schema/people.ts';
import type { Queryable } from './audit.ts';

/** Everybody, by code. */
export async function loadPeople(database: Queryable): Promise<ReadonlyMap<string, Person>> {
  const rows: Person[] = await database.select().from(people);
  return new Map(rows.map((person) => [person.code, person]));
}

export async function findPerson(database: Queryable, code: string): Promise<Person | null> {
  const [row] = await database.select().from(people).where(eq(people.code, code));
  return row ?? null;
}

/** The person whom a platform knows by this user id; null where nobody is linked to it. Inbox ids are person codes. */
export async function findPersonOnChannel(
  database: Queryable,
  channel: ActingChannelName,
  platformUserId: string,
): Promise<Person | null> {
  const columns = {
    inbox: people.code,
    slack: people.slackUserId,
    feishu: people.feishuOpenId,
  } as const;
  const [row] = await database.select().from(people).where(eq(columns[channel], platformUserId));
  return row ?? null;
}

export async function loadCalendar(
  database: Queryable,
  code: string,
): Promise<WorkingCalendar | null> {
  const [row] = await database.select().from(calendars).where(eq(calendars.code, code));
  return row?.body ?? null;
}

/** Every department, by code. */
export async function loadDepartments(
  database: Queryable,
): Promise<ReadonlyMap<string, Department>> {
  const rows: Department[] = await database.select().from(departments);
  return new Map(rows.map((department) => [department.code, department]));
}
