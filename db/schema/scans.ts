import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import type { Undecided } from '../../domain/detect/undecided.ts';
import type { HealthPart } from '../../domain/health.ts';
import type { Severity } from '../../domain/severity.ts';
import { instant } from './columns.ts';

export const scans = pgTable('scan', {
  id: serial().primaryKey(),
  kind: text().$type<'full' | 'incremental' | 'customers'>().notNull(),
  state: text().$type<'running' | 'done' | 'failed' | 'cancelled'>().notNull(),
  requestedBy: text(),
  /** The Temporal run that drives it, so that a repeated start finds it again; null for re-scans within another workflow. */
  runId: text().unique(),
  /** `dictionary_version.version` it was compiled from; after a change an incremental scan covers every customer. */
  dictionaryVersion: bigint({ mode: 'number' }).notNull().default(0),
  /** True: it answers for every customer, whatever its kind. False: for those in `scan_scope`. */
  coversAll: boolean().notNull().default(false),
  startedAt: instant().notNull(),
  /** When its sources had been read: what changes later is for the next scan. */
  plannedAt: instant(),
  /** When what it found became what is open; what an older scan saw of its customers is out of date since then. */
  reconciledAt: instant(),
  finishedAt: instant(),
  customers: bigint({ mode: 'number' }).notNull().default(0),
  assignments: bigint({ mode: 'number' }).notNull().default(0),
  /** Findings that are open after this scan, and how they came about. */
  findingsOpen: bigint({ mode: 'number' }).notNull().default(0),
  findingsNew: bigint({ mode: 'number' }).notNull().default(0),
  findingsGone: bigint({ mode: 'number' }).notNull().default(0),
  /** Of a full scan: how healthy the tags were soon after it. */
  health: jsonb().$type<readonly HealthPart[]>(),
  /** What failed, in words without customers' data. */
  error: text(),
});

/**
 * The customers a scan answers for, where that is not all of them. Kept until no older scan runs: what an older
 * scan saw of these customers is out of date.
 */
export const scanScopes = pgTable(
  'scan_scope',
  {
    scanId: integer().notNull(),
    /** The shard that looks at them; −1: tags, each as minus its id. */
    part: integer().notNull(),
    /** Ascending. Thousands in a row are written, read and deleted at a fraction of what a row each takes. */
    customerIds: bigint({ mode: 'number' }).array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.scanId, table.part] })],
);

/** Mirror customers scanned by one activity. */
export const scanShards = pgTable(
  'scan_shard',
  {
    scanId: integer()
      .notNull()
      .references(() => scans.id),
    shard: integer().notNull(),
    /** Half-open range of `mirror_customer.id`; of a scan with a scope, those of its part that are within it. */
    fromId: bigint({ mode: 'number' }).notNull(),
    untilId: bigint({ mode: 'number' }).notNull(),
    doneAt: instant(),
    customers: bigint({ mode: 'number' }).notNull().default(0),
    assignments: bigint({ mode: 'number' }).notNull().default(0),
    /** Customers of whom rules could not tell, by rule. */
    undecided: jsonb().$type<readonly Undecided[]>().notNull().default([]),
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

/**
 * Customers of whom a time-based rule says something else from an instant within the hour that begins at `dueHour`.
 * A superset: looking at a customer who is not due after all does no harm. One row holds many customers, since
 * a column of the customer would rewrite millions of rows in a scan.
 */
export const dueCustomers = pgTable(
  'due_customer',
  {
    scanId: integer().notNull(),
    shard: integer().notNull(),
    dueHour: instant().notNull(),
    customerIds: bigint({ mode: 'number' }).array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scanId, table.shard, table.dueHour] }),
    index().on(table.dueHour),
  ],
);

/**
 * open: the last scan that saw the customer found it. excepted: found, but an exception covers it.
 * dismissed: found, but a person ruled it wrong. gone: no longer found.
 */
export const findings = pgTable(
  'finding',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    ruleId: integer().notNull(),
    /** On the dictionary itself: minus the id of the tag. */
    customerId: bigint({ mode: 'number' }).notNull(),
    firstTagId: integer().notNull(),
    secondTagId: integer().notNull(),
    state: text().$type<'open' | 'excepted' | 'dismissed' | 'gone'>().notNull(),
    /** The warning it belongs to; null until grouped. */
    warningId: integer(),
    firstScanId: integer().notNull(),
    /** The scan that last changed its state. */
    lastScanId: integer().notNull(),
    openedAt: instant().notNull(),
    goneAt: instant(),
  },
  (table) => [
    // By customer first: a scan brings findings in the order of customers, so they go in at one end.
    uniqueIndex('finding_present')
      .on(table.customerId, table.ruleId, table.firstTagId, table.secondTagId)
      .where(sql`state <> 'gone'`),
    index('finding_past').on(table.customerId).where(sql`state = 'gone'`),
    index('finding_in_warning').on(table.warningId).where(sql`warning_id is not null`),
    index('finding_excepted').on(table.ruleId).where(sql`state = 'excepted'`),
    index('finding_ungrouped')
      .on(table.ruleId, table.firstTagId)
      .where(sql`state = 'open' and warning_id is null`),
  ],
);

/** Findings that match every part of its scope open no warning until it ends. */
export const silences = pgTable(
  'silence',
  {
    id: serial().primaryKey(),
    /** Every rule where null; so with the others. */
    ruleCode: text(),
    tagCode: text(),
    severity: text().$type<Severity>(),
    reason: text().notNull(),
    createdBy: text().notNull(),
    createdAt: instant().notNull(),
    untilAt: instant().notNull(),
    /** Ended before its time. */
    endedBy: text(),
    endedAt: instant(),
  },
  (table) => [index().on(table.untilAt)],
);

/** An approved, expiring statement that a combination is right. A tag id or customer id of null covers every one. */
export const exceptions = pgTable(
  'exception',
  {
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
  },
  (table) => [index().on(table.ruleId, table.customerId)],
);
