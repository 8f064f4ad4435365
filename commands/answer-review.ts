import { announceQueue, queueUpdates } from '../db/stores/deliveries.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { answerReviewItems, loadReview, workflowOfReview } from '../db/stores/tag-reviews.ts';
import { severities } from '../domain/severity.ts';
import { itemsFor, mayAnswer, type ReviewAnswer, type TagReview } from '../domain/tag-review.ts';
import { reviewAnsweredSignal } from '../workflows/messages.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';
import { isNotRunning, isUnavailable } from './temporal-errors.ts';

export interface ReviewAnswers {
  readonly reviewId: number;
  /** Codes of tags. */
  readonly keep: readonly string[];
  readonly retire: readonly string[];
  /** What of the actor's own is not named and not answered yet is kept. */
  readonly keepRest: boolean;
}

type Answered = CommandResult<{ readonly keep: number; readonly retire: number }>;

/** An owner says which of their tags are still needed; until the round ends they may say otherwise. */
export async function answerReview(
  context: CommandContext,
  actor: Actor,
  input: ReviewAnswers,
): Promise<Answered> {
  const result = await answer(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    { action: 'answer', subjectKind: 'review', subjectId: String(input.reviewId) },
    result,
  );
}

async function answer(
  context: CommandContext,
  actor: Actor,
  input: ReviewAnswers,
): Promise<Answered> {
  const { reviewId } = input;
  const { query } = context.database;
  const review = await loadReview(query, reviewId);
  if (review === null) {
    return refused({ kind: 'not-found', what: 'review', id: String(reviewId) });
  }
  if (review.closedAtMs !== null) return refused({ kind: 'review-over' });
  const nowMs = context.now();
  const { people } = await readCurrentKnowledge(context.database);
  const now = { people, atMs: nowMs };
  const fault = faultOf(review, actor, input, now);
  if (fault !== null) return refused(fault);
  const answers = answersOf(review, actor, input, now);
  if (answers.length === 0) return { kind: 'unchanged', keep: 0, retire: 0 };
  const result = await query.transaction(async (transaction) => {
    const by = { by: actor.person.code, through: actor.through };
    const recorded = await answerReviewItems(transaction, { reviewId, answers, ...by, nowMs });
    if (recorded === null) return null;
    const subject = { kind: 'review', id: reviewId } as const;
    await queueUpdates(transaction, { subject, rank: severities.indexOf('low'), nowMs });
    await announceQueue(transaction);
    return recorded;
  });
  if (result === null) return refused({ kind: 'review-over' });
  if (result.left === 0) await tellWorkflow(context, reviewId);
  const count = (one: ReviewAnswer) => answers.filter((each) => each.answer === one).length;
  return { kind: 'done', keep: count('keep'), retire: count('retire') };
}

function refused(refusal: CommandRefusal): Answered {
  return { kind: 'refused', refusal };
}

type Now = Parameters<typeof mayAnswer>[2];

function faultOf(
  review: TagReview,
  { person }: Actor,
  { keep, retire }: ReviewAnswers,
  now: Now,
): CommandRefusal | null {
  for (const code of [...keep, ...retire]) {
    const item = review.items.find(({ tagCode }) => tagCode === code);
    if (item === undefined) return { kind: 'not-found', what: 'tag', id: code };
    if (!mayAnswer(item, person, now)) {
      return { kind: 'not-responsible', responsibleCode: item.ownerCode };
    }
  }
  return null;
}

function answersOf(review: TagReview, { person }: Actor, input: ReviewAnswers, now: Now) {
  const { keep, retire, keepRest } = input;
  const rest = keepRest
    ? itemsFor(review, person, now)
        .filter((item) => item.answer === null)
        .map(({ tagCode }) => tagCode)
    : [];
  const named = new Map<string, ReviewAnswer>([
    ...rest.map((code) => [code, 'keep'] as const),
    ...keep.map((code) => [code, 'keep'] as const),
    ...retire.map((code) => [code, 'retire'] as const),
  ]);
  return [...named]
    .filter(([code, said]) =>
      review.items.some(({ tagCode, answer: before }) => tagCode === code && before !== said),
    )
    .map(([tagCode, said]) => ({ tagCode, answer: said }));
}

/** Every question is answered: the round need not wait for its end. */
async function tellWorkflow(context: CommandContext, reviewId: number): Promise<void> {
  const workflowId = await workflowOfReview(context.database.query, reviewId);
  if (workflowId === null) return;
  try {
    await context.temporal.workflow.getHandle(workflowId).signal(reviewAnsweredSignal);
  } catch (error) {
    if (!isNotRunning(error) && !isUnavailable(error)) throw error;
  }
}
