import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  serial,
  smallserial,
  smallint,
  text,
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import type { AttributeType, Condition } from '../../domain/condition.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Rule, RuleKind } from '../../domain/rule.ts';
import type { RelationKind, Tag } from '../../domain/tag.ts';
import type { PlannedRow } from '../../domain/tag-table/planned-row.ts';
import type {
  CheckedTable,
  ColumnHeading,
  ImportOutcome,
  TableOrigin,
  TableReading,
  Taking,
} from '../../domain/tag-table/table.ts';
import { instant } from './columns.ts';

/** One id space for dictionary tags and for tags that only a source knows, so that the mirror's arrays hold either. */
export const tagIds = pgSequence('tag_id');

export const tags = pgTable('tag', {
  id: integer().primaryKey().default(sql`nextval('tag_id')`),
  code: text().notNull().unique(),
  name: jsonb().$type<LocalizedText>().notNull(),
  definition: jsonb().$type<LocalizedText>().notNull(),
  level: text().$type<Tag['level']>().notNull(),
  category: text().$type<Tag['category']>().notNull(),
  parentCode: text(),
  departmentCodes: jsonb().$type<readonly string[]>().notNull(),
  ownerCode: text().notNull(),
  status: text().$type<Tag['status']>().notNull(),
  lifeDays: integer(),
  successorCode: text(),
  confirmEveryDays: integer(),
  criteria: jsonb().$type<Condition>(),
  sensitive: boolean().notNull(),
  seenByDepartmentCodes: jsonb().$type<readonly string[]>().notNull().default([]),
  version: integer().notNull(),
});

/** Every version a tag ever had, the present one included. */
export const tagVersions = pgTable(
  'tag_version',
  {
    tagCode: text().notNull(),
    version: integer().notNull(),
    body: jsonb().$type<Tag>().notNull(),
    changedBy: text().notNull(),
    changedAt: instant().notNull(),
    /** As `versionReason` writes it. */
    reason: text().notNull(),
    /** Channel by which the change came, such as cli or console; system: an approved request, applied. */
    through: text().notNull().default('system'),
    /** What whoever changed it said of it; null: nothing. */
    note: text(),
  },
  (table) => [primaryKey({ columns: [table.tagCode, table.version] })],
);

/** Tables of tags that people brought as files, with what became of them. */
export const tagImports = pgTable('tag_import', {
  id: serial().primaryKey(),
  broughtBy: text().notNull(),
  broughtAt: instant().notNull(),
  fileName: text().notNull(),
  /** How the file was read. */
  origin: jsonb().$type<TableOrigin>().notNull(),
  /** The rows of the file as JSON, its header first; none are kept of what was taken in. */
  cells: text().notNull(),
  headings: jsonb().$type<readonly ColumnHeading[]>().notNull().default([]),
  /** What its columns were said to mean. */
  reading: jsonb().$type<TableReading>().notNull(),
  /** null: the rows have not been looked over as its columns are read now. */
  checked: jsonb().$type<CheckedTable>(),
  /** null: nobody asked for it to be written, or it is taken in. */
  taking: jsonb().$type<Taking>(),
  /** null: not taken in yet. */
  outcome: jsonb().$type<ImportOutcome>(),
});

/** What would become of each row of a table, or became of it. */
export const tagImportRows = pgTable(
  'tag_import_row',
  {
    importId: integer()
      .notNull()
      .references(() => tagImports.id, { onDelete: 'cascade' }),
    /** As a spreadsheet counts rows, from 1. */
    row: integer().notNull(),
    kind: text().$type<PlannedRow['kind']>().notNull(),
    body: jsonb().$type<PlannedRow>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.importId, table.row] }),
    index().on(table.importId, table.kind, table.row),
  ],
);

export const relations = pgTable(
  'relation',
  {
    kind: text().$type<RelationKind>().notNull(),
    fromCode: text().notNull(),
    toCode: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.fromCode, table.toCode] })],
);

export const rules = pgTable('rule', {
  id: serial().primaryKey(),
  code: text().notNull().unique(),
  kind: text().$type<RuleKind>().notNull(),
  enabled: boolean().notNull(),
  /** The whole rule but for its id. */
  body: jsonb().$type<Omit<Rule, 'id'>>().notNull(),
  version: integer().notNull(),
  /** True: no longer in the configuration; kept, disabled, for the warnings that name it. */
  removed: boolean().notNull().default(false),
});

/** One row: the policy in force. */
export const policies = pgTable('policy', {
  id: smallint().primaryKey().default(1),
  body: jsonb().$type<Policy>().notNull(),
  version: integer().notNull(),
});

export const attributes = pgTable('attribute', {
  code: text().primaryKey(),
  type: text().$type<AttributeType>().notNull(),
  name: jsonb().$type<LocalizedText>().notNull(),
  /** Position in `mirror_customer.numbers` or `.texts`; never reused. */
  slot: smallint().notNull(),
});

/** Every slot that was ever given to an attribute, so that none is given to another one later. */
export const attributeSlots = pgTable(
  'attribute_slot',
  {
    holder: text().$type<'numbers' | 'texts'>().notNull(),
    slot: smallint().notNull(),
    attributeCode: text().notNull(),
    type: text().$type<AttributeType>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.holder, table.slot] })],
);

export const sources = pgTable('source', {
  id: smallserial().primaryKey(),
  code: text().notNull().unique(),
  /** The source's part of sources.yaml; secrets stand in it only as names of environment variables. */
  body: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
  /** How far changes have been read; null before the first full read. */
  cursor: text(),
  readAt: instant(),
});

/** One row of counters that triggers raise, so that what is kept in memory can be known to be current. */
export const dictionaryVersions = pgTable('dictionary_version', {
  id: smallint().primaryKey().default(1),
  /** Counts every change to tags, relations, rules and attributes. */
  version: bigint({ mode: 'number' }).notNull(),
  /** Counts every change to people, departments and API tokens. */
  peopleVersion: bigint({ mode: 'number' }).notNull().default(1),
});
