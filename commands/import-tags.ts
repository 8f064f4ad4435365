import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { doTableWorkAside } from '../config/tag-table/aside.ts';
import { fileBytesMax } from '../config/tag-table/limits.ts';
import {
  beginTaking,
  checkTagImport,
  endTaking,
  insertTagImport,
  listTagImportRows,
  readTagImport,
  setTableReading,
  type TagImport,
} from '../db/stores/tag-imports.ts';
import type { PlannedRow } from '../domain/tag-table/planned-row.ts';
import type {
  CheckedTable,
  RowCounts,
  RowsWanted,
  TableReading,
} from '../domain/tag-table/table.ts';
import {
  stopTagImportSignal,
  tagImportWorkflowId,
  taskQueues,
  type TagImportInput,
} from '../workflows/messages.ts';
import { roleRefusal } from '../domain/department-rights.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';
import { isNotRunning, isUnavailable } from './temporal-errors.ts';

type Context = Pick<CommandContext, 'database' | 'now'>;

const fileNameCharsMax = 200;
const answerTimeoutMs = 10_000;
const pollMs = 100;

/** Reads a file of tags, looks its rows over and keeps it, for data admins to see before any of it is written. */
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
  const refuse = (refusal: CommandRefusal) =>
    auditingRefusal(context, actor, attempt, { kind: 'refused' as const, refusal });
  const refused = refusalOf(actor);
  if (refused !== null) return refuse(refused.refusal);
  if (file.bytes.length > fileBytesMax) {
    const fault = { kind: 'too-large', bytesMax: fileBytesMax } as const;
    return refuse({ kind: 'unreadable-table', fault });
  }
  const done = await doTableWorkAside({ kind: 'read', bytes: file.bytes });
  if (done.kind === 'unreadable') return refuse({ kind: 'unreadable-table', fault: done.fault });
  if (done.kind !== 'read') throw new Error(`Reading a table came out as ${done.kind}.`);
  const importId = await insertTagImport(context.database, {
    by: actor.person.code,
    through: actor.through,
    nowMs: context.now(),
    fileName: file.name.slice(-fileNameCharsMax),
    table: done.table,
    defaults: file.defaults,
  });
  await checkTagImport(context.database, importId, context.now());
  return { kind: 'done', importId };
}

/** Says what the columns of a table mean that was brought, and looks its rows over by that. */
export async function setTagTableReading(
  context: Context,
  actor: Actor,
  input: { readonly importId: number; readonly reading: Omit<TableReading, 'headerAt'> },
): Promise<CommandResult> {
  const { importId, reading } = input;
  const attempt = { action: 'read', subjectKind: 'tag-import', subjectId: String(importId) };
  const refuse = (refusal: CommandRefusal) =>
    auditingRefusal(context, actor, attempt, { kind: 'refused' as const, refusal });
  const refused = refusalOf(actor);
  if (refused !== null) return refuse(refused.refusal);
  const brought = await readTagImport(context.database.query, importId);
  if (brought === null) return notFound(importId);
  if (brought.outcome !== null) return refuse({ kind: 'taken-in-before', importId });
  if (brought.taking?.kind === 'running') return refuse({ kind: 'being-taken-in', importId });
  const columns = brought.headings.map((_, at) => reading.columns[at] ?? null);
  const named = columns.filter((field) => field !== null);
  if (
    new Set(named).size < named.length ||
    !named.some((one) => one === 'name' || one === 'code')
  ) {
    const expected = 'a name or a code, and each field in one column at most';
    return refuse({ kind: 'invalid', field: 'columns', expected });
  }
  const { headerAt } = brought.reading;
  await setTableReading(context.database, importId, {
    headerAt,
    columns,
    defaults: reading.defaults,
  });
  await checkTagImport(context.database, importId, context.now());
  return { kind: 'done' };
}

/** A table that was brought, with how many of its rows come to what, or came to it, and some of them. */
export interface LookedAtTable {
  readonly brought: TagImport;
  readonly counts: RowCounts;
  readonly rows: readonly PlannedRow[];
}

/** What would become of the rows of a table, or became of them. */
export async function lookAtTagTable(
  context: Context,
  actor: Actor,
  input: { readonly importId: number } & Parameters<typeof listTagImportRows>[2],
): Promise<CommandResult<LookedAtTable>> {
  const { importId, ...page } = input;
  const attempt = { action: 'read', subjectKind: 'tag-import', subjectId: String(importId) };
  const refused = refusalOf(actor);
  if (refused !== null) return auditingRefusal(context, actor, attempt, refused);
  const found = await readChecked(context, importId);
  if (found === null) return notFound(importId);
  const rows = await listTagImportRows(context.database, importId, page);
  const { brought, checked } = found;
  return { kind: 'done', brought, counts: brought.outcome?.counts ?? checked.counts, rows };
}

/** Its rows are looked over where whoever was to do it did not come to its end. */
async function readChecked(
  { database, now }: Context,
  importId: number,
): Promise<{ readonly brought: TagImport; readonly checked: CheckedTable } | null> {
  const read = () => readTagImport(database.query, importId);
  let brought = await read();
  if (brought !== null && brought.checked === null && brought.outcome === null) {
    await checkTagImport(database, importId, now());
    brought = await read();
  }
  if (brought === null) return null;
  const { checked, outcome } = brought;
  if (checked !== null) return { brought, checked };
  if (outcome === null) throw new Error(`The rows of import ${importId} were not looked over.`);
  return { brought, checked: { atMs: outcome.atMs, counts: outcome.counts, digest: '' } };
}

