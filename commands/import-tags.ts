import { readTable } from '../config/tag-table/read-table.ts';
import type { PlannedRow } from '../domain/tag-table/planned-row.ts';
import { findHeader } from '../domain/tag-table/fields.ts';
import type { ImportOutcome, TableReading } from '../domain/tag-table/table.ts';
import {
  insertTagImport,
  planTagImport,
  readTagImport,
  setTableReading,
  takeInTagImport,
  type TagImport,
} from '../db/stores/tag-imports.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

type Context = Pick<CommandContext, 'database' | 'now'>;

const fileNameCharsMax = 200;

/** Reads a file of tags and keeps it, for data admins to look at before any of it is written. */
export async function bringTagTable(
  context: Context,
  actor: Actor,
  file: {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly defaults: TableReading['defaults'];
  },
): Promise<CommandResult<{ readonly importId: number }>> {
  const attempt = { action: 'bring', subjectKind: 'tag-import', subjectId: 'new' };
  const refused = refusalOf(actor);
  if (refused !== null) return auditingRefusal(context, actor, attempt, refused);
  const read = await readTable(file.bytes);
  if (read.kind === 'unreadable') {
    const refusal = { kind: 'unreadable-table', fault: read.fault } as const;
    return auditingRefusal(context, actor, attempt, { kind: 'refused', refusal });
  }
  const importId = await insertTagImport(context.database, {
    by: actor.person.code,
    through: actor.through,
    nowMs: context.now(),
    fileName: file.name.slice(-fileNameCharsMax),
    table: read.table,
    reading: { ...findHeader(read.table.rows), defaults: file.defaults },
  });
  return { kind: 'done', importId };
}

/** Says what the columns of a table mean that was brought. */
export async function setTagTableReading(
  context: Context,
  actor: Actor,
  input: { readonly importId: number; readonly reading: Omit<TableReading, 'headerAt'> },
): Promise<CommandResult> {
  const { importId, reading } = input;
  const found = await lookAtTagTable(context, actor, { importId });
  if (found.kind === 'refused') return found;
  const { brought } = found;
  const attempt = { action: 'read', subjectKind: 'tag-import', subjectId: String(importId) };
  const refuse = (refusal: CommandRefusal) =>
    auditingRefusal(context, actor, attempt, { kind: 'refused' as const, refusal });
  if (brought.outcome !== null) return refuse({ kind: 'taken-in-before', importId });
  const { headerAt } = brought.reading;
  const columns = brought.rows[headerAt]?.map((_, at) => reading.columns[at] ?? null) ?? [];
  const named = columns.filter((field) => field !== null);
  if (
    new Set(named).size < named.length ||
    !named.some((one) => one === 'name' || one === 'code')
  ) {
    const expected = 'a name or a code, and each field in one column at most';
    return refuse({ kind: 'invalid', field: 'columns', expected });
  }
  const { defaults } = reading;
  await setTableReading(context.database, importId, { headerAt, columns, defaults });
  return { kind: 'done' };
}

/** A table that was brought, with what would become of each row, or became of it. */
export async function lookAtTagTable(
  context: Context,
  actor: Actor,
  { importId }: { readonly importId: number },
): Promise<CommandResult<{ readonly brought: TagImport; readonly rows: readonly PlannedRow[] }>> {
  const attempt = { action: 'read', subjectKind: 'tag-import', subjectId: String(importId) };
  const refused = refusalOf(actor);
  if (refused !== null) return auditingRefusal(context, actor, attempt, refused);
  const brought = await readTagImport(context.database, importId);
  if (brought === null) return notFound(importId);
  return { kind: 'done', brought, rows: await planTagImport(context.database, brought) };
}

/** Writes a table into the dictionary: whole, or without the rows that cannot be taken in. */
export async function takeInTagTable(
  context: Context,
  actor: Actor,
  input: { readonly importId: number; readonly rows: 'all' | 'good' },
): Promise<CommandResult<{ readonly outcome: ImportOutcome }>> {
  const { importId, rows } = input;
  const attempt = { action: 'take-in', subjectKind: 'tag-import', subjectId: String(importId) };
  return auditingRefusal(context, actor, attempt, await takeIn());

  async function takeIn(): Promise<CommandResult<{ readonly outcome: ImportOutcome }>> {
    const refused = refusalOf(actor);
    if (refused !== null) return refused;
    const taken = await takeInTagImport(context.database, {
      id: importId,
      rows,
      by: actor.person.code,
      through: actor.through,
      nowMs: context.now(),
    });
    switch (taken.kind) {
      case 'taken':
        return { kind: 'done', outcome: taken.outcome };
      case 'not-found':
        return notFound(importId);
      case 'taken-before':
        return { kind: 'refused', refusal: { kind: 'taken-in-before', importId } };
      case 'rows-refused':
        return { kind: 'refused', refusal: { kind: 'rows-refused', count: taken.count } };
    }
  }
}

type Refused = { readonly kind: 'refused'; readonly refusal: CommandRefusal };

function refusalOf({ person }: Actor): Refused | null {
  return person.roles.includes('data-admin')
    ? null
    : { kind: 'refused', refusal: { kind: 'role-needed', role: 'data-admin' } };
}

function notFound(importId: number): Refused {
  return {
    kind: 'refused',
    refusal: { kind: 'not-found', what: 'tag-import', id: String(importId) },
  };
}
