import { appendAudit } from '../db/stores/audit.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { announceQueue, queueUpdates } from '../db/stores/deliveries.ts';
import { insertRequestMessage, listRequestMessages } from '../db/stores/request-messages.ts';
import { loadRequest } from '../db/stores/requests.ts';
import { severities } from '../domain/severity.ts';
import {
  talkRefusal,
  type RequestMessage,
  type SaidKind,
  type TagRequest,
} from '../domain/request.ts';
import { requestNewsSignal, requestWorkflowId, type RequestNews } from '../workflows/messages.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { madeBy, recordMadeBy } from './made.ts';
import { noteFault } from './note.ts';
import { auditingRefusal } from './refused.ts';
import { isNotRunning, isUnavailable } from './temporal-errors.ts';

export type TalkResult = CommandResult<{
  readonly request: TagRequest;
  readonly messageId: number;
}>;

/** What somebody says, and whom of a request it should reach at once. */
interface Said {
  readonly requestId: number;
  readonly kind: SaidKind;
  readonly questionId: number | null;
  readonly text: string;
  readonly reaches: (request: TagRequest, messages: readonly RequestMessage[]) => readonly string[];
}

const actions = {
  comment: 'request.commented',
  question: 'request.asked',
  answer: 'request.answered',
} as const;

/**
 * Keeps what the actor says about a request and brings every card of it up to date. It stands in the database before
 * the workflow hears of it: where Temporal does not answer, the cards show it all the same.
 */
export async function talkAboutRequest(
  context: CommandContext,
  actor: Actor,
  said: Said,
): Promise<TalkResult> {
  const result = await talk(context, actor, said);
  return auditingRefusal(
    context,
    actor,
    { action: said.kind, subjectKind: 'request', subjectId: String(said.requestId) },
    result,
  );
}

async function talk(context: CommandContext, actor: Actor, said: Said): Promise<TalkResult> {
  const { query } = context.database;
  const request = await loadRequest(query, said.requestId);
  if (request === null)
    return refused({ kind: 'not-found', what: 'request', id: String(said.requestId) });
  const made = await madeBy(query, actor);
  if (made !== null) return { kind: 'done', request, messageId: Number(made) };
  const [messages, { people }] = await Promise.all([
    listRequestMessages(query, request.id),
    readCurrentKnowledge(context.database),
  ]);
  const refusal =
    talkRefusal(request, { person: actor.person, kind: said.kind, people }) ??
    noteFault(said.text, { field: 'comment', required: true }) ??
    questionFault(said, messages);
  if (refusal !== null) return refused(refusal);
  const messageId = await keep(context, actor, said);
  if (messageId === null) return refused({ kind: 'already-answered' });
  await tellOfRequest(
    context,
    request.id,
    newsOf(said, messageId, said.reaches(request, messages)),
  );
  return { kind: 'done', request, messageId };
}

function refused(refusal: CommandRefusal): TalkResult {
  return { kind: 'refused', refusal };
}

function questionFault(
  { questionId }: Said,
  messages: readonly RequestMessage[],
): CommandRefusal | null {
  if (questionId === null) return null;
  const isThere = messages.some((one) => one.kind === 'question' && one.id === questionId);
  return isThere ? null : { kind: 'not-found', what: 'question', id: String(questionId) };
}

async function keep(context: CommandContext, actor: Actor, said: Said): Promise<number | null> {
  const nowMs = context.now();
  const { requestId, kind, questionId } = said;
  const personCode = actor.person.code;
  return context.database.query.transaction(async (transaction) => {
    const text = said.text.trim();
    const message = { requestId, personCode, kind, questionId, text, nowMs };
    const id = await insertRequestMessage(transaction, message);
    if (id === null) return null;
    const subject = { kind: 'request' as const, id: requestId };
    await queueUpdates(transaction, { subject, rank: severities.indexOf('medium'), nowMs });
    await announceQueue(transaction);
    await recordMadeBy(transaction, actor, String(id));
    const entry = {
      actorCode: personCode,
      through: actor.through,
      action: actions[kind],
      subjectKind: 'request',
      subjectId: String(requestId),
      before: null,
      after: { comment: text, ...(questionId === null ? {} : { questionId }) },
    };
    await appendAudit(transaction, [entry], nowMs);
    return id;
  });
}

function newsOf(said: Said, messageId: number, personCodes: readonly string[]): RequestNews {
  return {
    purpose: said.kind === 'question' ? `question-${messageId}` : `answer-${messageId}`,
    personCodes,
  };
}

/** A request that is decided has no workflow any more, and nobody waits to hear. */
export async function tellOfRequest(
  context: CommandContext,
  requestId: number,
  news: RequestNews,
): Promise<void> {
  try {
    await context.temporal.workflow
      .getHandle(requestWorkflowId(requestId))
      .signal(requestNewsSignal, news);
  } catch (error) {
    if (!isNotRunning(error) && !isUnavailable(error)) throw error;
  }
}
