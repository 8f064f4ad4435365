import { and, asc, eq, lt, notInArray, sql as expression } from 'drizzle-orm';
import { nobodyUndecided, type AttachedBackTest } from '../../domain/back-test.ts';
import type { RequestProgress, TagRequest } from '../../domain/request.ts';
import { tagsOfProposal } from '../../domain/requests/registry.ts';
import type { Database } from '../client.ts';
import { requests, voteNotes, votes } from '../schema/warnings.ts';
import { appendAudit, type AuditEntry, type Queryable } from './audit.ts';
import { recordMade } from './inbound-events.ts';

export async function loadRequest(database: Queryable, id: number): Promise<TagRequest | null> {
  const [row] = await database.select().from(requests).where(eq(requests.id, id));
  if (row === undefined) return null;
  const cast = await database
    .select()
    .from(votes)
    .where(eq(votes.requestId, id))
    .orderBy(asc(votes.votedAt));
  return {
    id: row.id,
    proposal: row.proposal,
    requesterCode: row.requesterCode,
    reason: row.reason,
    state: row.stateBody,
    votes: cast.map((vote) => ({
      by: vote.personCode,
      ballot: vote.ballot,
      comment: vote.comment,
      atMs: vote.votedAt,
      ...(vote.inPlaceOf === null ? {} : { inPlaceOf: vote.inPlaceOf }),
    })),
    memberCodes: row.memberCodes,
    quorum: row.quorum,
    vetoCodes: row.vetoCodes,
    ...(row.terms === null ? {} : { terms: row.terms }),
    ...(row.batchId === null ? {} : { batchId: row.batchId }),
    createdAtMs: row.createdAt,
    dueAtMs: row.dueAt,
    version: row.version,
  };
}

/** Records a new request and says so in the audit trail, in one transaction. */
export async function insertRequest(
  database: Database,
  request: Omit<TagRequest, 'id' | 'votes' | 'version'>,
  by: { readonly through: string; readonly actId?: string | undefined },
): Promise<TagRequest> {
  const { through, actId } = by;
  return database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .insert(requests)
      .values({
        proposal: request.proposal,
        requesterCode: request.requesterCode,
        reason: request.reason,
        state: request.state.kind,
        stateBody: request.state,
        memberCodes: request.memberCodes,
        quorum: request.quorum,
        vetoCodes: request.vetoCodes,
        terms: request.terms ?? null,
        createdAt: request.createdAtMs,
        dueAt: request.dueAtMs,
        version: 1,
      })
      .returning({ id: requests.id });
    if (row === undefined) throw new Error('The request was not recorded.');
    if (actId !== undefined) await recordMade(transaction, { through, actId }, String(row.id));
    await appendAudit(
      transaction,
      [
        {
          actorCode: request.requesterCode,
          through,
          action: 'request.submitted',
          subjectKind: 'request',
          subjectId: String(row.id),
          before: null,
          after: request.proposal,
        },
      ],
      request.createdAtMs,
    );
    return { ...request, id: row.id, votes: [], version: 1 };
  });
}

/** Attaches what the rule of a request would flag; the request itself stays as it is. */
export async function saveBackTest(
  database: Queryable,
  requestId: number,
  backTest: AttachedBackTest,
): Promise<void> {
  await database.update(requests).set({ backTest }).where(eq(requests.id, requestId));
}

export async function loadBackTest(
  database: Queryable,
  requestId: number,
): Promise<AttachedBackTest | null> {
  const [row] = await database
    .select({ backTest: requests.backTest })
    .from(requests)
    .where(eq(requests.id, requestId));
  const kept = row?.backTest ?? null;
  return kept === null ? null : { undecided: nobodyUndecided, ...kept };
}

/** Keeps a comment until its vote is counted; returns the note's id. */
export async function insertVoteNote(
  database: Queryable,
  note: {
    readonly requestId: number;
    readonly personCode: string;
    readonly text: string;
    readonly nowMs: number;
  },
): Promise<number> {
  const { nowMs, ...values } = note;
  const [row] = await database
    .insert(voteNotes)
    .values({ ...values, writtenAt: nowMs })
    .returning({ id: voteNotes.id });
  if (row === undefined) throw new Error('The comment was not recorded.');
  return row.id;
}

/** Forgets the comment of a vote that was turned down. */
export async function deleteVoteNote(database: Queryable, noteId: number): Promise<void> {
  await database.delete(voteNotes).where(eq(voteNotes.id, noteId));
}

/**
 * Writes what the request's workflow decided, with its audit row and, for a vote, the comment of its note.
 * A version that is already there changes nothing, so a repeated call is harmless.
 */
export async function projectRequest(
  database: Database,
  input: {
    readonly request: RequestProgress;
    readonly noteId: number | null;
    readonly audit: AuditEntry;
    readonly nowMs: number;
  },
): Promise<void> {
  const { request, noteId, audit, nowMs } = input;
  await database.query.transaction(async (transaction) => {
    const changed = await transaction
      .update(requests)
      .set({
        state: request.state.kind,
        stateBody: request.state,
        dueAt: request.dueAtMs,
        version: request.version,
      })
      .where(and(eq(requests.id, request.id), lt(requests.version, request.version)))
      .returning({ id: requests.id });
    if (changed.length === 0) return;
    // A member who is back takes the place of their deputy's vote.
    const voterCodes = request.votes.map((vote) => vote.by);
    await transaction
      .delete(votes)
      .where(and(eq(votes.requestId, request.id), notInArray(votes.personCode, voterCodes)));
    for (const vote of request.votes) {
      const inPlaceOf = vote.inPlaceOf ?? null;
      const values = { ballot: vote.ballot, votedAt: vote.atMs, inPlaceOf };
      await transaction
        .insert(votes)
        .values({ requestId: request.id, personCode: vote.by, comment: '', ...values })
        .onConflictDoUpdate({ target: [votes.requestId, votes.personCode], set: values });
    }
    if (noteId !== null) await attachNote(transaction, noteId);
    await appendAudit(transaction, [audit], nowMs);
  });
}

async function attachNote(transaction: Queryable, noteId: number): Promise<void> {
  const [note] = await transaction.select().from(voteNotes).where(eq(voteNotes.id, noteId));
  if (note === undefined) return;
  await transaction
    .update(votes)
    .set({ comment: note.text })
    .where(and(eq(votes.requestId, note.requestId), eq(votes.personCode, note.personCode)));
}

/** What came of a review of tags, oldest first. */
export async function listRequestsOfReview(
  database: Queryable,
  reviewId: number,
): Promise<readonly { readonly id: number; readonly tagCodes: readonly string[] }[]> {
  const rows = await database
    .select({ id: requests.id, proposal: requests.proposal })
    .from(requests)
    .where(expression`${requests.proposal} ->> 'reviewId' = ${String(reviewId)}`)
    .orderBy(requests.id);
  return rows.map(({ id, proposal }) => ({ id, tagCodes: tagsOfProposal(proposal) }));
}
