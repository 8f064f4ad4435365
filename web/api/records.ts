import { createRoute, z } from '@hono/zod-openapi';
import { auditingRefusal } from '../../commands/refused.ts';
import { startScan } from '../../commands/start-scan.ts';
import {
  listAudit,
  listFindings,
  listScans,
  readScan,
  type ScanLine,
} from '../../db/stores/console.ts';
import { readUndecided } from '../../db/stores/undecided.ts';
import { auditedPeople, mayReadAudit } from '../pages/audit.tsx';
import type { WebDependencies } from '../dependencies.ts';
import type { ReadKnowledge } from '../visibility.ts';
import {
  createApiRouter,
  iso,
  isoOrNull,
  jsonBody,
  jsonResponse,
  problemResponses,
} from './environment.ts';
import { expectDone } from './problem.ts';
import {
  auditSchema,
  findingSchema,
  idParams,
  nextCursor,
  pageQuery,
  scanDetailSchema,
  scanSchema,
  undecidedJson,
} from './schemas.ts';

const text = z.string().trim().min(1).max(200);

const startScanRoute = createRoute({
  method: 'post',
  path: '/scans',
  tags: ['Scans'],
  summary: 'Start a scan, or join the one that runs',
  request: { body: jsonBody(z.object({ kind: z.enum(['full', 'incremental']).default('full') })) },
  responses: {
    202: jsonResponse(
      z.object({ result: z.enum(['done', 'unchanged']), scanId: z.number().int() }),
      'Begun; `unchanged`: it was running already',
    ),
    ...problemResponses,
  },
});

const listScansRoute = createRoute({
  method: 'get',
  path: '/scans',
  tags: ['Scans'],
  summary: 'Scans, newest first',
  request: { query: pageQuery },
  responses: {
    200: jsonResponse(z.object({ scans: z.array(scanSchema), nextCursor }), 'A page of scans'),
    ...problemResponses,
  },
});

const readScanRoute = createRoute({
  method: 'get',
  path: '/scans/{id}',
  tags: ['Scans'],
  summary: 'One scan with its progress',
  request: { params: idParams },
  responses: { 200: jsonResponse(scanDetailSchema, 'The scan'), ...problemResponses },
});

const findingsRoute = createRoute({
  method: 'get',
  path: '/findings',
  tags: ['Findings'],
  summary: 'Findings, oldest first',
  request: {
    query: pageQuery.extend({
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
      state: z.enum(['open', 'excepted', 'dismissed', 'gone']).optional(),
      warning: z.coerce.number().int().positive().max(2_147_483_647).optional(),
      rule: text.optional(),
      customer: text.optional(),
    }),
  },
  responses: {
    200: jsonResponse(
      z.object({ findings: z.array(findingSchema), nextCursor }),
      'A page of findings',
    ),
    ...problemResponses,
  },
});

const auditRoute = createRoute({
  method: 'get',
  path: '/audit',
  tags: ['Audit'],
  summary: 'The audit trail, newest first; for data admins and auditors',
  request: {
    query: pageQuery.extend({
      action: z
        .string()
        .regex(/^[a-z.-]{1,60}$/)
        .optional(),
      actor: text.optional(),
      subjectKind: text.optional(),
      subjectId: text.optional(),
    }),
  },
  responses: {
    200: jsonResponse(z.object({ rows: z.array(auditSchema), nextCursor }), 'A page of rows'),
    ...problemResponses,
  },
});

