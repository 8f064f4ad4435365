import { createRoute, z } from '@hono/zod-openapi';
import { contestPoints, decidePoints } from '../../commands/assessment.ts';
import { readAssessment } from '../../commands/read-assessment.ts';
import { pointCauses, type AssessmentPoints } from '../../domain/assessment.ts';
import { severities } from '../../domain/severity.ts';
import type { WebDependencies } from '../dependencies.ts';
import { createApiRouter, iso, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { idParams } from './schemas.ts';

const pointsSchema = z
  .object({
    id: z.number().int(),
    personCode: z.string(),
    cause: z.enum(pointCauses),
    points: z.number().int(),
    warningId: z.number().int(),
    severity: z.enum(severities),
    at: z.string().describe('The deadline that was missed, or when the warning came back'),
    state: z.enum(['standing', 'contested', 'upheld', 'withdrawn']),
    reason: z.string().nullable().describe('Why they were contested'),
    decidedBy: z.string().nullable(),
    answer: z.string().nullable(),
  })
  .openapi('AssessmentPoints');

const monthRoute = createRoute({
  method: 'get',
  path: '/assessment',
  tags: ['Assessment'],
  summary: 'Points of a month: your own, as a manager those of your line, as a data admin all',
  request: {
    query: z.object({
      month: z
        .string()
        .regex(/^20\d{2}-(0[1-9]|1[0-2])$/)
        .optional()
        .describe('Such as 2026-11; this month unless given'),
      person: z.string().max(64).optional(),
    }),
  },
  responses: {
    200: jsonResponse(
      z.object({
        month: z.string(),
        isCounted: z.boolean().describe('Whether the policy counts points'),
        people: z.array(
          z.object({
            personCode: z.string(),
            points: z.number().int(),
            byCause: z.record(z.enum(pointCauses), z.number().int()),
            contested: z.number().int(),
          }),
        ),
        points: z.array(pointsSchema),
        isCut: z.boolean().describe('There are more than are listed'),
      }),
      'The month',
    ),
    ...problemResponses,
  },
});

const words = z.string().trim().min(1).max(1_000);

const contestRoute = createRoute({
  method: 'post',
  path: '/assessment/{id}/contest',
  tags: ['Assessment'],
  summary: 'Contest points of your own',
  request: { params: idParams, body: jsonBody(z.object({ reason: words })) },
  responses: { 200: jsonResponse(pointsSchema, 'The points'), ...problemResponses },
});

const decideRoute = createRoute({
  method: 'post',
  path: '/assessment/{id}/decide',
  tags: ['Assessment'],
  summary: 'Decide on contested points of somebody in your line',
  request: {
    params: idParams,
    body: jsonBody(z.object({ decision: z.enum(['upheld', 'withdrawn']), answer: words })),
  },
  responses: { 200: jsonResponse(pointsSchema, 'The points'), ...problemResponses },
});

/** The monthly assessment over the API: read, contest, decide. */
export function createAssessmentApi(dependencies: WebDependencies) {
  const app = createApiRouter();
  const { views } = dependencies;
  app.openapi(monthRoute, async (context) => {
    const { month, person } = context.req.valid('query');
    const read = await readAssessment(dependencies.context, context.get('actor'), {
      month: month ?? null,
      personCode: person ?? null,
    });
    const { policy, sums, points, ...rest } = read;
    return context.json(
      {
        ...rest,
        isCounted: policy !== null,
        people: sums.map((sum) => ({ ...sum, byCause: { ...sum.byCause } })),
        points: points.map(pointsJson),
      },
      200,
    );
  });
  app.openapi(contestRoute, async (context) => {
    const result = await contestPoints(dependencies.context, context.get('actor'), {
      pointsId: context.req.valid('param').id,
      ...context.req.valid('json'),
    });
    const { points } = expectDone(result, context.get('locale'), await views.people());
    return context.json(pointsJson(points), 200);
  });
  app.openapi(decideRoute, async (context) => {
    const result = await decidePoints(dependencies.context, context.get('actor'), {
      pointsId: context.req.valid('param').id,
      ...context.req.valid('json'),
    });
    const { points } = expectDone(result, context.get('locale'), await views.people());
    return context.json(pointsJson(points), 200);
  });
  return app;
}

function pointsJson(points: AssessmentPoints) {
  const { atMs, state, ruleCode: _, ...rest } = points;
  return {
    ...rest,
    at: iso(atMs),
    state: state.kind,
    reason: 'reason' in state ? state.reason : null,
    decidedBy: 'answer' in state ? state.by : null,
    answer: 'answer' in state ? state.answer : null,
  };
}
