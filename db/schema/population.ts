import {
  bigint,
  bigserial,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
} from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** How many customers carry a tag, as of the last full or incremental scan. */
export const tagCounts = pgTable('tag_count', {
  tagId: integer().primaryKey(),
  customers: bigint({ mode: 'number' }).notNull(),
  scanId: integer().notNull(),
});

/**
 * How many customers carry two tags together is the sum over the parts that count (encoded, domain/population): what
 * the shards of the last full scan counted and what each incremental scan since then moved. Customers with more than
 * `pairedTagsMax` tags (domain/population) are left out.
 */
export const pairParts = pgTable(
  'pair_part',
  {
    scanId: integer().notNull(),
    /** Of a full scan, the shard; otherwise any number. */
    part: integer().notNull(),
    pairs: bytes().notNull(),
    /** False until the scan that left it has counted. */
    isCounted: boolean().notNull(),
  },
  (table) => [primaryKey({ columns: [table.scanId, table.part] })],
);

/** How many customers have a tag from a source. */
export const tagSourceCounts = pgTable(
  'tag_source_count',
  {
    tagId: integer().notNull(),
    sourceId: smallint().notNull(),
    customers: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.tagId, table.sourceId] })],
);

/** How many customers have a tag that came with an import. */
export const tagImportCounts = pgTable(
  'tag_import_count',
  {
    tagId: integer().notNull(),
    importId: integer().notNull(),
    customers: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.tagId, table.importId] }), index().on(table.importId)],
);

/** The tag counts after a scan that changed any: the history of each tag. The arrays are parallel, ascending by tag id. */
export const populationHistory = pgTable(
  'population_history',
  {
    scanId: integer().primaryKey(),
    countedAt: instant().notNull(),
    /** All customers, with and without tags. */
    customers: bigint({ mode: 'number' }).notNull(),
    assignments: bigint({ mode: 'number' }).notNull(),
    tagIds: integer().array().notNull(),
    tagCustomers: bigint({ mode: 'number' }).array().notNull(),
  },
  (table) => [index().on(table.countedAt)],
);

/** What a shard of a running scan counted but for pairs (encoded, domain/population), until its scan has counted all. */
export const scanPopulations = pgTable(
  'scan_population',
  {
    scanId: integer().notNull(),
    shard: integer().notNull(),
    counts: bytes().notNull(),
    changeId: bigint({ mode: 'number' }).notNull(),
    lastCustomerId: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.scanId, table.shard] })],
);

/**
 * What the counts are of: customers of the half-open range of ids as they were after change `changeId`, of whom
 * `lastCustomerId` was the greatest. What came later is what the next incremental scan adds and takes off.
 */
export const populationBases = pgTable('population_base', {
  fromId: bigint({ mode: 'number' }).primaryKey(),
  untilId: bigint({ mode: 'number' }).notNull(),
  changeId: bigint({ mode: 'number' }).notNull(),
  lastCustomerId: bigint({ mode: 'number' }).notNull(),
});

/**
 * The tags that a customer had before a change, written by a trigger of `mirror_customer` and kept until the counts
 * hold the change. The mirror is changed by one at a time, so ids are in the order of commits.
 */
export const populationChanges = pgTable(
  'population_change',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    customerId: bigint({ mode: 'number' }).notNull(),
    tagIds: integer().array().notNull(),
    sourceIds: smallint().array().notNull(),
    importIds: integer().array().notNull(),
  },
  (table) => [index().on(table.customerId, table.id)],
);
