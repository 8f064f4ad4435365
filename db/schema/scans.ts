import {
  bigint,
  bigserial,
  index,
  integer,
  pgTable,
  primaryKey,
  serial,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { instant } from './columns.ts';

export const scans = pgTable('scan', {
  id: serial().primaryKey(),
  kind: text().$type<'full' | 'incremental' | 'customers'>().notNull(),
  state: text().$type<'running' | 'done' | 'failed' | 'cancelled'>().notNull(),
  requestedBy: text(),
  startedAt: instant().notNull(),
  finishedAt: instant(),
  customers: bigint({ mode: 'number' }).notNull().default(0),
  assignments: bigint({ mode: 'number' }).notNull().default(0),
  /** Findings that are open after this scan, and how they came about. */
  findingsOpen: bigint({ mode: 'number' }).notNull().default(0),
  findingsNew: bigint({ mode: 'number' }).notNull().default(0),
  findingsGone: bigint({ mode: 'number' }).notNull().default(0),
  /** What failed, in words without customers' data. */
  error: text(),
});

/** A range of mirror customers, scanned by one activity. */
export const scanShards = pgTable(
  'scan_shard',
  {
    scanId: integer()
      .notNull()
      .references(() => scans.id),
    shard: integer().notNull(),
    /** Half-open range of `mirror_customer.id`. */
    fromId: bigint({ mode: 'number' }).notNull(),
    untilId: bigint({ mode: 'number' }).notNull(),
    doneAt: instant(),
    customers: bigint({ mode: 'number' }).notNull().default(0),
    assignments: bigint({ mode: 'number' }).notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.scanId, table.shard] })],
);

/** What the shards of a running scan found; reconciled with `finding` set-wise, then emptied. */
export const scanFindings = pgTable(
  'scan_finding',
  {
    scanId: integer().notNull(),
    shard: integer().notNull(),
    ruleId: integer().notNull(),
    customerId: bigint({ mode: 'number' }).notNull(),
    firstTagId: integer().notNull(),
    secondTagId: integer().notNull(),
  },
  (table) => [index().on(table.scanId, table.shard)],
);

/** How many customers carry a tag, as of the last full scan that counted it. */
export const tagCounts = pgTable('tag_count', {
  tagId: integer().primaryKey(),
  customers: bigint({ mode: 'number' }).notNull(),
  scanId: integer().notNull(),
});

/**
 * open: the last scan that saw the customer found it. excepted: found, but an exception covers it.
 * dismissed: found, but a person ruled it wrong. gone: no longer found.
 */
export const findings = pgTable(
  'finding',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    ruleId: integer().notNull(),
    customerId: bigint({ mode: 'number' }).notNull(),
    firstTagId: integer().notNull(),
    secondTagId: integer().notNull(),
    state: text().$type<'open' | 'excepted' | 'dismissed' | 'gone'>().notNull(),
    /** The warning it belongs to; null until grouped. */
    warningId: integer(),
    firstScanId: integer().notNull(),
    lastScanId: integer().notNull(),
    openedAt: instant().notNull(),
    goneAt: instant(),
  },
  (table) => [
    uniqueIndex('finding_present')
      .on(table.ruleId, table.customerId, table.firstTagId, table.secondTagId)
      .where(sql`state <> 'gone'`),
    index().on(table.warningId),
    index().on(table.customerId),
  ],
);

/** An approved, expiring statement that a combination is right. A tag id or customer id of null covers every one. */
export const exceptions = pgTable('exception', {
  id: serial().primaryKey(),
  ruleId: integer().notNull(),
  firstTagId: integer(),
  secondTagId: integer(),
  customerId: bigint({ mode: 'number' }),
  reason: text().notNull(),
  grantedBy: text().notNull(),
  grantedAt: instant().notNull(),
  untilAt: instant().notNull(),
  warningId: integer(),
  requestId: integer(),
});
