import type { ReviewView } from '../../bot/views.ts';
import type { TagReview } from '../../domain/tag-review.ts';
import type { Database } from '../client.ts';
import { tagCounts } from '../schema/population.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { loadReview } from './tag-reviews.ts';

/** Everything a review's card and page say; null where there is no such review. */
export async function readReviewView(
  database: Database,
  reviewId: number,
): Promise<ReviewView | null> {
  const review = await loadReview(database.query, reviewId);
  return review === null ? null : withNames(database, review);
}

/** The tags' names and how many customers carry them, beside the answers. */
export async function withNames(database: Database, review: TagReview): Promise<ReviewView> {
  const [{ dictionary, people }, counts] = await Promise.all([
    readCurrentKnowledge(database),
    database.query.select({ id: tagCounts.tagId, customers: tagCounts.customers }).from(tagCounts),
  ]);
  const customers = new Map(counts.map((one) => [one.id, one.customers]));
  const asked = new Set(review.items.map(({ tagCode }) => tagCode));
  const tags = dictionary.tags.filter(({ code }) => asked.has(code));
  return {
    review,
    people,
    tags: new Map(
      tags.map(({ id, code, name }) => [code, { code, name, customers: customers.get(id) ?? 0 }]),
    ),
  };
}
