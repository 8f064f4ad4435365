import { createRoute, z } from '@hono/zod-openapi';
import {
  endSilenceNow,
  previewSilenceOf,
  silenceFindings,
} from '../../commands/silence-findings.ts';
import { listSilences } from '../../db/stores/silences.ts';
import { severities } from '../../domain/severity.ts';
import type { Silence } from '../../domain/silence.ts';
import type { WebDependencies } from '../dependencies.ts';
import { visibleSilences, type ReadKnowledge } from '../visibility.ts';
import {
  createApiRouter,
  iso,
  isoOrNull,
  jsonBody,
  jsonResponse,
  problemResponses,
} from './environment.ts';
import { expectDone } from './problem.ts';
import { idParams } from './schemas.ts';

const silencesShownMax = 200;
const code = z.string().trim().min(1).max(64);
const scope = z.object({
  ruleCode: code.nullable().default(null),
  tagCode: code.nullable().default(null),
  severity: z.enum(severities).nullable().default(null),
});

const silenceSchema = z
  .object({
    id: z.number().int(),
    ruleCode: z.string().nullable(),
    tagCode: z.string().nullable(),
    severity: z.enum(severities).nullable(),
    reason: z.string(),
    createdBy: z.string(),
    createdAt: z.string(),
    until: z.string(),
    endedBy: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .openapi('Silence');

const listRoute = createRoute({
  method: 'get',
  path: '/silences',
  tags: ['Silences'],
  summary: 'Silences, those in force first',
  responses: {
    200: jsonResponse(z.object({ silences: z.array(silenceSchema) }), 'The silences'),
    ...problemResponses,
  },
});

const previewRoute = createRoute({
  method: 'post',
  path: '/silences/preview',
  tags: ['Silences'],
  summary: 'What a silence would have hidden in the last 30 days',
  request: { body: jsonBody(scope) },
  responses: {
    200: jsonResponse(
      z.object({
        findings: z.number().int(),
        customers: z.number().int(),
        warnings: z.number().int(),
        waiting: z.number().int().describe('Open findings without a warning that fit the scope'),
      }),
      'The counts',
    ),
    ...problemResponses,
  },
});

const beginRoute = createRoute({
  method: 'post',
  path: '/silences',
  tags: ['Silences'],
  summary: 'Keep conflicts of a scope from opening warnings until an instant',
  request: {
    body: jsonBody(
      scope.extend({
        until: z.iso.datetime({ offset: true }),
        reason: z.string().trim().min(1).max(1_000),
      }),
    ),
  },
  responses: { 201: jsonResponse(silenceSchema, 'The silence'), ...problemResponses },
});

const endRoute = createRoute({
  method: 'post',
  path: '/silences/{id}/end',
  tags: ['Silences'],
  summary: 'End a silence before its time',
  request: { params: idParams },
  responses: { 200: jsonResponse(silenceSchema, 'The silence'), ...problemResponses },
});

/** Silences over the API: list, preview, begin, end. */
export function createSilenceApi(dependencies: WebDependencies, readKnowledge: ReadKnowledge) {
  const app = createApiRouter();
  const { database, views } = dependencies;
  app.openapi(listRoute, async (context) => {
    const [silences, knowledge] = await Promise.all([
      listSilences(database.query, silencesShownMax),
      readKnowledge(context.get('actor').person),
    ]);
    return context.json({ silences: visibleSilences(silences, knowledge).map(silenceJson) }, 200);
  });
  app.openapi(previewRoute, async (context) => {
    const result = await previewSilenceOf(
      dependencies.context,
      context.get('actor'),
      context.req.valid('json'),
    );
    return context.json(
      expectDone(result, context.get('locale'), await views.people()).preview,
      200,
    );
  });
  app.openapi(beginRoute, async (context) => {
    const { until, ...input } = context.req.valid('json');
    const result = await silenceFindings(dependencies.context, context.get('actor'), {
      ...input,
      untilMs: Date.parse(until),
    });
    const { silence } = expectDone(result, context.get('locale'), await views.people());
    return context.json(silenceJson(silence), 201);
  });
  app.openapi(endRoute, async (context) => {
    const { id } = context.req.valid('param');
    const result = await endSilenceNow(dependencies.context, context.get('actor'), id);
    return context.json(
      silenceJson(expectDone(result, context.get('locale'), await views.people()).silence),
      200,
    );
  });
  return app;
}

function silenceJson(silence: Silence) {
  const { createdAtMs, untilMs, endedAtMs, ...rest } = silence;
  return {
    ...rest,
    createdAt: iso(createdAtMs),
    until: iso(untilMs),
    endedAt: isoOrNull(endedAtMs),
  };
}
