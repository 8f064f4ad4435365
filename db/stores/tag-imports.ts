import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import { doTableWorkAside } from '../../config/tag-table/aside.ts';
import {
  keepPlan,
  planRows,
  type KeptPlan,
  type KeptTable,
  type TableSurroundings,
} from '../../config/tag-table/table-work.ts';
import type { Attribute } from '../../domain/condition.ts';
import type { PlannedRow } from '../../domain/tag-table/planned-row.ts';
import type {
  CheckedTable,
  ImportOutcome,
  RowsWanted,
  TableReading,
  Taking,
} from '../../domain/tag-table/table.ts';
import type { Tag } from '../../domain/tag.ts';
import { versionReason } from '../../domain/tag-version.ts';
import type { Database } from '../client.ts';
import { attributes, tagImportRows, tagImports, tags } from '../schema/dictionary.ts';
import { appendAudit, type AuditEntry, type Queryable } from './audit.ts';
import { findPolicy } from './dictionary.ts';
import { loadDepartments, loadPeople } from './people.ts';
import { writeTags } from './tag-writes.ts';

/** A table of tags that somebody brought. */
export interface TagImport extends Pick<KeptTable, 'origin' | 'headings'> {
  readonly id: number;
  readonly broughtBy: string;
  readonly broughtAtMs: number;
  readonly fileName: string;
  readonly reading: TableReading;
  /** null: its rows are yet to be looked over. */
  readonly checked: CheckedTable | null;
  /** null: nobody asked for it to be written, or it is taken in. */
  readonly taking: Taking | null;
  /** null: not taken in yet. */
  readonly outcome: ImportOutcome | null;
}

export type TagImportLine = Pick<
  TagImport,
  'id' | 'broughtBy' | 'broughtAtMs' | 'fileName' | 'taking' | 'outcome'
>;

/** Tables that nobody took in are forgotten after this time. */
const waitingMsMax = 7 * 86_400_000;

/** Whoever does it. */
export interface ImportDoer {
  readonly by: string;
  readonly through: string;
}

/** Keeps a table until somebody takes it in, with an audit row. */
export async function insertTagImport(
  database: Database,
  brought: ImportDoer & {
    readonly nowMs: number;
    readonly fileName: string;
    readonly table: KeptTable;
    readonly defaults: TableReading['defaults'];
  },
): Promise<number> {
  const { by, nowMs, fileName, table, defaults } = brought;
  const { origin, cells, headings } = table;
  return database.query.transaction(async (transaction) => {
    await transaction
      .delete(tagImports)
      .where(and(isNull(tagImports.outcome), lt(tagImports.broughtAt, nowMs - waitingMsMax)));
    const reading = { ...table.reading, defaults };
    const [row] = await transaction
      .insert(tagImports)
      .values({ broughtBy: by, broughtAt: nowMs, fileName, origin, cells, headings, reading })
      .returning({ id: tagImports.id });
    const id = row?.id ?? 0;
    const after = { rows: table.rows, kind: origin.kind };
    await appendAudit(transaction, [auditEntry(id, 'brought', brought, after)], nowMs);
    return id;
  });
}

function auditEntry(id: number, action: string, { by, through }: ImportDoer, after: unknown) {
  return {
    actorCode: by,
    through,
    action: `tag-import.${action}`,
    subjectKind: 'tag-import',
    subjectId: String(id),
    before: null,
    after,
  } satisfies AuditEntry;
}

/** Says anew what its columns mean, while it is not taken in; its rows are to be looked over again. */
export async function setTableReading(
  database: Database,
  id: number,
  reading: TableReading,
): Promise<void> {
  await database.query
    .update(tagImports)
    .set({ reading, checked: null })
    .where(and(eq(tagImports.id, id), isNull(tagImports.outcome)));
}

const lineColumns = {
  id: tagImports.id,
  broughtBy: tagImports.broughtBy,
  broughtAtMs: tagImports.broughtAt,
  fileName: tagImports.fileName,
  taking: tagImports.taking,
  outcome: tagImports.outcome,
};
const columns = {
  ...lineColumns,
  origin: tagImports.origin,
  headings: tagImports.headings,
  reading: tagImports.reading,
  checked: tagImports.checked,
};

