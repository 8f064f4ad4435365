import { isRivalry } from '../../domain/request.ts';
import { createRoute, z } from '@hono/zod-openapi';
import { answerQuestion } from '../../commands/answer-question.ts';
import { askRequester } from '../../commands/ask-requester.ts';
import type { CommandResult } from '../../commands/command.ts';
import { commentOnRequest } from '../../commands/comment-on-request.ts';
import { listRequestMessages } from '../../db/stores/request-messages.ts';
import { loadRequest } from '../../db/stores/requests.ts';
import type { WebDependencies } from '../dependencies.ts';
import { maySeeRequest } from '../../bot/visibility.ts';
import type { ReadKnowledge } from '../visibility.ts';
import { createApiRouter, iso, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { idParams } from './schemas.ts';

const said = z.string().trim().min(1).max(1_000);
const messageId = z.number().int().positive();

const messageSchema = z
  .object({
    id: messageId,
    kind: z
      .enum(['question', 'answer', 'comment', 'rival', 'rival-applied', 'rival-over'])
      .describe(
        'rival: another request was made that cannot come true together with this one; rival-applied: it came into force first; rival-over: it ended otherwise',
      ),
    by: z.string().describe('Code of a person'),
    text: z.string(),
    at: z.iso.datetime(),
    questionId: messageId.nullable().describe('Of an answer: the question it answers'),
    rivalId: z.number().int().nullable().describe('Of a rival: the other request'),
  })
  .openapi('RequestMessage');

const readRoute = createRoute({
  method: 'get',
  path: '/requests/{id}/messages',
  tags: ['Requests'],
  summary: 'What was said about a request, oldest first',
  request: { params: idParams },
  responses: {
    200: jsonResponse(z.object({ messages: z.array(messageSchema) }), 'What was said'),
    ...problemResponses,
  },
});

const kept = {
  201: jsonResponse(z.object({ messageId }), 'It was said'),
  ...problemResponses,
};

const askRoute = createRoute({
  method: 'post',
  path: '/requests/{id}/questions',
  tags: ['Requests'],
  summary: 'Ask whoever made a request while the vote goes on; for members of the vote',
  request: { params: idParams, body: jsonBody(z.object({ text: said })) },
  responses: kept,
});

const answerRoute = createRoute({
  method: 'post',
  path: '/requests/{id}/answers',
  tags: ['Requests'],
  summary: 'Answer a question, once; for whoever made the request',
  request: { params: idParams, body: jsonBody(z.object({ questionId: messageId, text: said })) },
  responses: kept,
});

const commentRoute = createRoute({
  method: 'post',
  path: '/requests/{id}/comments',
  tags: ['Requests'],
  summary: 'Comment on a request; for whoever made it, members of the vote and data admins',
  request: { params: idParams, body: jsonBody(z.object({ text: said })) },
  responses: kept,
});

/** Questions, answers and comments about requests. */
export function createRequestTalkApi(dependencies: WebDependencies, readKnowledge: ReadKnowledge) {
  const app = createApiRouter();
  const { context: commandContext, database, views } = dependencies;

  app.openapi(readRoute, async (context) => {
    const { id } = context.req.valid('param');
    const { person } = context.get('actor');
    const [request, knowledge] = await Promise.all([
      loadRequest(database.query, id),
      readKnowledge(person),
    ]);
    const found: CommandResult =
      request === null || !maySeeRequest(person, request, knowledge)
        ? { kind: 'refused', refusal: { kind: 'not-found', what: 'request', id: String(id) } }
        : { kind: 'done' };
    expectDone(found, context.get('locale'), new Map());
    const messages = await listRequestMessages(database.query, id);
    return context.json(
      {
        messages: messages.map(({ atMs, ...message }) => ({
          ...message,
          at: iso(atMs),
          rivalId: isRivalry(message) ? message.rivalId : null,
          questionId: message.kind === 'answer' ? message.questionId : null,
        })),
      },
      200,
    );
  });

  app.openapi(askRoute, async (context) => {
    const { id: requestId } = context.req.valid('param');
    const input = { requestId, ...context.req.valid('json') };
    const result = await askRequester(commandContext, context.get('actor'), input);
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ messageId: done.messageId }, 201);
  });

  app.openapi(answerRoute, async (context) => {
    const { id: requestId } = context.req.valid('param');
    const input = { requestId, ...context.req.valid('json') };
    const result = await answerQuestion(commandContext, context.get('actor'), input);
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ messageId: done.messageId }, 201);
  });

  app.openapi(commentRoute, async (context) => {
    const { id: requestId } = context.req.valid('param');
    const input = { requestId, ...context.req.valid('json') };
    const result = await commentOnRequest(commandContext, context.get('actor'), input);
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ messageId: done.messageId }, 201);
  });
  return app;
}
