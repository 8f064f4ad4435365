import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import { createCriteriaReader } from '../../config/tag-table/criteria.ts';
import type { ReadTable } from '../../config/tag-table/read-table.ts';
import type { Attribute } from '../../domain/condition.ts';
import type { PlannedRow } from '../../domain/tag-table/planned-row.ts';
import { countRows, planTable, type TableKnowledge } from '../../domain/tag-table/plan.ts';
import type { ImportOutcome, TableReading } from '../../domain/tag-table/table.ts';
import type { Tag } from '../../domain/tag.ts';
import { versionReason } from '../../domain/tag-version.ts';
import { chinese } from '../../language/chinese.ts';
import type { Database } from '../client.ts';
import { attributes, tagImports, tags } from '../schema/dictionary.ts';
import { appendAudit, type Queryable } from './audit.ts';
import { findPolicy } from './dictionary.ts';
import { loadDepartments, loadPeople } from './people.ts';
import { writeTags } from './tag-writes.ts';

/** A table of tags that somebody brought. */
export interface TagImport extends ReadTable {
  readonly id: number;
  readonly broughtBy: string;
  readonly broughtAtMs: number;
  readonly fileName: string;
  readonly reading: TableReading;
  /** null: not taken in yet. */
  readonly outcome: ImportOutcome | null;
}

export type TagImportLine = Omit<TagImport, 'rows' | 'reading' | 'origin'>;

/** Tables that nobody took in are forgotten after this time. */
const waitingMsMax = 7 * 86_400_000;

/** Keeps a table until somebody takes it in, with an audit row. */
export async function insertTagImport(
  database: Database,
  brought: {
    readonly by: string;
    readonly through: string;
    readonly nowMs: number;
    readonly fileName: string;
    readonly table: ReadTable;
    readonly reading: TableReading;
  },
): Promise<number> {
  const { by, through, nowMs, fileName, table, reading } = brought;
  return database.query.transaction(async (transaction) => {
    await transaction
      .delete(tagImports)
      .where(and(isNull(tagImports.outcome), lt(tagImports.broughtAt, nowMs - waitingMsMax)));
    const [row] = await transaction
      .insert(tagImports)
      .values({
        broughtBy: by,
        broughtAt: nowMs,
        fileName,
        origin: table.origin,
        cells: JSON.stringify(table.rows),
        reading,
      })
      .returning({ id: tagImports.id });
    const id = row?.id ?? 0;
    await appendAudit(
      transaction,
      [
        {
          actorCode: by,
          through,
          action: 'tag-import.brought',
          subjectKind: 'tag-import',
          subjectId: String(id),
          before: null,
          after: { rows: table.rows.length - reading.headerAt - 1, kind: table.origin.kind },
        },
      ],
      nowMs,
    );
    return id;
  });
}

/** Says anew what its columns mean, while it is not taken in. */
export async function setTableReading(
  database: Database,
  id: number,
  reading: TableReading,
): Promise<void> {
  await database.query
    .update(tagImports)
    .set({ reading })
    .where(and(eq(tagImports.id, id), isNull(tagImports.outcome)));
}

export async function readTagImport(database: Database, id: number): Promise<TagImport | null> {
  return loadTagImport(database.query, id);
}

async function loadTagImport(query: Queryable, id: number): Promise<TagImport | null> {
  const [row] = await query.select().from(tagImports).where(eq(tagImports.id, id));
  if (row === undefined) return null;
  const { cells, broughtAt, report: _, ...rest } = row;
  // Written by `insertTagImport`.
  return { ...rest, broughtAtMs: broughtAt, rows: JSON.parse(cells) as TagImport['rows'] };
}

export async function listTagImports(
  database: Database,
  limit: number,
): Promise<readonly TagImportLine[]> {
  const { id, broughtBy, broughtAt: broughtAtMs, fileName, outcome } = tagImports;
  return database.query
    .select({ id, broughtBy, broughtAtMs, fileName, outcome })
    .from(tagImports)
    .orderBy(desc(tagImports.id))
    .limit(limit);
}

/** What would become of each row now; of a table that was taken in, what became of it. */
export async function planTagImport(
  database: Database,
  brought: TagImport,
): Promise<readonly PlannedRow[]> {
  if (brought.outcome === null) return plan(database.query, brought);
  const [row] = await database.query
    .select({ report: tagImports.report })
    .from(tagImports)
    .where(eq(tagImports.id, brought.id));
  return JSON.parse(row?.report ?? '[]') as readonly PlannedRow[];
}

export type TakingIn =
  | { readonly kind: 'taken'; readonly outcome: ImportOutcome }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'taken-before' }
  /** It was to be taken in whole, and these rows cannot be. */
  | { readonly kind: 'rows-refused'; readonly count: number };

/**
 * Writes a table into the dictionary as it is now, in one transaction with its versions and an audit row. `all`: only
 * if no row is refused; `good`: without those that are.
 */
export async function takeInTagImport(
  database: Database,
  taking: {
    readonly id: number;
    readonly rows: 'all' | 'good';
    readonly by: string;
    readonly through: string;
    readonly nowMs: number;
  },
): Promise<TakingIn> {
  const { id, by, through, nowMs } = taking;
  return database.query.transaction(async (transaction): Promise<TakingIn> => {
    // Readers go on; whoever else changes the dictionary waits, so that rows are held against what is there.
    await transaction.execute(sql`lock table tag, tag_import in share row exclusive mode`);
    const brought = await loadTagImport(transaction, id);
    if (brought === null) return { kind: 'not-found' };
    if (brought.outcome !== null) return { kind: 'taken-before' };
    const rows = await plan(transaction, brought);
    const counts = countRows(rows);
    if (taking.rows === 'all' && counts.refused > 0) {
      return { kind: 'rows-refused', count: counts.refused };
    }
    await writeTags(
      transaction,
      {
        added: rows.flatMap((row) => (row.kind === 'added' ? [row.tag] : [])),
        updates: rows.flatMap((row) =>
          row.kind === 'changed' ? [{ before: row.before, after: row.tag }] : [],
        ),
      },
      {
        changedBy: by,
        changedAtMs: nowMs,
        reason: versionReason({ kind: 'import', importId: id }),
        through,
        note: brought.fileName,
      },
    );
    const outcome: ImportOutcome = { by, atMs: nowMs, counts };
    await transaction
      .update(tagImports)
      .set({ outcome, report: JSON.stringify(rows) })
      .where(eq(tagImports.id, id));
    await appendAudit(
      transaction,
      [
        {
          actorCode: by,
          through,
          action: 'tag-import.taken-in',
          subjectKind: 'tag-import',
          subjectId: String(id),
          before: null,
          after: { ...counts, rows: taking.rows },
        },
      ],
      nowMs,
    );
    return { kind: 'taken', outcome };
  });
}

async function plan(query: Queryable, brought: TagImport): Promise<readonly PlannedRow[]> {
  const known = await loadTableKnowledge(query);
  return planTable(brought.rows, brought.reading, known);
}

async function loadTableKnowledge(query: Queryable): Promise<TableKnowledge> {
  const [tagRows, attributeRows, people, departments, policy] = await Promise.all([
    query.select().from(tags).orderBy(tags.id),
    query.select().from(attributes),
    loadPeople(query),
    loadDepartments(query),
    findPolicy(query),
  ]);
  return {
    tags: tagRows satisfies readonly Tag[],
    people,
    departments,
    naming: policy?.naming ?? null,
    spell: (name) => chinese().spell(name),
    readCriteria: createCriteriaReader(attributeRows satisfies readonly Attribute[]),
  };
}