/** Scans, findings and the audit trail. */
export function createRecordApi(dependencies: WebDependencies, readKnowledge: ReadKnowledge) {
  const { database, views, context: commandContext } = dependencies;
  const app = createApiRouter();

  app.openapi(startScanRoute, async (context) => {
    const result = await startScan(commandContext, context.get('actor'), context.req.valid('json'));
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ result: done.kind, scanId: done.scanId }, 202);
  });

  app.openapi(listScansRoute, async (context) => {
    const { cursor, limit } = context.req.valid('query');
    const lines = await listScans(database.sql, {
      beforeId: cursor === undefined ? null : Number(cursor),
      limit: limit + 1,
    });
    const shown = lines.slice(0, limit);
    return context.json(
      {
        scans: shown.map(scanJson),
        nextCursor: lines.length > limit ? String(shown.at(-1)?.id) : null,
      },
      200,
    );
  });

  app.openapi(readScanRoute, async (context) => {
    const { id } = context.req.valid('param');
    const scan = await readScan(database.sql, id);
    const found = expectDone<{ readonly scan: ScanLine }>(
      scan === null
        ? { kind: 'refused', refusal: { kind: 'not-found', what: 'scan', id: String(id) } }
        : { kind: 'done', scan },
      context.get('locale'),
      new Map(),
    );
    const [undecided, { dictionary, hidden }] = await Promise.all([
      readUndecided(database.sql, id),
      readKnowledge(context.get('actor').person),
    ]);
    const codeOf = new Map(
      dictionary.rules
        .filter((rule) => !hidden.ruleIds.includes(rule.id))
        .map((rule) => [rule.id, rule.code]),
    );
    return context.json(
      {
        ...scanJson(found.scan),
        undecided: undecided.flatMap((one) => {
          const ruleCode = codeOf.get(one.ruleId);
          return ruleCode === undefined ? [] : [{ ruleCode, ...undecidedJson(one) }];
        }),
      },
      200,
    );
  });

  app.openapi(findingsRoute, async (context) => {
    const query = context.req.valid('query');
    const { hidden } = await readKnowledge(context.get('actor').person);
    const lines = await listFindings(
      database.sql,
      {
        warningId: query.warning ?? null,
        ruleCode: query.rule ?? null,
        customerRef: query.customer ?? null,
        state: query.state ?? null,
        hiddenRuleIds: hidden.ruleIds,
        hiddenTagIds: hidden.tagIds,
      },
      { afterId: Number(query.cursor ?? 0), limit: query.limit + 1 },
    );
    const shown = lines.slice(0, query.limit);
    return context.json(
      {
        findings: shown.map(({ openedAtMs, goneAtMs, tags, ...finding }) => ({
          ...finding,
          tags: [...tags],
          openedAt: iso(openedAtMs),
          goneAt: isoOrNull(goneAtMs),
        })),
        nextCursor: lines.length > query.limit ? String(shown.at(-1)?.id) : null,
      },
      200,
    );
  });

  app.openapi(auditRoute, async (context) => {
    const { person } = context.get('actor');
    const isReader = mayReadAudit({ person });
    const attempt = { action: 'read', subjectKind: 'audit', subjectId: 'trail' };
    expectDone(
      await auditingRefusal(
        dependencies.context,
        context.get('actor'),
        attempt,
        isReader
          ? { kind: 'done' }
          : { kind: 'refused', refusal: { kind: 'role-needed', role: 'auditor' } },
      ),
      context.get('locale'),
      new Map(),
    );
    const { cursor, limit, action, actor, subjectKind, subjectId } = context.req.valid('query');
    const lines = await listAudit(
      database.sql,
      {
        action: action ?? '',
        actorCode: actor ?? null,
        subject:
          subjectKind === undefined || subjectId === undefined
            ? null
            : { kind: subjectKind, id: subjectId },
        ofPeople: auditedPeople(person, context.get('current').people),
      },
      { beforeId: cursor === undefined ? null : Number(cursor), limit: limit + 1 },
    );
    const shown = lines.slice(0, limit);
    return context.json(
      {
        rows: shown.map(({ atMs, ...line }) => ({ ...line, at: iso(atMs) })),
        nextCursor: lines.length > limit ? String(shown.at(-1)?.id) : null,
      },
      200,
    );
  });

  return app;
}

function scanJson({ startedAtMs, finishedAtMs, ...scan }: ScanLine) {
  return { ...scan, startedAt: iso(startedAtMs), finishedAt: isoOrNull(finishedAtMs) };
}
