import type { WorkflowHandle } from '@temporalio/client';
import { insertVoteNote, loadRequest } from '../db/stores/requests.ts';
import { voteRefusal, type Ballot, type TagRequest } from '../domain/request.ts';
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
  input: { readonly requestId: number; readonly ballot: Ballot; readonly comment: string },
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
  input: { readonly requestId: number; readonly ballot: Ballot; readonly comment: string },
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
  const refusal = voteRefusal(request, { by: person.code, ballot: input.ballot });
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
  return updateRequest(context, request.id, (handle) =>
    handle.executeUpdate(voteUpdate, {
      ...(actor.actId === undefined ? {} : { updateId: actor.actId }),
      args: [
        { personCode: person.code, through },
        { ballot: input.ballot, noteId },
      ],
    }),
  );
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