export async function readTagImport(query: Queryable, id: number): Promise<TagImport | null> {
  const [row] = await query.select(columns).from(tagImports).where(eq(tagImports.id, id));
  return row ?? null;
}
export async function listTagImports(
  database: Database,
  limit: number,
): Promise<readonly TagImportLine[]> {
  return database.query
    .select(lineColumns)
    .from(tagImports)
    .orderBy(desc(tagImports.id))
    .limit(limit);
}

/** What would become of the rows, in their order; of a table that was taken in, what became of them. */
export async function listTagImportRows(
  database: Database,
  id: number,
  page: {
    /** null: of every kind. */
    readonly kind: PlannedRow['kind'] | null;
    readonly offset: number;
    readonly limit: number;
  },
): Promise<readonly PlannedRow[]> {
  const ofKind = page.kind === null ? undefined : eq(tagImportRows.kind, page.kind);
  const found = await database.query
    .select({ body: tagImportRows.body })
    .from(tagImportRows)
    .where(and(eq(tagImportRows.importId, id), ofKind))
    .orderBy(tagImportRows.row)
    .offset(page.offset)
    .limit(page.limit);
  return found.map(({ body }) => body);
}

/** Looks the rows over against the dictionary as it is now, and keeps what would become of each. */
export async function checkTagImport(database: Database, id: number, nowMs: number): Promise<void> {
  const [kept] = await database.query
    .select({ cells: tagImports.cells, reading: tagImports.reading })
    .from(tagImports)
    .where(and(eq(tagImports.id, id), isNull(tagImports.outcome)));
  if (kept === undefined) return;
  const surroundings = await loadTableSurroundings(database.query);
  const done = await doTableWorkAside({ kind: 'plan', ...kept, surroundings });
  if (done.kind !== 'planned') throw new Error(`A plan of import ${id} came out as ${done.kind}.`);
  await database.query.transaction(async (transaction) => {
    const [current] = await transaction
      .select({ reading: tagImports.reading, outcome: tagImports.outcome })
      .from(tagImports)
      .where(eq(tagImports.id, id))
      .for('update');
    // Somebody else has said anew what the columns mean, and looks the rows over by that.
    if (current?.outcome !== null || !isDeepStrictEqual(current.reading, kept.reading)) return;
    await keepRows(transaction, id, done.plan, nowMs);
  });
}

async function keepRows(
  transaction: Queryable,
  id: number,
  { counts, digest, chunks }: KeptPlan,
  nowMs: number,
): Promise<void> {
  await transaction.delete(tagImportRows).where(eq(tagImportRows.importId, id));
  for (const chunk of chunks) {
    await transaction.execute(sql`
      insert into tag_import_row (import_id, row, kind, body)
      select ${id}, (line.body ->> 'row')::integer, line.body ->> 'kind', line.body
      from jsonb_array_elements(${chunk}::jsonb) as line(body)`);
  }
  const checked: CheckedTable = { atMs: nowMs, counts, digest };
  await transaction.update(tagImports).set({ checked }).where(eq(tagImports.id, id));
}

/** Says that it is being written, with an audit row; false: it is so already, or it is taken in. */
export async function beginTaking(
  database: Database,
  id: number,
  asked: ImportDoer & { readonly rows: RowsWanted; readonly toWrite: number },
  nowMs: number,
): Promise<boolean> {
  const { by, rows, toWrite } = asked;
  const taking: Taking = { kind: 'running', by, rows, atMs: nowMs, written: 0, toWrite };
  return database.query.transaction(async (transaction) => {
    const begun = await transaction
      .update(tagImports)
      .set({ taking })
      .where(
        and(
          eq(tagImports.id, id),
          isNull(tagImports.outcome),
          sql`${tagImports.taking} ->> 'kind' is distinct from 'running'`,
        ),
      )
      .returning({ id: tagImports.id });
    if (begun.length === 0) return false;
    await appendAudit(transaction, [auditEntry(id, 'begun', asked, { rows, toWrite })], nowMs);
    return true;
  });
}

