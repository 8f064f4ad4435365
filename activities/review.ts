import type { Database } from '../db/client.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { announceQueue, queueUpdates } from '../db/stores/deliveries.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import * as reviews from '../db/stores/tag-reviews.ts';
import { severities } from '../domain/severity.ts';
import { defaultReview } from '../domain/tag-review.ts';
import { whileAlive } from './heartbeat.ts';

export interface ReviewDependencies {
  readonly database: Database;
  /** Asks the committee to retire what owners no longer need; the requests. */
  readonly placeRetirements: (reviewId: number) => Promise<readonly number[]>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type ReviewActivities = ReturnType<typeof createReviewActivities>;

/** What a round over all tags needs done outside of its workflow. */
export function createReviewActivities(dependencies: ReviewDependencies) {
  const { database, placeRetirements, now } = dependencies;

  /** Null where there is nobody to ask, or another round goes on. */
  async function beginReview(input: {
    readonly workflowId: string;
    readonly startedBy: string | null;
  }): Promise<{
    readonly reviewId: number;
    readonly dueAtMs: number;
    readonly remindAtMs: readonly number[];
  } | null> {
    const [{ dictionary, people }, { cleanUp }] = await Promise.all([
      readCurrentKnowledge(database),
      loadPolicy(database.query),
    ]);
    const { withinMs, reminderFractions } = cleanUp.review ?? defaultReview;
    // Tags of somebody who left have a finding of their own: nobody could answer for them.
    const tags = dictionary.tags.filter(
      ({ status, ownerCode }) => status === 'active' && people.get(ownerCode)?.status === 'active',
    );
    const nowMs = now();
    const dueAtMs = nowMs + withinMs;
    const begun = await reviews.beginReview(database, { ...input, tags, nowMs, dueAtMs });
    if (begun === null) return null;
    const { startedAtMs } = begun;
    const lengthMs = begun.dueAtMs - startedAtMs;
    return {
      reviewId: begun.id,
      dueAtMs: begun.dueAtMs,
      remindAtMs: reminderFractions.map((part) => startedAtMs + part * lengthMs),
    };
  }

  /** Owners with an open question. */
  async function listSilentOwners(input: {
    readonly reviewId: number;
  }): Promise<readonly string[]> {
    const review = await reviews.loadReview(database.query, input.reviewId);
    const open = review?.items.filter(({ answer }) => answer === null) ?? [];
    return [...new Set(open.map(({ ownerCode }) => ownerCode))];
  }

  /** What is to be retired goes to the committee; the round is over. Repeated calls are harmless. */
  async function endReview(input: { readonly reviewId: number }): Promise<void> {
    const { reviewId } = input;
    const requestIds = await whileAlive(() => placeRetirements(reviewId));
    await reviews.closeReview(database, { reviewId, requestIds, nowMs: now() });
    await database.query.transaction(async (transaction) => {
      const subject = { kind: 'review', id: reviewId } as const;
      const rank = severities.indexOf('low');
      await queueUpdates(transaction, { subject, rank, nowMs: now() });
      await announceQueue(transaction);
    });
  }

  return { beginReview, listSilentOwners, endReview };
}
