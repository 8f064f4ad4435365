import { createRoute, z } from '@hono/zod-openapi';
import type { DigestView } from '../../bot/views.ts';
import type { CommandResult } from '../../commands/command.ts';
import { sendDigest } from '../../commands/send-digest.ts';
import { digestPeriods } from '../../domain/digest.ts';
import { severities } from '../../domain/severity.ts';
import type { WebDependencies } from '../dependencies.ts';
import { createApiRouter, iso, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { idParams, localizedText } from './schemas.ts';

const count = z.number().int();
const instant = z.iso.datetime();
const countsSchema = z.object({ open: count, opened: count, closed: count, overdue: count });

const digestSchema = z
  .object({
    id: count,
    every: z.enum(digestPeriods),
    from: instant,
    until: instant,
    department: localizedText,
    bySeverity: z.object({ high: countsSchema, medium: countsSchema, low: countsSchema }),
    before: countsSchema
      .extend({
        medianClaimMs: z.number().nullable(),
        medianCloseMs: z.number().nullable(),
        recurred: count.nullable(),
      })
      .describe('Of the period before, over all severities'),
    medianClaimMs: z.number().nullable(),
    medianCloseMs: z.number().nullable(),
    recurred: count.describe('Opened in the period although they had been closed before'),
    assessment: z
      .object({ points: z.number(), people: count, contested: count })
      .nullable()
      .describe('Of the month in which the period ends; null where the policy counts no points'),
    causes: z.array(
      z.object({
        kind: z.enum(['import', 'actor', 'department', 'source', 'rule']),
        name: z.union([z.string(), localizedText]),
        customers: count,
        of: count,
      }),
    ),
    health: z.object({ now: z.number().nullable(), before: z.number().nullable() }),
    trends: z.object({
      step: z.enum(['day', 'week']),
      health: z.array(z.object({ at: instant, score: z.number() })),
      standing: z.array(z.object({ until: instant, open: count, overdue: count })),
      opened: z.array(
        z.object({
          until: instant,
          byKind: z.array(z.object({ kind: z.string().nullable(), opened: count })),
        }),
      ),
    }),
    needAttention: z.array(
      z.object({
        warningId: count,
        ruleName: localizedText,
        severity: z.enum(severities),
        customers: count,
        overdue: z.boolean(),
        url: z.url(),
      }),
    ),
  })
  .openapi('Digest');

const sendRoute = createRoute({
  method: 'post',
  path: '/digests',
  tags: ['Overview'],
  summary:
    'Make the digest of the token’s person up to now and answer with it; unless `send` is false, send it to where they have theirs. For managers and data admins',
  request: {
    body: jsonBody(
      z
        .object({
          every: z
            .enum(digestPeriods)
            .optional()
            .describe('What the person chose, else the week, unless said'),
          send: z.boolean().default(true).describe('false: it is only answered with'),
        })
        .openapi({ example: { every: 'week' } }),
    ),
  },
  responses: { 201: jsonResponse(digestSchema, 'The digest'), ...problemResponses },
});

const readRoute = createRoute({
  method: 'get',
  path: '/digests/{id}',
  tags: ['Overview'],
  summary: 'A digest as it was sent; for whom it was made',
  request: { params: idParams },
  responses: { 200: jsonResponse(digestSchema, 'The digest'), ...problemResponses },
});

/** Digests with the numbers that their messages have. */
export function createDigestApi(dependencies: WebDependencies) {
  const app = createApiRouter();
  const { context: commandContext, publicUrl, views } = dependencies;

  async function findOwn(id: number, personCode: string) {
    const view = await views.digest(id);
    const found: CommandResult<{ readonly view: DigestView }> =
      view === null || view.readerCode !== personCode
        ? { kind: 'refused', refusal: { kind: 'not-found', what: 'digest', id: String(id) } }
        : { kind: 'done', view };
    return found;
  }

  app.openapi(sendRoute, async (context) => {
    const { every, send: isSent } = context.req.valid('json');
    const actor = context.get('actor');
    const locale = context.get('locale');
    const people = await views.people();
    const asked = every === undefined ? { isSent } : { every, isSent };
    const made = await sendDigest(commandContext, actor, asked);
    const { digestId } = expectDone(made, locale, people);
    const { view } = expectDone(await findOwn(digestId, actor.person.code), locale, people);
    return context.json(digestJson(view, publicUrl), 201);
  });

  app.openapi(readRoute, async (context) => {
    const { id } = context.req.valid('param');
    const found = await findOwn(id, context.get('actor').person.code);
    const { view } = expectDone(found, context.get('locale'), await views.people());
    return context.json(digestJson(view, publicUrl), 200);
  });
  return app;
}

function digestJson(view: DigestView, publicUrl: string) {
  const { id, every, fromMs, untilMs, departmentName, assessment, causes, trends } = view;
  const { bySeverity, before, medianClaimMs, medianCloseMs, recurred, health } = view;
  return {
    id,
    every,
    from: iso(fromMs),
    until: iso(untilMs),
    department: departmentName,
    bySeverity,
    before,
    medianClaimMs,
    medianCloseMs,
    recurred,
    assessment: assessment ?? null,
    causes: causes.map(({ kind, name, count: customers, of }) => ({ kind, name, customers, of })),
    health,
    trends: {
      step: trends.step,
      health: trends.health.map(({ atMs, score }) => ({ at: iso(atMs), score })),
      standing: trends.standing.map(({ untilMs: endMs, open, overdue }) => ({
        until: iso(endMs),
        open,
        overdue,
      })),
      opened: trends.opened.map(({ untilMs: endMs, byKind }) => ({
        until: iso(endMs),
        byKind: [...byKind],
      })),
    },
    needAttention: view.needAttention.map((line) => ({
      ...line,
      url: `${publicUrl}/warnings/${line.warningId}`,
    })),
  };
}
