import { boolean, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { DigestChoice, DigestContent } from '../../domain/digest.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import type {
  Absence,
  ChannelName,
  DepartmentGrant,
  LinkedAccountKind,
  Person,
  Role,
} from '../../domain/person.ts';
import type { WorkingCalendar } from '../../domain/policy.ts';
import type { QuietHours } from '../../domain/preference.ts';
import { instant } from './columns.ts';

export const calendars = pgTable('calendar', {
  code: text().primaryKey(),
  body: jsonb().$type<WorkingCalendar>().notNull(),
});

export const departments = pgTable('department', {
  code: text().primaryKey(),
  name: jsonb().$type<LocalizedText>().notNull(),
  parentCode: text(),
  calendarCode: text().references(() => calendars.code),
});

export const people = pgTable('person', {
  code: text().primaryKey(),
  name: jsonb().$type<LocalizedText>().notNull(),
  email: text().unique(),
  departmentCode: text()
    .notNull()
    .references(() => departments.code),
  departmentsAbove: jsonb().$type<readonly string[]>().notNull().default([]),
  roles: jsonb().$type<readonly Role[]>().notNull(),
  departmentGrants: jsonb().$type<readonly DepartmentGrant[]>().notNull().default([]),
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
  oidcSubject: text().unique(),
  channels: jsonb().$type<readonly ChannelName[]>().notNull(),
  absences: jsonb().$type<readonly Absence[]>().notNull(),
  status: text().$type<Person['status']>().notNull(),
});

/** Somebody wrote from a platform's account whose confirmed email is this person's; one of them has to say that it is so. */
export const linkProposals = pgTable(
  'link_proposal',
  {
    channel: text().$type<LinkedAccountKind>().notNull(),
    platformUserId: text().notNull(),
    personCode: text()
      .notNull()
      .references(() => people.code),
    proposedAt: instant().notNull(),
  },
  (table) => [primaryKey({ columns: [table.channel, table.platformUserId] })],
);

/** What people chose for themselves; who chose nothing has no row. */
export const preferences = pgTable('preference', {
  personCode: text()
    .primaryKey()
    .references(() => people.code),
  locale: text().$type<Person['locale']>(),
  quietHours: jsonb().$type<QuietHours>(),
  groupCode: text(),
  mention: boolean().notNull().default(true),
  email: boolean().notNull(),
  digest: text().$type<NonNullable<DigestChoice>>(),
  digestContent: text().$type<DigestContent>().notNull().default('full'),
  updatedAt: instant().notNull(),
});
