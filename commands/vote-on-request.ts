import type { WorkflowHandle } from '@temporalio/client';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { deleteVoteNote, insertVoteNote, loadRequest } from '../db/stores/requests.ts';
import type { Person } from '../domain/person.ts';
import {
  doorRefusal,
  standsInFor,
  voteRefusal,
  type Ballot,
  type TagRequest,
  type VoteRefusal,
} from '../domain/request.ts';
import { standInCode } from '../domain/rights.ts';
import { requestWorkflowId, voteUpdate, type VoteResult } from '../workflows/messages.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';
import { startRequestWorkflow } from './request-workflow.ts';
import { isNotRunning, isUnavailable } from './temporal-errors.ts';

export type RequestOutcome = CommandResult<{ readonly request: TagRequest }>;

const commentCharsMax = 1000;

/** Casts or changes a committee member's vote. Nobody votes on their own request. */
export async function voteOnRequest(
  context: CommandContext,
  actor: Actor,
  input: {
    readonly requestId: number;
    readonly ballot: Ballot;
    readonly comment: string;
    /** @default the absent member whose deputy the actor is, where they have no seat of their own */
    readonly inPlaceOf?: string | undefined;
  },
): Promise<RequestOutcome> {
  const result = await vote(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    { action: 'vote', subjectKind: 'request', subjectId: String(input.requestId) },
    result,
  );
}

async function vote(
  context: CommandContext,
  actor: Actor,
  input: {
    readonly requestId: number;
    readonly ballot: Ballot;
    readonly comment: string;
    /** @default the absent member whose deputy the actor is, where they have no seat of their own */
    readonly inPlaceOf?: string | undefined;
  },
): Promise<RequestOutcome> {
  if (input.comment.length > commentCharsMax) {
    const expected = `at most ${commentCharsMax} characters`;
    return { kind: 'refused', refusal: { kind: 'invalid', field: 'comment', expected } };
  }
  const request = await loadRequest(context.database.query, input.requestId);
  if (request === null) {
    const id = String(input.requestId);
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'request', id } };
  }
  const { person, through } = actor;
  const { people } = await readCurrentKnowledge(context.database);
  const nowMs = context.now();
  const place = inPlaceOf(request, input.inPlaceOf, { person, people, nowMs });
  const refusal =
    formerMemberRefusal(request, person, people) ??
    absenceRefusal(request, place.inPlaceOf, { person, people, nowMs }) ??
    voteRefusal(request, { by: person.code, ballot: input.ballot, atMs: nowMs, ...place }) ??
    doorRefusal(request, actor.through);
  if (refusal !== null) return { kind: 'refused', refusal };
  const text = input.comment.trim();
  const noteId =
    text === ''
      ? null
      : await insertVoteNote(context.database.query, {
          requestId: request.id,
          personCode: person.code,
          text,
          nowMs: context.now(),
        });
  const result = await updateRequest(context, request.id, (handle) =>
    handle.executeUpdate(voteUpdate, {
      ...(actor.actId === undefined ? {} : { updateId: actor.actId }),
      args: [
        { personCode: person.code, through },
        { ballot: input.ballot, noteId, ...place },
      ],
    }),
  );
  // Without an answer the vote may still come to count, and its comment with it.
  const isTurnedDown = result.kind === 'refused' && result.refusal.kind !== 'unavailable';
  if (noteId !== null && isTurnedDown) await deleteVoteNote(context.database.query, noteId);
  return result;
}

interface Voter {
  readonly person: Person;
  readonly people: ReadonlyMap<string, Person>;
  readonly nowMs: number;
}

function inPlaceOf(
  request: TagRequest,
  asked: string | undefined,
  { person, people, nowMs }: Voter,
): { readonly inPlaceOf?: string } {
  const code = asked ?? standsInFor(request, person, { people, atMs: nowMs });
  return code === null ? {} : { inPlaceOf: code };
}

function formerMemberRefusal(
  { memberCodes, terms }: TagRequest,
  { code }: Person,
  people: ReadonlyMap<string, Person>,
): VoteRefusal | null {
  const person = people.get(code);
  const isStill = person?.status === 'active' && person.roles.includes('committee');
  const isChair = terms?.chair?.code === code && person?.status === 'active';
  return memberCodes.includes(code) && !isStill && !isChair ? { kind: 'former-member' } : null;
}

/** A deputy votes only for a member of this vote who is one still, is away, and has named them. */
function absenceRefusal(
  request: TagRequest,
  memberCode: string | undefined,
  voter: Voter,
): VoteRefusal | null {
  if (memberCode === undefined) return null;
  const member = voter.people.get(memberCode) ?? null;
  const hasSeat = member !== null && request.memberCodes.includes(memberCode);
  if (!hasSeat || formerMemberRefusal(request, member, voter.people) !== null) {
    return { kind: 'not-a-member' };
  }
  return standInCode(member, voter.nowMs) === voter.person.code
    ? null
    : { kind: 'not-absent', personCode: memberCode };
}

/** Sends an update; starts a workflow that should run and does not, and sends it again. */
export async function updateRequest(
  context: CommandContext,
  requestId: number,
  send: (handle: WorkflowHandle) => Promise<VoteResult>,
): Promise<RequestOutcome> {
  const handle = context.temporal.workflow.getHandle(requestWorkflowId(requestId));
  try {
    return await answer(context, requestId, await send(handle));
  } catch (error) {
    if (isUnavailable(error)) return { kind: 'refused', refusal: { kind: 'unavailable' } };
    if (!isNotRunning(error)) throw error;
  }
  const isRunning = await startRequestWorkflow(context, requestId);
  if (!isRunning) return { kind: 'refused', refusal: { kind: 'unavailable' } };
  return answer(context, requestId, await send(handle));
}

async function answer(
  context: CommandContext,
  requestId: number,
  result: VoteResult,
): Promise<RequestOutcome> {
  if (result.kind === 'refused') return result;
  const request = await loadRequest(context.database.query, requestId);
  if (request === null) throw new Error(`Request ${requestId} has no row.`);
  return { kind: 'done', request };
}