/** Says that writing it ended and left nothing, with an audit row; does nothing where it does not run. */
export async function endTaking(
  database: Database,
  id: number,
  end: { readonly kind: 'failed' } | ({ readonly kind: 'stopped' } & ImportDoer),
  nowMs: number,
): Promise<void> {
  const taking: Taking =
    end.kind === 'failed'
      ? { kind: 'failed', atMs: nowMs }
      : { kind: 'stopped', by: end.by, atMs: nowMs };
  await database.query.transaction(async (transaction) => {
    const ended = await transaction
      .update(tagImports)
      .set({ taking })
      .where(and(eq(tagImports.id, id), sql`${tagImports.taking} ->> 'kind' = 'running'`))
      .returning({ id: tagImports.id });
    if (ended.length === 0) return;
    const entry =
      end.kind === 'failed'
        ? { ...auditEntry(id, 'failed', { by: '', through: 'system' }, null), actorCode: null }
        : auditEntry(id, 'stopped', end, null);
    await appendAudit(transaction, [entry], nowMs);
  });
}

/** Says how far writing has come, for whoever looks on: what is written shows to nobody before its end. */
async function recordWritten(database: Database, id: number, written: number): Promise<void> {
  await database.sql`
    update tag_import set taking = jsonb_set(taking, '{written}', to_jsonb(${written}::integer))
    where id = ${id} and taking ->> 'kind' = 'running'`;
}

export interface TakingOrder extends ImportDoer {
  readonly importId: number;
  readonly rows: RowsWanted;
}

/**
 * Writes a table into the dictionary in one transaction with its versions and an audit row, so all of it or nothing;
 * where the rows would come to something else than was looked over, nothing, and what they would come to is kept to be
 * looked over again. Repeating it changes nothing. Takes seconds where there are tens of thousands of rows, of which a
 * good part keeps its thread busy. Throws the reason of `signal` once that is aborted.
 */
export async function takeInTagImport(
  database: Database,
  { importId: id, rows: wanted, by, through }: TakingOrder,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<void> {
  await database.query.transaction(async (transaction) => {
    // Readers go on; whoever else changes the dictionary waits, so that rows are held against what is there.
    await transaction.execute(sql`lock table tag in share row exclusive mode`);
    // Its row is left alone until the end: how far it has come is written to it meanwhile.
    const [kept] = await transaction.select().from(tagImports).where(eq(tagImports.id, id));
    if (kept === undefined || kept.outcome !== null) return;
    const surroundings = await loadTableSurroundings(transaction);
    const rows = planRows({ ...kept, surroundings });
    const plan = keepPlan(rows);
    const { counts } = plan;
    const isOther = plan.digest !== kept.checked?.digest;
    if (isOther || (wanted === 'all' && counts.refused > 0)) {
      await keepRows(transaction, id, plan, nowMs);
      const taking: Taking = { kind: 'overtaken', atMs: nowMs };
      await transaction.update(tagImports).set({ taking }).where(eq(tagImports.id, id));
      const entry = auditEntry(id, 'overtaken', { by, through }, counts);
      await appendAudit(transaction, [entry], nowMs);
      return;
    }
    signal.throwIfAborted();
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
        note: kept.fileName,
      },
      async (written) => {
        signal.throwIfAborted();
        await recordWritten(database, id, written);
      },
    );
    const outcome: ImportOutcome = { by, atMs: nowMs, counts };
    await transaction
      .update(tagImports)
      .set({ outcome, taking: null, cells: '[]' })
      .where(eq(tagImports.id, id));
    const entry = auditEntry(id, 'taken-in', { by, through }, { ...counts, rows: wanted });
    await appendAudit(transaction, [entry], nowMs);
  });
}

async function loadTableSurroundings(query: Queryable): Promise<TableSurroundings> {
  const [tagRows, attributeRows, people, departments, policy] = await Promise.all([
    query.select().from(tags).orderBy(tags.id),
    query.select().from(attributes),
    loadPeople(query),
    loadDepartments(query),
    findPolicy(query),
  ]);
  return {
    tags: tagRows satisfies readonly Tag[],
    attributes: attributeRows satisfies readonly Attribute[],
    people,
    departments,
    naming: policy?.naming ?? null,
  };
}
