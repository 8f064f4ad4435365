import {
  bigint,
  bigserial,
  doublePrecision,
  index,
  integer,
  pgTable,
  serial,
  smallint,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { sources } from './dictionary.ts';
import { instant } from './columns.ts';

/** How a source refers to a tag, and which id the mirror uses for it. */
export const mirrorTags = pgTable(
  'mirror_tag',
  {
    sourceId: smallint()
      .notNull()
      .references(() => sources.id),
    /** The source's own id, code or name of the tag. */
    tagRef: text().notNull(),
    name: text().notNull(),
    /** `tag.id` where the dictionary knows it, otherwise a fresh number of the same sequence. */
    tagId: integer().notNull(),
  },
  (table) => [unique().on(table.sourceId, table.tagRef), index().on(table.tagId)],
);

/** Who puts tags on customers, as the sources name them. */
export const mirrorActors = pgTable('mirror_actor', {
  id: serial().primaryKey(),
  name: text().notNull().unique(),
});

/** Import batches, as the sources name them. */
export const mirrorImports = pgTable('mirror_import', {
  id: serial().primaryKey(),
  name: text().notNull().unique(),
});

/**
 * One row per customer. The five tag arrays are parallel and ordered by (tag id, source id);
 * `numbers` and `texts` are indexed by attribute slot, 1-based as PostgreSQL counts.
 */
export const mirrorCustomers = pgTable(
  'mirror_customer',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    /** The customer's id in the sources, which name the same customer alike. */
    ref: text().notNull().unique(),
    name: text().notNull(),
    numbers: doublePrecision().array().notNull(),
    texts: text().array().notNull(),
    tagIds: integer().array().notNull(),
    /** Epoch seconds; 0 where unknown. */
    sinceSeconds: bigint({ mode: 'number' }).array().notNull(),
    actorIds: integer().array().notNull(),
    sourceIds: smallint().array().notNull(),
    importIds: integer().array().notNull(),
    /** The sources that have the customer, ascending; the first of them gives the name. */
    presentIn: smallint().array().notNull().default([]),
    changedAt: instant().notNull(),
  },
  (table) => [index().on(table.changedAt)],
);

/** Who put which tag on or took it off, and when; only ever appended to. */
export const assignmentChanges = pgTable(
  'assignment_change',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    sourceId: smallint().notNull(),
    customerId: bigint({ mode: 'number' }).notNull(),
    tagId: integer().notNull(),
    change: text().$type<'added' | 'removed'>().notNull(),
    /** 0 where the source does not say. */
    actorId: integer().notNull(),
    importId: integer().notNull(),
    /** When Tagwarden saw it. */
    seenAt: instant().notNull(),
  },
  (table) => [index().on(table.customerId)],
);

/** Customers who left the mirror, written by a trigger of it and kept until a scan has closed their findings. */
export const departedCustomers = pgTable('departed_customer', {
  customerId: bigint({ mode: 'number' }).primaryKey(),
});
