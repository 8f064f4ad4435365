import { createRoute, z } from '@hono/zod-openapi';
import { auditingRefusal } from '../../commands/refused.ts';
import { startScan } from '../../commands/start-scan.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import { voteOnRequest } from '../../commands/vote-on-request.ts';
import {
  listAudit,
  listFindings,
  listScans,
  readScan,
  type ScanLine,
} from '../../db/stores/console.ts';
import type { AttachedBackTest } from '../../domain/back-test.ts';
import type { RequestView } from '../../bot/views.ts';
import type { TagRequest } from '../../domain/request.ts';
import { auditReaders } from '../pages/audit.tsx';
import type { WebDependencies } from '../dependencies.ts';
import { maySeeRequest } from '../../bot/visibility.ts';
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
import { proposalSchema, toProposal } from './proposals.ts';
import {
  auditSchema,
  ballot,
  findingSchema,
  idParams,
  nextCursor,
  pageQuery,
  requestSchema,
  scanSchema,
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
  responses: { 200: jsonResponse(scanSchema, 'The scan'), ...problemResponses },
});

const submitRoute = createRoute({
  method: 'post',
  path: '/requests',
  tags: ['Requests'],
  summary: 'Ask the tag committee for a change',
  request: {
    body: jsonBody(
      z.object({ proposal: proposalSchema, reason: z.string().trim().min(1).max(1_000) }),
    ),
  },
  responses: { 201: jsonResponse(requestSchema, 'The request'), ...problemResponses },
});

const count = z.number().int();
const requestWithBackTest = requestSchema
  .extend({
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
        testedAt: z.iso.datetime(),
      })
      .nullable()
      .describe('Of a request about a rule, once it was tested.'),
  })
  .openapi('TagRequestWithBackTest');

const readRequestRoute = createRoute({
  method: 'get',
  path: '/requests/{id}',
  tags: ['Requests'],
  summary: 'One request with its votes',
  request: { params: idParams },
  responses: {
    200: jsonResponse(requestWithBackTest, 'The request, with what its rule would flag'),
    ...problemResponses,
  },
});

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
    200: jsonResponse(
      z.object({ result: z.enum(['done', 'unchanged']), request: requestSchema }),
      'The vote counts',
    ),
    ...problemResponses,
  },
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

/** Everything of the API but the check and warnings: scans, requests, findings and the audit trail. */
export function createRecordApi(dependencies: WebDependencies, readKnowledge: ReadKnowledge) {
  const { database, views, publicUrl, context: commandContext } = dependencies;
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
    return context.json(scanJson(found.scan), 200);
  });

  app.openapi(submitRoute, async (context) => {
    const { proposal, reason } = context.req.valid('json');
    const actor = context.get('actor');
    const { dictionary } = await readKnowledge(actor.person);
    const result = await submitRequest(commandContext, actor, {
      proposal: toProposal(proposal, {
        requesterCode: actor.person.code,
        attributes: dictionary.attributes,
      }),
      reason,
    });
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json(requestJson(done.request, publicUrl), 201);
  });

  app.openapi(readRequestRoute, async (context) => {
    const { id } = context.req.valid('param');
    const { person } = context.get('actor');
    const [view, knowledge] = await Promise.all([views.request(id), readKnowledge(person)]);
    const found = expectDone<Pick<RequestView, 'request' | 'backTest'>>(
      view === null || !maySeeRequest(person, view.request, knowledge)
        ? { kind: 'refused', refusal: { kind: 'not-found', what: 'request', id: String(id) } }
        : { kind: 'done', request: view.request, backTest: view.backTest },
      context.get('locale'),
      new Map(),
    );
    const backTest = found.backTest === null ? null : attachedJson(found.backTest);
    return context.json({ ...requestJson(found.request, publicUrl), backTest }, 200);
  });

  app.openapi(voteRoute, async (context) => {
    const result = await voteOnRequest(commandContext, context.get('actor'), {
      requestId: context.req.valid('param').id,
      ...context.req.valid('json'),
    });
    const done = expectDone(result, context.get('locale'), await views.people());
    return context.json({ result: done.kind, request: requestJson(done.request, publicUrl) }, 200);
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
    const isReader = auditReaders.some((role) => person.roles.includes(role));
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

function attachedJson({ testedAtMs, overlaps, ...figures }: AttachedBackTest) {
  return { ...figures, overlaps: [...overlaps], testedAt: iso(testedAtMs) };
}

function requestJson(request: TagRequest, publicUrl: string) {
  return {
    id: request.id,
    proposal: request.proposal,
    requesterCode: request.requesterCode,
    reason: request.reason,
    state: request.state.kind,
    quorum: request.quorum,
    votes: request.votes.map(({ by, ballot: cast, comment, atMs }) => ({
      by,
      ballot: cast,
      comment,
      at: iso(atMs),
    })),
    memberCodes: [...request.memberCodes],
    createdAt: iso(request.createdAtMs),
    dueAt: iso(request.dueAtMs),
    version: request.version,
    url: `${publicUrl}/requests/${request.id}`,
  };
}
