import {
  bigint,
  bigserial,
  index,
  integer,
  jsonb,
  pgTable,
  serial,
  smallint,
  text,
} from 'drizzle-orm/pg-core';
import type { MailPurpose } from '../../domain/mail-link.ts';
import type { Role } from '../../domain/person.ts';
import { instant } from './columns.ts';

/** Every state change, vote, fix, configuration change, sign-in and refusal; each row's hash covers the row before. */
export const auditRows = pgTable(
  'audit_row',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    at: instant().notNull(),
    /** Person code; null for the system itself. */
    actorCode: text(),
    /** slack, feishu, inbox, console, api, cli or system. */
    through: text().notNull(),
    /** Dotted, subject first: warning.claimed, request.voted, door.refused. */
    action: text().notNull(),
    subjectKind: text().notNull(),
    subjectId: text().notNull(),
    before: jsonb().$type<unknown>(),
    after: jsonb().$type<unknown>(),
    previousHash: text().notNull(),
    /** SHA-256, hexadecimal. */
    hash: text().notNull(),
  },
  (table) => [index().on(table.subjectKind, table.subjectId)],
);

/** The end of the trail, in one row that a trigger keeps, so that rows cut off there are noticed too. */
export const auditHeads = pgTable('audit_head', {
  /** Always 1. */
  id: smallint().primaryKey(),
  lastRowId: bigint({ mode: 'number' }).notNull(),
  hash: text().notNull(),
});

/** Tokens are stored as SHA-256, hexadecimal, never as they are. */
export const sessions = pgTable('session', {
  tokenHash: text().primaryKey(),
  personCode: text().notNull(),
  createdAt: instant().notNull(),
  expiresAt: instant().notNull(),
});

export const signInLinks = pgTable('sign_in_link', {
  tokenHash: text().primaryKey(),
  personCode: text().notNull(),
  expiresAt: instant().notNull(),
  usedAt: instant(),
});

export const apiTokens = pgTable('api_token', {
  id: serial().primaryKey(),
  tokenHash: text().notNull().unique(),
  /** Acts as this person, with no more roles than `roles`. */
  personCode: text().notNull(),
  name: text().notNull(),
  roles: jsonb().$type<readonly Role[]>().notNull(),
  createdAt: instant().notNull(),
  expiresAt: instant().notNull(),
});

/** Attempts to get in, counted for all server processes together. */
export const attempts = pgTable(
  'attempt',
  {
    /** SHA-256, hexadecimal, of what is tried and the address it comes from. */
    keyHash: text().primaryKey(),
    /** When the window began in which they are counted. */
    startedAt: instant().notNull(),
    count: integer().notNull(),
  },
  (table) => [index().on(table.startedAt)],
);

/** A digest as it was sent, so that a click on "details" shows the same numbers. */
export const digests = pgTable(
  'digest',
  {
    id: serial().primaryKey(),
    personCode: text().notNull(),
    /** Half-open period the numbers cover. */
    fromAt: instant().notNull(),
    untilAt: instant().notNull(),
    body: jsonb().$type<unknown>().notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [index().on(table.personCode)],
);

/** Links in emails. Each is for one person and one thing, and what they do happens once. */
export const mailLinks = pgTable(
  'mail_link',
  {
    tokenHash: text().primaryKey(),
    personCode: text().notNull(),
    purpose: jsonb().$type<MailPurpose>().notNull(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
  },
  (table) => [index().on(table.expiresAt)],
);
