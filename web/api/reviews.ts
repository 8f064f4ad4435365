import { createRoute, z } from '@hono/zod-openapi';
import type { ReviewView } from '../../bot/views.ts';
import { answerReview } from '../../commands/answer-review.ts';
import { startReview } from '../../commands/start-review.ts';
import { withNames } from '../../db/stores/review-views.ts';
import { loadNewestReview } from '../../db/stores/tag-reviews.ts';
import { holdsOver, type Person } from '../../domain/person.ts';
import {
  itemsFor,
  reviewAnswers,
  reviewProgress,
  type ReviewItem,
} from '../../domain/tag-review.ts';
import type { WebDependencies } from '../dependencies.ts';
import {
  createApiRouter,
  iso,
  isoOrNull,
  jsonBody,
  jsonResponse,
  problemResponses,
} from './environment.ts';
import { expectDone } from './problem.ts';
import { idParams, localizedText } from './schemas.ts';

const count = z.number().int();
const answer = z.enum(reviewAnswers);
const codes = z.array(z.string().min(1).max(100)).max(10_000).default([]);

const progressSchema = z.object({ all: count, keep: count, retire: count, open: count });

const reviewSchema = z
  .object({
    id: count,
    startedAt: z.iso.datetime(),
    dueAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable().describe('null: it goes on'),
    progress: progressSchema,
    requestIds: z.array(count).describe('Requests that what is to go became at its end'),
    own: z
      .array(
        z.object({
          tagCode: z.string(),
          name: localizedText.nullable().describe('null: no longer in the dictionary'),
          customers: count,
          ownerCode: z.string(),
          answer: answer.nullable(),
          answeredBy: z.string().nullable(),
        }),
      )
      .describe(
        'The tags that the token’s person is asked about, those of whom they stand in for included',
      ),
    owners: z
      .array(progressSchema.extend({ ownerCode: z.string() }))
      .describe('How far each owner is; of those over whom the token’s person is data admin'),
  })
  .openapi('TagReview');

const readRoute = createRoute({
  method: 'get',
  path: '/reviews/newest',
  tags: ['Tags'],
  summary: 'The newest round in which owners say which of their tags are still needed',
  responses: {
    200: jsonResponse(
      z.object({ review: reviewSchema.nullable() }),
      'The round; null before the first',
    ),
    ...problemResponses,
  },
});

const startRoute = createRoute({
  method: 'post',
  path: '/reviews',
  tags: ['Tags'],
  summary: 'Ask every owner now whether their tags are still needed; for data admins',
  responses: {
    202: jsonResponse(
      z.object({ result: z.enum(['done', 'unchanged']) }),
      'It begins; unchanged: a round goes on already',
    ),
    ...problemResponses,
  },
});

const answerRoute = createRoute({
  method: 'post',
  path: '/reviews/{id}/answers',
  tags: ['Tags'],
  summary: 'Say which tags are still needed; until the round ends, answers may change',
  request: {
    params: idParams,
    body: jsonBody(
      z
        .object({
          keep: codes,
          retire: codes,
          keepRest: z
            .boolean()
            .default(false)
            .describe('Own tags that are not named and not answered yet are kept'),
        })
        .openapi({ example: { keep: ['high-value'], retire: ['old-list'], keepRest: false } }),
    ),
  },
  responses: {
    200: jsonResponse(z.object({ keep: count, retire: count }), 'How many answers are new'),
    ...problemResponses,
  },
});

/** The review of tags, as the console's page has it. */
export function createReviewApi(dependencies: WebDependencies) {
  const app = createApiRouter();
  const { context: commandContext, database, now, views } = dependencies;

  app.openapi(readRoute, async (context) => {
    const { person } = context.get('actor');
    const review = await loadNewestReview(database.query);
    if (review === null) return context.json({ review: null }, 200);
    const view = await withNames(database, review);
    return context.json({ review: reviewJson(view, { person, atMs: now() }) }, 200);
  });

  app.openapi(startRoute, async (context) => {
    const result = await startReview(commandContext, context.get('actor'));
    const { kind } = expectDone(result, context.get('locale'), await views.people());
    return context.json({ result: kind }, 202);
  });

  app.openapi(answerRoute, async (context) => {
    const { id: reviewId } = context.req.valid('param');
    const said = { reviewId, ...context.req.valid('json') };
    const result = await answerReview(commandContext, context.get('actor'), said);
    const { keep, retire } = expectDone(result, context.get('locale'), await views.people());
    return context.json({ keep, retire }, 200);
  });
  return app;
}

function reviewJson(
  { review, tags, people }: ReviewView,
  { person, atMs }: { readonly person: Person; readonly atMs: number },
) {
  const own = itemsFor(review, person, { people, atMs });
  const owners = new Set(review.items.map(({ ownerCode }) => ownerCode));
  return {
    id: review.id,
    startedAt: iso(review.startedAtMs),
    dueAt: iso(review.dueAtMs),
    closedAt: isoOrNull(review.closedAtMs),
    progress: reviewProgress(review.items),
    requestIds: [...review.requestIds],
    own: own.map((item: ReviewItem) => ({
      ...item,
      name: tags.get(item.tagCode)?.name ?? null,
      customers: tags.get(item.tagCode)?.customers ?? 0,
    })),
    owners: [...owners]
      .filter((code) => holdsOver(person, 'data-admin', people.get(code)))
      .map((ownerCode) => ({
        ownerCode,
        ...reviewProgress(review.items.filter((item) => item.ownerCode === ownerCode)),
      })),
  };
}
