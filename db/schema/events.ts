import { bigint, jsonb, pgTable, serial, text, uuid } from 'drizzle-orm/pg-core';
import type { EventBody } from '../../domain/event.ts';
import { instant } from './columns.ts';

/** What subscribers are told of, as it was when it happened. */
export const events = pgTable('event', {
  id: serial().primaryKey(),
  /** What receivers tell copies by. */
  key: uuid().notNull().unique().defaultRandom(),
  /** What it was made of, such as audit/812 or daily/2026-11-22: the same is never told twice. */
  origin: text().notNull().unique(),
  body: jsonb().$type<EventBody>().notNull(),
  at: instant().notNull(),
});

/** How far the audit trail has been turned into events; one row. */
export const eventCursors = pgTable('event_cursor', {
  name: text().primaryKey(),
  throughAuditId: bigint({ mode: 'number' }).notNull(),
});
