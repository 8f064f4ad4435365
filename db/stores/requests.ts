import { and, desc, eq, lt, lte, sql as expression } from 'drizzle-orm';
import type { Person } from '../../domain/person.ts';
import {
  tagsOfProposal,
  type RequestProgress,
  type RequestProposal,
  type TagRequest,
} from '../../domain/request.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Database } from '../client.ts';
import { tags, tagVersions } from '../schema/dictionary.ts';
import { requests, voteNotes, votes } from '../schema/warnings.ts';
import { appendAudit, type AuditEntry, type Queryable } from './audit.ts';
import { recordMade } from './inbound-events.ts';

export async function loadRequest(database: Queryable, id: number): Promise<TagRequest | null> {
  const [row] = await database.select().from(requests).where(eq(requests.id, id));
  if (row === undefined) return null;
  const cast = await database.select().from(votes).where(eq(votes.requestId, id));
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
    })),
    memberCodes: row.memberCodes,
    quorum: row.quorum,
    vetoCodes: row.vetoCodes,
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
      .set({ state: request.state.kind, stateBody: request.state, version: request.version })
      .where(and(eq(requests.id, request.id), lt(requests.version, request.version)))
      .returning({ id: requests.id });
    if (changed.length === 0) return;
    for (const vote of request.votes) {
      const values = { ballot: vote.ballot, votedAt: vote.atMs };
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

/** The newest request about a tag that is still being decided; null where there is none. */
export async function findOpenRequestAbout(
  database: Queryable,
  tagCodes: readonly string[],
): Promise<{ readonly id: number; readonly proposal: RequestProposal } | null> {
  const open = await database
    .select({ id: requests.id, proposal: requests.proposal })
    .from(requests)
    .where(expression`${requests.state} in ('voting', 'applying')`)
    .orderBy(desc(requests.id));
  return (
    open.find(({ proposal }) => tagsOfProposal(proposal).some((code) => tagCodes.includes(code))) ??
    null
  );
}

/** Who may vote: active committee members other than the requester. */
export function committeeFor(
  people: ReadonlyMap<string, Person>,
  requesterCode: string,
): readonly string[] {
  return [...people.values()]
    .filter((person) => person.roles.includes('committee') && person.status === 'active')
    .map((person) => person.code)
    .filter((code) => code !== requesterCode)
    .sort();
}

/** Puts an approved tag into the dictionary; harmless when it is there already. */
export async function createApprovedTag(
  database: Database,
  input: {
    readonly requestId: number;
    readonly proposal: Extract<RequestProposal, { kind: 'create-tag' }>;
    readonly requesterCode: string;
    readonly nowMs: number;
  },
): Promise<void> {
  const { proposal } = input;
  await database.query.transaction(async (transaction) => {
    const [tag] = await transaction
      .insert(tags)
      .values({
        code: proposal.code,
        name: proposal.name,
        definition: proposal.definition,
        level: proposal.level,
        category: proposal.category,
        parentCode: null,
        departmentCodes: proposal.departmentCodes,
        ownerCode: proposal.ownerCode,
        status: 'active',
        lifeDays: proposal.lifeDays,
        successorCode: null,
        confirmEveryDays: null,
        criteria: null,
        sensitive: false,
        version: 1,
      })
      .onConflictDoNothing()
      .returning();
    if (tag === undefined) return;
    await recordVersion(transaction, { ...input, action: 'tag.created', before: null, after: tag });
  });
}

/** Takes the tag out of use that was merged away or retired, with its successor where it has one. */
export async function takeTagOutOfUse(
  database: Database,
  input: {
    readonly requestId: number;
    readonly code: string;
    readonly to:
      | { readonly status: 'deprecated'; readonly successorCode: string }
      | { readonly status: 'archived'; readonly successorCode: null };
    readonly requesterCode: string;
    readonly nowMs: number;
  },
): Promise<void> {
  const { code, to } = input;
  await database.query.transaction(async (transaction) => {
    const [before] = await transaction.select().from(tags).where(eq(tags.code, code)).for('update');
    const isSo = before?.status === to.status && before.successorCode === to.successorCode;
    if (before === undefined || isSo) return;
    const [after] = await transaction
      .update(tags)
      .set({ ...to, version: before.version + 1 })
      .where(eq(tags.code, code))
      .returning();
    if (after === undefined) return;
    const action = to.status === 'archived' ? 'tag.archived' : 'tag.deprecated';
    await recordVersion(transaction, { ...input, action, before, after });
  });
}

/**
 * Makes a tag that an undone request had taken out of use what it was before, and lets the request's card be drawn
 * anew. That merged tags mean the same stays written down. Repeated calls are harmless.
 */
export async function restoreTag(
  database: Database,
  input: { readonly requestId: number; readonly actorCode: string; readonly nowMs: number },
): Promise<void> {
  const { requestId, actorCode } = input;
  await database.query.transaction(async (transaction) => {
    const [request] = await transaction
      .update(requests)
      .set({ version: expression`${requests.version} + 1` })
      .where(eq(requests.id, requestId))
      .returning({ proposal: requests.proposal });
    const [code] = request === undefined ? [] : tagsOfProposal(request.proposal);
    if (code === undefined) return;
    const [before] = await transaction.select().from(tags).where(eq(tags.code, code)).for('update');
    if (before === undefined) return;
    const versions = await transaction
      .select({ body: tagVersions.body, reason: tagVersions.reason })
      .from(tagVersions)
      .where(and(eq(tagVersions.tagCode, code), lte(tagVersions.version, before.version)))
      .orderBy(desc(tagVersions.version))
      .limit(2);
    const [made, earlier] = versions;
    // Whatever became of the tag otherwise, by configuration or another request, is not ours to take back.
    if (made?.body.version !== before.version || made.reason !== reasonOf(requestId)) return;
    const { status, successorCode } = earlier?.body ?? { status: 'active', successorCode: null };
    const [after] = await transaction
      .update(tags)
      .set({ status, successorCode, version: before.version + 1 })
      .where(eq(tags.code, code))
      .returning();
    if (after === undefined) return;
    const change = { requestId, requesterCode: actorCode, nowMs: input.nowMs };
    await recordVersion(transaction, {
      ...change,
      reason: `undo of request ${requestId}`,
      action: 'tag.restored',
      before,
      after,
    });
  });
}

function reasonOf(requestId: number): string {
  return `request ${requestId}`;
}

async function recordVersion(
  transaction: Queryable,
  input: {
    readonly requestId: number;
    readonly requesterCode: string;
    /** @default the request's number */
    readonly reason?: string;
    readonly action: 'tag.created' | 'tag.deprecated' | 'tag.archived' | 'tag.restored';
    readonly before: Tag | null;
    readonly after: Tag;
    readonly nowMs: number;
  },
): Promise<void> {
  const { before, after, nowMs } = input;
  await transaction.insert(tagVersions).values({
    tagCode: after.code,
    version: after.version,
    body: after,
    changedBy: input.requesterCode,
    changedAt: nowMs,
    reason: input.reason ?? reasonOf(input.requestId),
  });
  await appendAudit(
    transaction,
    [
      {
        actorCode: input.requesterCode,
        through: 'system',
        action: input.action,
        subjectKind: 'tag',
        subjectId: after.code,
        before,
        after,
      },
    ],
    nowMs,
  );
}
