import {
  ActivityFailure,
  condition,
  isCancellation,
  log,
  proxyActivities,
  rootCause,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DeliveryActivities } from '../activities/delivery.ts';
import type { ReviewActivities } from '../activities/review.ts';
import { databaseOptions, deliveryOptions } from './activity-options.ts';
import { reviewAnsweredSignal } from './messages.ts';

const { beginReview, listSilentOwners } = proxyActivities<ReviewActivities>(databaseOptions);
const { endReview } = proxyActivities<ReviewActivities>({
  ...databaseOptions,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
});
const { deliver, remind } = proxyActivities<DeliveryActivities>(deliveryOptions);

/**
 * Asks every owner whether their tags are still needed, reminds those who are silent, and brings what is not before the
 * committee once all have answered or the time is over. What nobody answered for stays as it is.
 */
export async function review(input: { readonly startedBy: string | null }): Promise<void> {
  let isAnswered = false;
  setHandler(reviewAnsweredSignal, () => {
    isAnswered = true;
  });
  const { workflowId } = workflowInfo();
  const begun = await beginReview({ workflowId, startedBy: input.startedBy });
  if (begun === null) return;
  const { reviewId, dueAtMs, remindAtMs } = begun;
  const subject = { kind: 'review', id: reviewId } as const;
  await attempt(() => deliver({ subject }));
  for (const [index, atMs] of remindAtMs.entries()) {
    if (await answeredBy(atMs)) break;
    await attempt(async () => {
      const personCodes = await listSilentOwners({ reviewId });
      await remind({ subject, purpose: `reminder-review-${index + 1}`, personCodes });
    });
  }
  await answeredBy(dueAtMs);
  await endReview({ reviewId });
  await attempt(() => deliver({ subject }));

  async function answeredBy(atMs: number): Promise<boolean> {
    return condition(() => isAnswered, Math.max(1, atMs - Date.now()));
  }
}

/** What delivery gave up is written down there; the round goes on. */
async function attempt(bring: () => Promise<void>): Promise<void> {
  try {
    await bring();
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    log.warn('A step beside the review failed.', { cause: rootCause(error) });
  }
}
