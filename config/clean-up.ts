import { defaultReview, type CleanUpPolicy } from '../domain/tag-review.ts';
import { durationMs, durationText } from './moments.ts';
import type { PolicyFile } from './schema/policy.ts';

export function toCleanUp(entry: PolicyFile['cleanUp']): CleanUpPolicy {
  const { goalTags = null, review } = entry ?? {};
  if (review === undefined) return { goalTags, review: null };
  const { on: cron, within, remindAt } = review;
  return {
    goalTags,
    review: {
      cron,
      withinMs: within === undefined ? defaultReview.withinMs : durationMs(within),
      reminderFractions: remindAt ?? defaultReview.reminderFractions,
    },
  };
}

/** The inverse of `toCleanUp`; what is as it would be unsaid is left out. */
export function cleanUpEntryOf({ goalTags, review }: CleanUpPolicy): Pick<PolicyFile, 'cleanUp'> {
  if (goalTags === null && review === null) return {};
  return {
    cleanUp: {
      ...(goalTags === null ? {} : { goalTags }),
      ...(review === null
        ? {}
        : {
            review: {
              on: review.cron,
              within: durationText(review.withinMs),
              remindAt: [...review.reminderFractions],
            },
          }),
    },
  };
}
