import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { LocalizedText } from '../../domain/locale.ts';
import type { Absence, ChannelName, Person, Role } from '../../domain/person.ts';
import type { WorkingCalendar } from '../../domain/policy.ts';

export const departments = pgTable('department', {
  code: text().primaryKey(),
  name: jsonb().$type<LocalizedText>().notNull(),
});

export const calendars = pgTable('calendar', {
  code: text().primaryKey(),
  body: jsonb().$type<WorkingCalendar>().notNull(),
});

export const people = pgTable('person', {
  code: text().primaryKey(),
  name: jsonb().$type<LocalizedText>().notNull(),
  email: text().unique(),
  departmentCode: text()
    .notNull()
    .references(() => departments.code),
  roles: jsonb().$type<readonly Role[]>().notNull(),
  managerCode: text(),
  secondLineCode: text(),
  deputyCode: text(),
  locale: text().$type<Person['locale']>().notNull(),
  timeZone: text().notNull(),
  calendarCode: text()
    .notNull()
    .references(() => calendars.code),
  slackUserId: text().unique(),
  feishuOpenId: text().unique(),
  channels: jsonb().$type<readonly ChannelName[]>().notNull(),
  absences: jsonb().$type<readonly Absence[]>().notNull(),
  status: text().$type<Person['status']>().notNull(),
});
