import { readKnown } from '../db/stores/known.ts';
import { loadReview } from '../db/stores/tag-reviews.ts';
import { listRequestsOfReview } from '../db/stores/requests.ts';
import { tagwardenCode } from '../domain/person.ts';
import { batchItemsMax, type SingleProposal } from '../domain/request.ts';
import { prepareProposal } from '../domain/requests/registry.ts';
import type { CommandContext } from './context.ts';
import { placeRequest } from './submit-request.ts';

/**
 * Brings what owners no longer need before the committee, in as many requests as it takes. What was taken out of use
 * meanwhile is left out; done again after a crash it asks for nothing twice. Returns the requests.
 */
export async function placeRetirements(
  context: CommandContext,
  reviewId: number,
): Promise<readonly number[]> {
  const review = await loadReview(context.database.query, reviewId);
  if (review === null) return [];
  const known = { ...(await readKnown(context.database)), naming: null };
  const placed = await listRequestsOfReview(context.database.query, reviewId);
  const asked = new Set(placed.flatMap(({ tagCodes }) => tagCodes));
  const items = review.items
    .filter(({ answer, tagCode }) => answer === 'retire' && !asked.has(tagCode))
    .flatMap(({ tagCode: code }): readonly SingleProposal[] => {
      const item = { kind: 'retire-tag', code } as const;
      return prepareProposal(item, known).kind === 'sound' ? [item] : [];
    });
  const ids = placed.map(({ id }) => id);
  for (let from = 0; from < items.length; from += batchItemsMax) {
    const result = await placeRequest(context, {
      proposal: { kind: 'batch', items: items.slice(from, from + batchItemsMax), reviewId },
      requesterCode: tagwardenCode,
      reason: '',
      through: 'system',
    });
    if (result.kind === 'done') ids.push(result.request.id);
  }
  return ids;
}
