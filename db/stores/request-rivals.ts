import { and, desc, eq, gt, inArray, isNotNull, isNull, ne, notExists, or, sql } from 'drizzle-orm';
import { itemsOf, type Rivalry, type TagRequest } from '../../domain/request.ts';
import type { OtherRequest } from '../../domain/requests/contradictions.ts';
import { areRivals } from '../../domain/requests/rivals.ts';
import { severities } from '../../domain/severity.ts';
import { advisoryLocks } from '../advisory-locks.ts';
import type { Database } from '../client.ts';
import { fixes, requestMessages, requests } from '../schema/warnings.ts';
import { appendAudit, type Queryable } from './audit.ts';
import { announceQueue, queueUpdates } from './deliveries.ts';
import { insertRequestMessage } from './request-messages.ts';

/** Requests that are being decided or applied, the newest first. */
export async function listOpenRequests(database: Queryable): Promise<readonly OtherRequest[]> {
  return list(database, isOpen());
}

/**
 * Requests beside this one that are being decided or applied, or came into force since it was made and were not taken
 * back, the newest first. What came into force as a part of a batch goes by the batch's id.
 */
export async function listOtherRequests(
  database: Queryable,
  request: Pick<TagRequest, 'id' | 'createdAtMs'>,
): Promise<readonly OtherRequest[]> {
  return list(database, and(isOther(request), or(isOpen(), wasAppliedSince(request))));
}

function isOpen() {
  return and(inArray(requests.state, ['voting', 'applying']), isNull(requests.batchId));
}

function isOther({ id }: Pick<TagRequest, 'id'>) {
  return ne(sql`coalesce(${requests.batchId}, ${requests.id})`, id);
}

/** Of batches their items, for each is applied by itself. */
function wasAppliedSince({ createdAtMs }: Pick<TagRequest, 'createdAtMs'>) {
  return and(
    eq(requests.state, 'applied'),
    gt(requests.begunAt, createdAtMs),
    notExists(
      sql`(select from ${fixes} where ${fixes.requestId} = ${requests.id}
        and ${fixes.state} in ('undoing', 'undone'))`,
    ),
  );
}

async function list(
  database: Queryable,
  where: ReturnType<typeof and>,
): Promise<readonly OtherRequest[]> {
  return database
    .select({
      id: sql<number>`coalesce(${requests.batchId}, ${requests.id})`,
      proposal: requests.proposal,
      requesterCode: requests.requesterCode,
      state: sql<OtherRequest['state']>`${requests.state}`,
    })
    .from(requests)
    .where(where)
    .orderBy(desc(requests.id));
}

/**
 * Notes that an approved request begins to be applied. One request at a time gets here, so that of two that cannot come
 * true together one is first; the other one hears which. Repeated calls of the one that began answer null again.
 */
export async function beginApplication(
  database: Database,
  request: Pick<TagRequest, 'id' | 'batchId' | 'proposal' | 'createdAtMs'>,
  nowMs: number,
): Promise<OtherRequest | null> {
  return database.query.transaction(async (transaction) => {
    await transaction.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.applications})`);
    const [own] = await transaction
      .select({ begunAt: requests.begunAt })
      .from(requests)
      .where(eq(requests.id, request.id));
    if (own?.begunAt !== null) return null;
    const asked = { id: request.batchId ?? request.id, createdAtMs: request.createdAtMs };
    const isBeingApplied = and(eq(requests.state, 'applying'), isNotNull(requests.begunAt));
    const beside = and(isOther(asked), or(isBeingApplied, wasAppliedSince(asked)));
    const applied = await list(transaction, beside);
    const first = applied.find(({ proposal }) => areRivals(request.proposal, proposal));
    if (first !== undefined) return first;
    await transaction.update(requests).set({ begunAt: nowMs }).where(eq(requests.id, request.id));
    return null;
  });
}

/** What of a request that has ended came into force. */
async function cameIntoForce(database: Queryable, request: TagRequest) {
  if (request.proposal.kind !== 'batch') return [request.proposal];
  const items = await database
    .select({ proposal: requests.proposal })
    .from(requests)
    .where(and(eq(requests.batchId, request.id), eq(requests.state, 'applied')));
  return items.flatMap(({ proposal }) => itemsOf(proposal));
}

/** A request that was told of another one, and its requester, who is to hear of it. */
export interface ToldRival {
  readonly requestId: number;
  readonly messageId: number;
  readonly requesterCode: string;
}

/**
 * Tells the requests that are being decided and do not go together with one that has ended what became of it: on their
 * cards, which are brought up to date. Repeated calls answer the same and write nothing anew.
 */
export async function tellRivals(
  database: Database,
  { ended, nowMs }: { readonly ended: TagRequest; readonly nowMs: number },
): Promise<readonly ToldRival[]> {
  const isApplied = ended.state.kind === 'applied';
  return database.query.transaction(async (transaction) => {
    const done = isApplied ? await cameIntoForce(transaction, ended) : [ended.proposal];
    const rivals = (await listOpenRequests(transaction)).filter(
      ({ id, state, proposal }) =>
        id !== ended.id && state === 'voting' && done.some((one) => areRivals(one, proposal)),
    );
    const told: ToldRival[] = [];
    for (const { id: requestId, requesterCode } of rivals) {
      const rivalry = {
        requestId,
        kind: isApplied ? 'rival-applied' : 'rival-over',
        rival: { id: ended.id, requesterCode: ended.requesterCode },
        through: 'system',
        nowMs,
      } as const;
      const messageId =
        (await findRivalry(transaction, rivalry)) ?? (await recordRivalry(transaction, rivalry));
      told.push({ requestId, messageId, requesterCode });
    }
    return told;
  });
}

interface RivalryRecord {
  /** The request that is told. */
  readonly requestId: number;
  readonly kind: Rivalry['kind'];
  readonly rival: Pick<TagRequest, 'id' | 'requesterCode'>;
  readonly through: string;
  readonly nowMs: number;
}

const actions = {
  rival: 'request.contradicted',
  'rival-applied': 'request.rival-applied',
  'rival-over': 'request.rival-over',
} as const satisfies Record<Rivalry['kind'], string>;

async function findRivalry(
  database: Queryable,
  { requestId, kind, rival }: RivalryRecord,
): Promise<number | null> {
  const [row] = await database
    .select({ id: requestMessages.id })
    .from(requestMessages)
    .where(
      and(
        eq(requestMessages.requestId, requestId),
        eq(requestMessages.kind, kind),
        eq(requestMessages.text, String(rival.id)),
      ),
    );
  return row?.id ?? null;
}

/** Writes on a request what became of another one that does not go together with it; answers with the message's id. */
export async function recordRivalry(
  transaction: Queryable,
  { requestId, kind, rival, through, nowMs }: RivalryRecord,
): Promise<number> {
  const { id: rivalId, requesterCode: personCode } = rival;
  const id = await insertRequestMessage(transaction, {
    requestId,
    personCode,
    kind,
    questionId: null,
    text: String(rivalId),
    nowMs,
  });
  if (id === null) throw new Error(`Request ${requestId} was not told of request ${rivalId}.`);
  const subject = { kind: 'request', id: requestId } as const;
  await queueUpdates(transaction, { subject, rank: severities.indexOf('medium'), nowMs });
  await announceQueue(transaction);
  const entry = {
    actorCode: personCode,
    through,
    action: actions[kind],
    subjectKind: 'request',
    subjectId: String(requestId),
    before: null,
    after: { requestId: rivalId },
  };
  await appendAudit(transaction, [entry], nowMs);
  return id;
}
