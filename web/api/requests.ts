import { createRoute, z } from '@hono/zod-openapi';
import { createPen } from '../../bot/cards/context.ts';
import type { RequestView } from '../../bot/views.ts';
import { asResult, maySeeRequest } from '../../bot/visibility.ts';
import type { CommandResult } from '../../commands/command.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import { undoFix } from '../../commands/undo-fix.ts';
import { voteOnRequest } from '../../commands/vote-on-request.ts';
import { withdrawRequest } from '../../commands/withdraw-request.ts';
import { listRequests } from '../../db/stores/console.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Person } from '../../domain/person.ts';
import type { WebDependencies } from '../dependencies.ts';
import type { ReadKnowledge } from '../visibility.ts';
import { createApiRouter, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { askedRequestSchema, proposalSchema, toProposal } from './proposals.ts';
import { previewJson, requestDetailJson, requestJson, requestLineJson } from './request-json.ts';
import {
  ballot,
  idParams,
  instant,
  localizedText,
  nextCursor,
  pageQuery,
  requestSchema,
  undecidedSchema,
  undoAnswer,
} from './schemas.ts';

const count = z.number().int();
const lineSchema = requestSchema
  .pick({
    id: true,
    proposal: true,
    requesterCode: true,
    state: true,
    quorum: true,
    createdAt: true,
    dueAt: true,
    url: true,
  })
  .extend({ approve: count, reject: count })
  .openapi('TagRequestLine');

const listRoute = createRoute({
  method: 'get',
  path: '/requests',
  tags: ['Requests'],
  summary: 'Requests, newest first; changes of a batch stand in their batch',
  request: {
    query: pageQuery.extend({ show: z.enum(['voting', 'decided', 'all']).default('all') }),
  },
  responses: {
    200: jsonResponse(z.object({ requests: z.array(lineSchema), nextCursor }), 'A page'),
    ...problemResponses,
  },
});

const submitRoute = createRoute({
  method: 'post',
  path: '/requests',
  tags: ['Requests'],
  summary: 'Ask the tag committee for a change',
  request: { body: jsonBody(askedRequestSchema) },
  responses: { 201: jsonResponse(requestSchema, 'The request'), ...problemResponses },
});

const previewSchema = z
  .object({
    proposal: z.unknown().describe('With how things are now, where it changes what is there'),
    similar: z
      .array(z.object({ code: z.string(), name: localizedText, customers: count, why: z.string() }))
      .describe('Tags that may mean this already, the likeliest first'),
    impact: z.object({
      customers: count.describe('Who would be written to the sources'),
      carrying: count.describe('Who carries the tag that would change'),
      rules: z.array(z.string()).describe('Rules in force that name one of its tags'),
      warnings: count.describe('Open warnings of those rules'),
      sources: z.array(localizedText),
      usedBy: z
        .object({
          departments: z.array(z.object({ code: z.string(), share: z.number() })),
          people: z.array(z.string()),
          peopleCount: count,
          automatic: z.number().describe('Put on by systems, or by nobody who is known'),
        })
        .nullable()
        .describe(
          'Who puts its tags on, in shares of the assignments looked at; of sensitive ones nobody is named',
        ),
      tags: z.array(z.string()).describe('Other tags that have them for parent or successor'),
    }),
    contradictions: z
      .array(z.object({ kind: z.string(), words: z.string() }))
      .describe(
        'Where it does not go together with what is there or with other requests, gravest first. open-request: one that is being decided or applied; applied-request: one that came into force since',
      ),
    naming: z
      .string()
      .nullable()
      .describe('What of its names is against the convention, where the policy only advises'),
  })
  .openapi('RequestPreview');

const previewRoute = createRoute({
  method: 'post',
  path: '/requests/preview',
  tags: ['Requests'],
  summary: 'What the committee would see of a proposal; nothing is written',
  description:
    'A proposal that cannot be carried out is refused in words, and so is a name against the naming convention where that is enforced.',
  request: { body: jsonBody(z.object({ proposal: proposalSchema })) },
  responses: { 200: jsonResponse(previewSchema, 'The preview'), ...problemResponses },
});

const why = z
  .string()
  .nullable()
  .describe('Why what was approved could not be applied, in the words of the caller’s language');
const requestDetailSchema = requestSchema
  .extend({
    why,
    backTest: z
      .object({
        about: z.enum(['customers', 'tags']),
        examined: count,
        flagged: count,
        flaggedAnew: count,
        noLongerFlagged: count,
        dismissedBefore: count,
        right: count,
        wrong: count,
        overlaps: z.array(z.object({ ruleCode: z.string(), flagged: count })),
        undecided: undecidedSchema,
        testedAt: instant,
      })
      .nullable()
      .describe('Of a request about a rule, once it was tested.'),
    items: z
      .array(
        z.object({
          proposal: z.unknown(),
          requestId: count.nullable().describe('Its own request, once its turn has come'),
          state: z.enum(['waiting', 'applying', 'applied', 'failed']),
          why,
          customers: count.describe('Whom it changed'),
          undo: z
            .enum(['undoing', 'undone', 'left'])
            .nullable()
            .describe(
              'left: the batch was undone without it, for what it changed was something else by then',
            ),
          customersLeft: count.describe(
            'Whom undoing it left as they are: they changed since, or the source refused',
          ),
        }),
      )
      .describe('Of a batch: each change in its order and what became of it'),
    undo: z
      .object({
        state: z.enum(['not-undone', 'undoing', 'undone']),
        until: instant.nullable().describe('Until when it can be begun'),
        by: z.string().nullable(),
      })
      .nullable()
      .describe('Of what was applied, whether it was taken back; null where it cannot be'),
  })
  .openapi('TagRequestDetail');

const readRoute = createRoute({
  method: 'get',
  path: '/requests/{id}',
  tags: ['Requests'],
  summary: 'One request with its votes and what became of it',
  request: { params: idParams },
  responses: { 200: jsonResponse(requestDetailSchema, 'The request'), ...problemResponses },
});

const result = z.enum(['done', 'unchanged']);
const voteRoute = createRoute({
  method: 'post',
  path: '/requests/{id}/votes',
  tags: ['Requests'],
  summary: 'Vote on a request',
  request: {
    params: idParams,
    body: jsonBody(
      z.object({
        ballot,
        comment: z.string().trim().max(1_000).default(''),
        /** Code of the absent member whose deputy votes. */
        inPlaceOf: z.string().min(1).max(200).optional(),
      }),
    ),
  },
  responses: {
    200: jsonResponse(z.object({ result, request: requestSchema }), 'The vote counts'),
    ...problemResponses,
  },
});

const withdrawRoute = createRoute({
  method: 'post',
  path: '/requests/{id}/withdraw',
  tags: ['Requests'],
  summary: 'Take a request back while it is voted on; for whoever made it and data admins',
  request: { params: idParams },
  responses: {
    200: jsonResponse(z.object({ result, request: requestSchema }), 'It is withdrawn'),
    ...problemResponses,
  },
});

const undoRoute = createRoute({
  method: 'post',
  path: '/requests/{id}/undo',
  tags: ['Requests'],
  summary: 'Take back what an applied request did; for whoever made it and data admins',
  description:
    'Of a batch each change by itself, the latest first. Tags, rules and customers that changed since stay as they are; the request tells which.',
  request: { params: idParams },
  responses: { 200: jsonResponse(undoAnswer, 'Begun'), ...problemResponses },
});

/** Asking the committee for changes, and its votes. */
export function createRequestApi(dependencies: WebDependencies, readKnowledge: ReadKnowledge) {
  const { database, views, publicUrl, now, context: commandContext } = dependencies;
  const app = createApiRouter();
  const penOf = (person: Person, locale: Locale) =>
    createPen({ ...person, locale }, { publicUrl, nowMs: now() });

  app.openapi(listRoute, async (context) => {
    const { cursor, limit, show } = context.req.valid('query');
    const { person } = context.get('actor');
    const [lines, knowledge] = await Promise.all([
      listRequests(
        database.sql,
        { show },
        { beforeId: cursor === undefined ? null : Number(cursor), limit: limit + 1 },
      ),
      readKnowledge(person),
    ]);
    const page = lines.slice(0, limit);
    return context.json(
      {
        requests: page
          .filter((line) => maySeeRequest(person, line, knowledge))
          .map((line) => requestLineJson(line, publicUrl)),
        nextCursor: lines.length > limit ? String(page.at(-1)?.id) : null,
      },
      200,
    );
  });

  app.openapi(submitRoute, async (context) => {
    const { proposal, reason } = context.req.valid('json');
    const actor = context.get('actor');
    const { dictionary } = await readKnowledge(actor.person);
    const submitted = await submitRequest(commandContext, actor, {
      proposal: toProposal(proposal, {
        requesterCode: actor.person.code,
        attributes: dictionary.attributes,
      }),
      reason,
    });
    const done = expectDone(submitted, context.get('locale'), await views.people());
    return context.json(requestJson(done.request, publicUrl), 201);
  });

  app.openapi(previewRoute, async (context) => {
    const { proposal } = context.req.valid('json');
    const { person } = context.get('actor');
    const locale = context.get('locale');
    const { dictionary, people } = await readKnowledge(person);
    const { attributes } = dictionary;
    const previewed = await views.previewRequest(
      toProposal(proposal, { requesterCode: person.code, attributes }),
      person,
    );
    const sound = expectDone(asResult(previewed), locale, people);
    return context.json(previewJson(sound, penOf(person, locale)), 200);
  });

  app.openapi(readRoute, async (context) => {
    const { id } = context.req.valid('param');
    const { person } = context.get('actor');
    const locale = context.get('locale');
    const [view, knowledge] = await Promise.all([views.request(id), readKnowledge(person)]);
    const found: CommandResult<{ readonly view: RequestView }> =
      view === null || !maySeeRequest(person, view.request, knowledge)
        ? { kind: 'refused', refusal: { kind: 'not-found', what: 'request', id: String(id) } }
        : { kind: 'done', view };
    const done = expectDone(found, locale, knowledge.people);
    return context.json(requestDetailJson(done.view, penOf(person, locale)), 200);
  });

  app.openapi(voteRoute, async (context) => {
    const voted = await voteOnRequest(commandContext, context.get('actor'), {
      requestId: context.req.valid('param').id,
      ...context.req.valid('json'),
    });
    const done = expectDone(voted, context.get('locale'), await views.people());
    return context.json({ result: done.kind, request: requestJson(done.request, publicUrl) }, 200);
  });

  app.openapi(withdrawRoute, async (context) => {
    const { id: requestId } = context.req.valid('param');
    const withdrawn = await withdrawRequest(commandContext, context.get('actor'), { requestId });
    const done = expectDone(withdrawn, context.get('locale'), await views.people());
    return context.json({ result: done.kind, request: requestJson(done.request, publicUrl) }, 200);
  });

  app.openapi(undoRoute, async (context) => {
    const { id } = context.req.valid('param');
    const actor = context.get('actor');
    const [view, knowledge] = await Promise.all([views.request(id), readKnowledge(actor.person)]);
    const fix =
      view === null || !maySeeRequest(actor.person, view.request, knowledge) ? null : view.fix;
    const undone: CommandResult<{ readonly fixId: number }> =
      fix === null
        ? { kind: 'refused', refusal: { kind: 'not-found', what: 'fix', id: String(id) } }
        : await undoFix(commandContext, actor, { fixId: fix.id });
    const done = expectDone(undone, context.get('locale'), knowledge.people);
    return context.json({ result: done.kind, fixId: done.fixId }, 200);
  });
  return app;
}
