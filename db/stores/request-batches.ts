import { eq } from 'drizzle-orm';
import type { BatchItem } from '../../bot/views.ts';
import { itemsOf, type RequestState, type TagRequest } from '../../domain/request.ts';
import type { FixState } from '../../domain/fix.ts';
import type { Database } from '../client.ts';
import { requests } from '../schema/warnings.ts';
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
  const fixes = await countFixes(database, batch.id);
  return batch.proposal.items.map((proposal, index) => {
    const item = begun.find((one) => one.index === index);
    const fix = item === undefined ? undefined : fixes.get(item.id);
    return {
      proposal,
      requestId: item?.id ?? null,
      state: stateOf(item?.state ?? null),
      customers: fix?.customers ?? 0,
      isUndone: fix?.state === 'undone',
    };
  });
}

function stateOf(state: RequestState | null): BatchItem['state'] {
  if (state?.kind === 'applied' || state?.kind === 'failed') return state;
  return state === null ? null : { kind: 'applying' };
}

async function countFixes(
  { sql }: Database,
  batchId: number,
): Promise<ReadonlyMap<number, { readonly state: FixState; readonly customers: number }>> {
  const rows = await sql<{ requestId: number; state: FixState; customers: number }[]>`
    select fix.request_id as "requestId", fix.state,
      (select count(*) from fix_item item
        where item.fix_id = fix.id and item.outcome = 'changed') as customers
    from fix join request on request.id = fix.request_id
    where request.batch_id = ${batchId}`;
  return new Map(rows.map(({ requestId, ...fix }) => [requestId, fix]));
}
