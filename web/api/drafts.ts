import { createRoute, z } from '@hono/zod-openapi';
import { discardDraft, keepDraft } from '../../commands/keep-draft.ts';
import { sendDraft } from '../../commands/send-draft.ts';
import { listDrafts } from '../../db/stores/request-drafts.ts';
import { draftFields } from '../../commands/fill-draft.ts';
import { draftKinds } from '../../domain/asked-kind.ts';
import type { WebDependencies } from '../dependencies.ts';
import { createApiRouter, iso, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { requestJson } from './request-json.ts';
import { idParams, requestSchema } from './schemas.ts';

const draftId = z.number().int().positive();
const kind = z
  .enum(draftKinds)
  .describe(
    'whole-rule: a rule with all its parts, `of` its kind, `present` the code of the rule that it changes; list: changes of one kind, `of` that kind, `list` one a line',
  );
const fields = z
  .record(z.string().max(60), z.string().max(50_000))
  .describe(
    'By the fields of the kind’s form, as in `requestTemplates` of policy.yaml, or of the form for rules or lists; any part.',
  )
  .openapi({ example: { name: '高净值客户', nameEn: 'High net worth', reason: '私行活动' } });

const draftBody = z.object({ kind, fields }).superRefine((draft, context) => {
  const known = draftFields(draft.kind);
  for (const field of Object.keys(draft.fields).filter((name) => !known.includes(name))) {
    const message = `one of ${known.join(', ')}`;
    context.addIssue({ code: 'custom', path: ['fields', field], message });
  }
});

const draftSchema = z
  .object({ id: draftId, kind, fields, savedAt: z.iso.datetime() })
  .openapi('RequestDraft');

const listRoute = createRoute({
  method: 'get',
  path: '/drafts',
  tags: ['Requests'],
  summary:
    'Requests that the token’s person has begun to write, the newest first; nobody else sees them',
  responses: {
    200: jsonResponse(z.object({ drafts: z.array(draftSchema) }), 'The drafts'),
    ...problemResponses,
  },
});

const kept = jsonResponse(z.object({ draftId }), 'It is kept');

const keepRoute = createRoute({
  method: 'post',
  path: '/drafts',
  tags: ['Requests'],
  summary: 'Keep a request as far as it is written',
  request: { body: jsonBody(draftBody) },
  responses: { 201: kept, ...problemResponses },
});

const replaceRoute = createRoute({
  method: 'put',
  path: '/drafts/{id}',
  tags: ['Requests'],
  summary: 'Keep a draft as it is now',
  request: { params: idParams, body: jsonBody(draftBody) },
  responses: { 200: kept, ...problemResponses },
});

const discardRoute = createRoute({
  method: 'delete',
  path: '/drafts/{id}',
  tags: ['Requests'],
  summary: 'Throw a draft away',
  request: { params: idParams },
  responses: { 204: { description: 'It is gone' }, ...problemResponses },
});

const sendRoute = createRoute({
  method: 'post',
  path: '/drafts/{id}/send',
  tags: ['Requests'],
  summary: 'Ask the committee for what a draft says; the draft goes then',
  request: { params: idParams },
  responses: { 201: jsonResponse(requestSchema, 'The request'), ...problemResponses },
});

/** Drafts of requests, as the console keeps them. */
export function createDraftApi(dependencies: WebDependencies) {
  const app = createApiRouter();
  const { context: commandContext, database, publicUrl, views } = dependencies;

  app.openapi(listRoute, async (context) => {
    const drafts = await listDrafts(database.query, context.get('actor').person.code);
    const lines = drafts.map(({ savedAtMs, ...draft }) => ({ ...draft, savedAt: iso(savedAtMs) }));
    return context.json({ drafts: lines }, 200);
  });

  app.openapi(keepRoute, async (context) => {
    const draft = { id: null, ...context.req.valid('json') };
    const result = await keepDraft(commandContext, context.get('actor'), draft);
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ draftId: done.draftId }, 201);
  });

  app.openapi(replaceRoute, async (context) => {
    const draft = { ...context.req.valid('param'), ...context.req.valid('json') };
    const result = await keepDraft(commandContext, context.get('actor'), draft);
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ draftId: done.draftId }, 200);
  });

  app.openapi(discardRoute, async (context) => {
    const { id } = context.req.valid('param');
    const result = await discardDraft(commandContext, context.get('actor'), { draftId: id });
    expectDone(result, context.get('locale'), await views.people());
    return context.body(null, 204);
  });

  app.openapi(sendRoute, async (context) => {
    const { id } = context.req.valid('param');
    const result = await sendDraft(commandContext, context.get('actor'), { draftId: id });
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json(requestJson(done.request, publicUrl), 201);
  });
  return app;
}
