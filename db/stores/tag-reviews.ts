import { and, asc, desc, eq, inArray, isNull, sql as expression } from 'drizzle-orm';
import type { ReviewAnswer, TagReview } from '../../domain/tag-review.ts';
import type { Database } from '../client.ts';
import { tagReviewItems, tagReviews } from '../schema/reviews.ts';
import { appendAudit, type AuditEntry, type Queryable } from './audit.ts';

/**
 * Begins a round over these tags; null where there is none to ask about or another round goes on. A repeated call of the
 * same workflow answers with the round it began.
 */
export async function beginReview(
  database: Database,
  input: {
    readonly workflowId: string;
    readonly startedBy: string | null;
    readonly tags: readonly { readonly code: string; readonly ownerCode: string }[];
    readonly nowMs: number;
    readonly dueAtMs: number;
  },
): Promise<TagReview | null> {
  const { workflowId, startedBy, tags, nowMs, dueAtMs } = input;
  const id = await database.query.transaction(async (transaction) => {
    await transaction.execute(expression`lock table tag_review in share row exclusive mode`);
    const [begun] = await transaction
      .select({ id: tagReviews.id })
      .from(tagReviews)
      .where(eq(tagReviews.workflowId, workflowId));
    if (begun !== undefined) return begun.id;
    const [open] = await transaction
      .select({ id: tagReviews.id })
      .from(tagReviews)
      .where(isNull(tagReviews.closedAt))
      .limit(1);
    if (open !== undefined || tags.length === 0) return null;
    const values = { startedBy, workflowId, startedAt: nowMs, dueAt: dueAtMs };
    const [row] = await transaction
      .insert(tagReviews)
      .values({ ...values, requestIds: [], version: 1 })
      .returning({ id: tagReviews.id });
    if (row === undefined) throw new Error('The review was not recorded.');
    await transaction
      .insert(tagReviewItems)
      .values(tags.map(({ code, ownerCode }) => ({ reviewId: row.id, tagCode: code, ownerCode })));
    const after = { tags: tags.length, dueAtMs };
    const entry = reviewAudit(row.id, { by: startedBy, action: 'review.begun', after });
    await appendAudit(transaction, [entry], nowMs);
    return row.id;
  });
  return id === null ? null : loadReview(database.query, id);
}

function reviewAudit(
  id: number,
  said: {
    readonly by: string | null;
    readonly action: string;
    readonly after: unknown;
    readonly through?: string;
  },
): AuditEntry {
  const { by, action, after, through = 'system' } = said;
  const subject = { subjectKind: 'review', subjectId: String(id) };
  return { actorCode: by, through, action, ...subject, before: null, after };
}

export async function loadReview(database: Queryable, id: number): Promise<TagReview | null> {
  const [row] = await database.select().from(tagReviews).where(eq(tagReviews.id, id));
  if (row === undefined) return null;
  const items = await database
    .select()
    .from(tagReviewItems)
    .where(eq(tagReviewItems.reviewId, id))
    .orderBy(asc(tagReviewItems.ownerCode), asc(tagReviewItems.tagCode));
  return {
    id: row.id,
    startedBy: row.startedBy,
    startedAtMs: row.startedAt,
    dueAtMs: row.dueAt,
    closedAtMs: row.closedAt,
    requestIds: row.requestIds,
    version: row.version,
    items: items.map(({ tagCode, ownerCode, answer, answeredBy }) => ({
      tagCode,
      ownerCode,
      answer,
      answeredBy,
    })),
  };
}

/** The newest round, whether it goes on or is over; null before the first. */
export async function loadNewestReview(database: Queryable): Promise<TagReview | null> {
  const [row] = await database
    .select({ id: tagReviews.id })
    .from(tagReviews)
    .orderBy(desc(tagReviews.id))
    .limit(1);
  return row === undefined ? null : loadReview(database, row.id);
}

export async function workflowOfReview(database: Queryable, id: number): Promise<string | null> {
  const [row] = await database
    .select({ workflowId: tagReviews.workflowId })
    .from(tagReviews)
    .where(eq(tagReviews.id, id));
  return row?.workflowId ?? null;
}

/** Records answers with one audit row. Null: the round is over. Else how many questions are left of all. */
export async function answerReviewItems(
  transaction: Queryable,
  input: {
    readonly reviewId: number;
    readonly answers: readonly { readonly tagCode: string; readonly answer: ReviewAnswer }[];
    readonly by: string;
    readonly through: string;
    readonly nowMs: number;
  },
): Promise<{ readonly left: number } | null> {
  const { reviewId, answers, by, through, nowMs } = input;
  const [round] = await transaction
    .update(tagReviews)
    .set({ version: expression`${tagReviews.version} + 1` })
    .where(and(eq(tagReviews.id, reviewId), isNull(tagReviews.closedAt)))
    .returning({ id: tagReviews.id });
  if (round === undefined) return null;
  for (const answer of new Set(answers.map((one) => one.answer))) {
    const tagCodes = answers.filter((one) => one.answer === answer).map(({ tagCode }) => tagCode);
    await transaction
      .update(tagReviewItems)
      .set({ answer, answeredBy: by, answeredAt: nowMs })
      .where(and(eq(tagReviewItems.reviewId, reviewId), inArray(tagReviewItems.tagCode, tagCodes)));
  }
  const of = (answer: ReviewAnswer) =>
    answers.filter((one) => one.answer === answer).map(({ tagCode }) => tagCode);
  const after = { keep: of('keep'), retire: of('retire') };
  const entry = reviewAudit(reviewId, { by, action: 'review.answered', after, through });
  await appendAudit(transaction, [entry], nowMs);
  const left = await transaction
    .select({ tagCode: tagReviewItems.tagCode })
    .from(tagReviewItems)
    .where(and(eq(tagReviewItems.reviewId, reviewId), isNull(tagReviewItems.answer)));
  return { left: left.length };
}

/** Ends a round; what it became is written down. Repeated calls are harmless. */
export async function closeReview(
  database: Database,
  input: {
    readonly reviewId: number;
    readonly requestIds: readonly number[];
    readonly nowMs: number;
  },
): Promise<void> {
  const { reviewId, requestIds, nowMs } = input;
  await database.query.transaction(async (transaction) => {
    const [closed] = await transaction
      .update(tagReviews)
      .set({ closedAt: nowMs, requestIds, version: expression`${tagReviews.version} + 1` })
      .where(and(eq(tagReviews.id, reviewId), isNull(tagReviews.closedAt)))
      .returning({ id: tagReviews.id });
    if (closed === undefined) return;
    const after = { requestIds };
    const entry = reviewAudit(reviewId, { by: null, action: 'review.closed', after });
    await appendAudit(transaction, [entry], nowMs);
  });
}