/**
 * Begins to write a table into the dictionary, whole or without the rows that cannot be taken in, and waits for its end
 * so long: `brought` says what came of it so far. What is being written already goes on (`unchanged`).
 */
export async function takeInTagTable(
  context: CommandContext,
  actor: Actor,
  input: { readonly importId: number; readonly rows: RowsWanted; readonly waitMs: number },
): Promise<CommandResult<{ readonly brought: TagImport }>> {
  const { importId } = input;
  const attempt = { action: 'take-in', subjectKind: 'tag-import', subjectId: String(importId) };
  return auditingRefusal(context, actor, attempt, await takeIn(context, actor, input));
}

async function takeIn(
  context: CommandContext,
  actor: Actor,
  input: { readonly importId: number; readonly rows: RowsWanted; readonly waitMs: number },
): Promise<CommandResult<{ readonly brought: TagImport }>> {
  const { importId, rows, waitMs } = input;
  const { database, now } = context;
  const refused = refusalOf(actor);
  if (refused !== null) return refused;
  const found = await readChecked(context, importId);
  if (found === null) return notFound(importId);
  if (found.brought.outcome !== null) {
    return { kind: 'refused', refusal: { kind: 'taken-in-before', importId } };
  }
  const { added, changed, refused: bad } = found.checked.counts;
  if (rows === 'all' && bad > 0) {
    return { kind: 'refused', refusal: { kind: 'rows-refused', count: bad } };
  }
  const { through, person } = actor;
  const asked = { by: person.code, through, rows, toWrite: added + changed };
  const isBegun = await beginTaking(database, importId, asked, now());
  const isStarted = await startTaking(context, {
    importId,
    rows,
    by: { personCode: person.code, through },
  });
  if (isStarted === null) {
    await endTaking(database, importId, { kind: 'failed' }, now());
    return { kind: 'refused', refusal: { kind: 'unavailable' } };
  }
  const brought = await waitForEnd(context, importId, waitMs);
  if (brought === null) return notFound(importId);
  return { kind: isBegun ? 'done' : 'unchanged', brought };
}

/** false: it runs already; null: Temporal does not answer. */
async function startTaking(
  { temporal }: CommandContext,
  input: TagImportInput,
): Promise<boolean | null> {
  try {
    await temporal.withDeadline(Date.now() + answerTimeoutMs, () =>
      temporal.workflow.start('tagImport', {
        workflowId: tagImportWorkflowId(input.importId),
        taskQueue: taskQueues.scans,
        args: [input],
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    if (isUnavailable(error)) return null;
    throw error;
  }
}

/** Stops what is being written, and waits for its end so long; nothing is written then, unless it was done before. */
export async function stopTagTable(
  context: CommandContext,
  actor: Actor,
  input: { readonly importId: number; readonly waitMs: number },
): Promise<CommandResult<{ readonly brought: TagImport }>> {
  const { importId, waitMs } = input;
  const attempt = { action: 'stop', subjectKind: 'tag-import', subjectId: String(importId) };
  return auditingRefusal(context, actor, attempt, await stop());

  async function stop(): Promise<CommandResult<{ readonly brought: TagImport }>> {
    const refused = refusalOf(actor);
    if (refused !== null) return refused;
    const { database, temporal, now } = context;
    const brought = await readTagImport(database.query, importId);
    if (brought === null) return notFound(importId);
    if (brought.outcome !== null) {
      return { kind: 'refused', refusal: { kind: 'taken-in-before', importId } };
    }
    if (brought.taking?.kind !== 'running') return { kind: 'unchanged', brought };
    const by = { personCode: actor.person.code, through: actor.through };
    try {
      await temporal.withDeadline(Date.now() + answerTimeoutMs, () =>
        temporal.workflow.getHandle(tagImportWorkflowId(importId)).signal(stopTagImportSignal, by),
      );
    } catch (error) {
      if (isUnavailable(error)) return { kind: 'refused', refusal: { kind: 'unavailable' } };
      if (!isNotRunning(error)) throw error;
      // Whoever began it went away before it was started.
      const end = { kind: 'stopped', by: by.personCode, through: by.through } as const;
      await endTaking(database, importId, end, now());
    }
    const ended = await waitForEnd(context, importId, waitMs);
    return ended === null ? notFound(importId) : { kind: 'done', brought: ended };
  }
}

async function waitForEnd(
  { database }: Context,
  importId: number,
  waitMs: number,
): Promise<TagImport | null> {
  const untilMs = Date.now() + waitMs;
  for (;;) {
    const brought = await readTagImport(database.query, importId);
    if (brought?.taking?.kind !== 'running' || Date.now() >= untilMs) return brought;
    await delay(pollMs);
  }
}

type Refused = { readonly kind: 'refused'; readonly refusal: CommandRefusal };

function refusalOf({ person }: Actor): Refused | null {
  return person.roles.includes('data-admin')
    ? null
    : { kind: 'refused', refusal: roleRefusal(person, 'data-admin') };
}

function notFound(importId: number): Refused {
  return {
    kind: 'refused',
    refusal: { kind: 'not-found', what: 'tag-import', id: String(importId) },
  };
}
