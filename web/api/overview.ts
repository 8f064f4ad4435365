import { createRoute, z } from '@hono/zod-openapi';
import { healthScore } from '../../domain/health.ts';
import { severities } from '../../domain/severity.ts';
import { overviewWeeks } from '../../db/stores/overview.ts';
import type { ReadOverview } from '../overview-reader.ts';
import { parseOf } from '../pages/overview.tsx';
import type { ReadKnowledge } from '../visibility.ts';
import { createApiRouter, iso, isoOrNull, jsonResponse, problemResponses } from './environment.ts';
import { instant, localizedText } from './schemas.ts';

const count = z.number().int();
const countsSchema = z.object({ open: count, opened: count, closed: count, overdue: count });
const percentilesSchema = z.object({ p50: z.number(), p75: z.number(), p90: z.number() });
const figuresSchema = z.object({
  tags: count.nullable().describe('In use, those that only a source knows included'),
  findings: count.describe('Open after the first, or the last, full scan'),
  warningsOpened: count
    .nullable()
    .describe('In the first, or the last, 30 days; null: both would overlap'),
  medianCloseMs: z.number().nullable(),
});

const timesSchema = z.object({
  claim: percentilesSchema.nullable(),
  close: percentilesSchema.nullable(),
});

const overviewSchema = z
  .object({
    at: instant,
    health: z.object({
      /** 0 to 100: the mean of the parts' shares. */
      score: z.number().nullable(),
      parts: z.array(z.object({ kind: z.string(), good: count, of: count })),
      /** After each day's last full scan, over the weeks of `flow`. */
      trend: z.array(z.object({ at: instant, score: z.number() })),
    }),
    /** Of the last seven days, and of the seven before. */
    week: countsSchema,
    weekBefore: countsSchema,
    recurred: count,
    /** By week as in `flow`: how many of the opened warnings had been closed before. */
    recurrence: z.array(count),
    /** Milliseconds, of the last thirty days. */
    times: timesSchema,
    /** By week as in `flow`. */
    timesByWeek: z.array(timesSchema),
    flow: z.array(
      z.object({
        /** Weeks from the beginning of the span; the last one ends now. */
        week: count.max(overviewWeeks),
        department: z.string().nullable(),
        ruleKind: z.string().nullable(),
        severity: z.enum(severities),
        opened: count,
        closed: count,
      }),
    ),
    backlog: z.array(
      z.object({
        department: z.string().nullable(),
        ruleKind: z.string().nullable(),
        severity: z.enum(severities),
        open: count,
        overdue: count,
      }),
    ),
    /** At the end of each week of `flow`. */
    standing: z.array(z.object({ open: count, overdue: count })),
    precision: z.array(
      z.object({ ruleCode: z.string(), ruleName: localizedText, right: count, wrong: count }),
    ),
    sources: z.array(z.object({ name: localizedText, readAt: instant.nullable() })),
    comparison: z.object({ since: instant, before: figuresSchema, now: figuresSchema }).nullable(),
  })
  .openapi('Overview');

const overviewRoute = createRoute({
  method: 'get',
  path: '/overview',
  tags: ['Overview'],
  summary: 'The figures of the overview: health, backlog, times, and what governing has brought',
  request: {
    query: z.object({
      /** Empty: everybody; `mine`: the token person's business line; or a department's code. */
      of: z.string().max(100).default(''),
    }),
  },
  responses: { 200: jsonResponse(overviewSchema, 'The figures'), ...problemResponses },
});

/** The same figures as on the console's overview. */
export function createOverviewApi(readers: {
  readonly readKnowledge: ReadKnowledge;
  readonly readOverview: ReadOverview;
}) {
  const app = createApiRouter();
  app.openapi(overviewRoute, async (context) => {
    const { person } = context.get('actor');
    const knowledge = await readers.readKnowledge(person);
    const of = parseOf(context.req.valid('query').of, knowledge);
    const overview = await readers.readOverview(of, person, knowledge);
    const { comparison } = overview;
    return context.json(
      {
        at: iso(overview.atMs),
        health: {
          score: healthScore(overview.healthParts),
          parts: [...overview.healthParts],
          trend: overview.health.map(({ atMs, score }) => ({ at: iso(atMs), score })),
        },
        week: overview.week,
        weekBefore: overview.weekBefore,
        recurred: overview.recurred,
        recurrence: [...overview.recurrence],
        times: overview.times,
        timesByWeek: [...overview.timesByWeek],
        flow: overview.flow.map(({ step, departmentCode, ...line }) => ({
          week: step,
          department: departmentCode,
          ...line,
        })),
        backlog: overview.backlog.map(({ departmentCode, ...line }) => ({
          department: departmentCode,
          ...line,
        })),
        standing: [...overview.standing],
        precision: [...overview.precision],
        sources: overview.sources.map(({ name, readAtMs }) => ({
          name,
          readAt: isoOrNull(readAtMs),
        })),
        comparison:
          comparison === null
            ? null
            : {
                since: iso(comparison.sinceMs),
                before: comparison.before,
                now: comparison.now,
              },
      },
      200,
    );
  });
  return app;
}
