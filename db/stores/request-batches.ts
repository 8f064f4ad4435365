import { eq } from 'drizzle-orm';
import type { BatchItem, BatchItemUndo } from '../../bot/views.ts';
import { itemsOf, type RequestState, type TagRequest } from '../../domain/request.ts';
import type { FixState } from '../../domain/fix.ts';
import type { Database } from '../client.ts';
import { fixes, requests } from '../schema/warnings.ts';
import { appendAudit } from './audit.ts';
import { loadRequest } from './requests.ts';

/**
 * Makes one change of an approved batch a request of its own, which is applied, shown and taken back like any other.
 * A repeated call answers with the one that is there.
 */
export async function insertBatchItem(
  database: Database,
  input: { readonly batch: TagRequest; readonly index: number; readonly nowMs: number },
): Promise<TagRequest> {
  const { batch, index, nowMs } = input;
  const proposal = itemsOf(batch.proposal)[index];
  if (proposal === undefined) throw new Error(`Request ${batch.id} has no item ${index}.`);
  const id = await database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .insert(requests)
      .values({
        proposal,
        requesterCode: batch.requesterCode,
        reason: batch.reason,
        state: 'applying',
        stateBody: { kind: 'applying' },
        memberCodes: batch.memberCodes,
        quorum: batch.quorum,
        vetoCodes: batch.vetoCodes,
        terms: batch.terms ?? null,
        batchId: batch.id,
        batchIndex: index,
        createdAt: batch.createdAtMs,
        dueAt: batch.dueAtMs,
        version: 1,
      })
      .onConflictDoNothing()
      .returning({ id: requests.id });
    if (row === undefined) return null;
    const entry = {
      actorCode: batch.requesterCode,
      through: 'system',
      action: 'request.item-begun',
      subjectKind: 'request',
      subjectId: String(row.id),
      before: null,
      after: { batchId: batch.id, item: index + 1, ...proposal },
    };
    await appendAudit(transaction, [entry], nowMs);
    return row.id;
  });
  const present = id ?? (await findItem(database, batch.id, index));
  const item = await loadRequest(database.query, present);
  if (item === null) throw new Error(`Item ${index} of request ${batch.id} has no row.`);
  return item;
}

async function findItem({ sql }: Database, batchId: number, index: number): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    select id from request where batch_id = ${batchId} and batch_index = ${index}`;
  return row?.id ?? 0;
}

/** What became of each change of a batch, in its order; those whose turn has not come have no request yet. */
export async function listBatchItems(
  database: Database,
  batch: TagRequest,
): Promise<readonly BatchItem[]> {
  if (batch.proposal.kind !== 'batch') return [];
  const begun = await database.query
    .select({ id: requests.id, index: requests.batchIndex, state: requests.stateBody })
    .from(requests)
    .where(eq(requests.batchId, batch.id));
  const [parts, [whole]] = await Promise.all([
    readParts(database, batch.id),
    database.query.select({ state: fixes.state }).from(fixes).where(eq(fixes.requestId, batch.id)),
  ]);
  return batch.proposal.items.map((proposal, index) => {
    const item = begun.find((one) => one.index === index);
    const state = stateOf(item?.state ?? null);
    const fix = item === undefined ? undefined : parts.get(item.id);
    return {
      proposal,
      requestId: item?.id ?? null,
      state,
      customers: fix?.customers ?? 0,
      undo: state?.kind === 'applied' ? undoOf(fix, whole?.state) : null,
    };
  });
}

function undoOf(part: Part | undefined, whole: FixState | undefined): BatchItemUndo | null {
  if (part?.state === 'undoing') return { kind: 'undoing' };
  if (part?.state === 'undone') return { kind: 'undone', customersLeft: part.customersLeft };
  return whole === 'undone' ? { kind: 'left' } : null;
}

function stateOf(state: RequestState | null): BatchItem['state'] {
  if (state?.kind === 'applied' || state?.kind === 'failed') return state;
  return state === null ? null : { kind: 'applying' };
}

/** What one of a batch's changes did. */
interface Part {
  readonly state: FixState;
  readonly customers: number;
  readonly customersLeft: number;
}

async function readParts({ sql }: Database, batchId: number): Promise<ReadonlyMap<number, Part>> {
  const rows = await sql<(Part & { requestId: number })[]>`
    select fix.request_id as "requestId", fix.state,
      count(distinct item.customer_id) filter (where item.outcome = 'changed') as customers,
      count(distinct item.customer_id)
        filter (where item.undo_outcome in ('changed-meanwhile', 'refused')) as "customersLeft"
    from fix join request on request.id = fix.request_id
      left join fix_item item on item.fix_id = fix.id
    where request.batch_id = ${batchId}
    group by fix.id`;
  return new Map(rows.map(({ requestId, ...part }) => [requestId, part]));
}

/** Fixes of a batch's changes that can still be taken back, what came last first, for it may stand on what came before. */
export async function listPartsToUndo(
  { sql }: Database,
  batchId: number,
): Promise<readonly number[]> {
  const rows = await sql<{ id: number }[]>`
    select fix.id from fix join request on request.id = fix.request_id
    where request.batch_id = ${batchId} and request.state = 'applied' and fix.state = 'written'
    order by request.batch_index desc`;
  return rows.map(({ id }) => id);
}
