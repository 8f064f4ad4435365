import { createRoute, z } from '@hono/zod-openapi';
import { describeOrigin, describeRow } from '../../bot/texts/tag-table.ts';
import {
  bringTagTable,
  lookAtTagTable,
  stopTagTable,
  takeInTagTable,
} from '../../commands/import-tags.ts';
import type { TagImport } from '../../db/stores/tag-imports.ts';
import type { Locale } from '../../domain/locale.ts';
import { tagFields } from '../../domain/tag-table/fields.ts';
import type { RowCounts } from '../../domain/tag-table/table.ts';
import { tagCategories } from '../../domain/tag.ts';
import { tagChanges } from '../../domain/tag-version.ts';
import type { WebDependencies } from '../dependencies.ts';
import { createApiRouter, iso, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { idParams, instant } from './schemas.ts';

const tags = ['Tags'];
const rowsPerPageMax = 1_000;
/** How long a call waits for the end of writing, and of stopping it. */
const waitMs = 8_000;
const noRows = { kind: null, offset: 0, limit: 0 } as const;
const count = z.number().int();
const countsSchema = z.object({ added: count, changed: count, unchanged: count, refused: count });
const kinds = ['added', 'changed', 'unchanged', 'refused'] as const;

const importSchema = z
  .object({
    id: z.number().int(),
    fileName: z.string(),
    broughtBy: z.string(),
    broughtAt: instant,
    readAs: z.string().describe('Encoding or sheet, in words.'),
    columns: z.array(z.object({ header: z.string(), field: z.enum(tagFields).nullable() })),
    counts: countsSchema,
    takenIn: z.object({ by: z.string(), at: instant }).nullable(),
    writing: z
      .object({
        state: z.enum(['running', 'stopped', 'overtaken', 'failed']),
        at: instant,
        written: count.describe('Tags; 0 unless it is running.'),
      })
      .nullable()
      .describe(
        'What became of writing it, while it is not taken in; nothing stands in the dictionary then. overtaken: the dictionary changed since, and the rows were looked over again.',
      ),
  })
  .openapi('TagImport');

const bringRoute = createRoute({
  method: 'post',
  path: '/tags/imports',
  tags,
  summary: 'Bring a table of tags (.xlsx or CSV) and see what would become of it; writes no tag',
  request: {
    body: jsonBody(
      z.object({
        fileName: z.string().min(1).max(200),
        content: z.base64().describe('The file in base64.'),
        owner: z.string().max(100).nullable().default(null).describe('Of new tags without one.'),
        category: z
          .enum(tagCategories)
          .nullable()
          .default(null)
          .describe('Of new tags without one.'),
      }),
    ),
  },
  responses: { 201: jsonResponse(importSchema, 'What was read'), ...problemResponses },
});

const lookRoute = createRoute({
  method: 'get',
  path: '/tags/imports/{id}',
  tags,
  summary: 'An import with its rows and what becomes of each',
  request: {
    params: idParams,
    query: z.object({
      kind: z.enum(kinds).optional(),
      offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
      limit: z.coerce.number().int().min(1).max(rowsPerPageMax).default(100),
    }),
  },
  responses: {
    200: jsonResponse(
      importSchema.extend({
        rows: z.array(
          z.object({
            row: z.number().int(),
            kind: z.enum(kinds),
            code: z.string().nullable(),
            name: z.string(),
            told: z.string().describe('Why it is refused, and what else is told of it.'),
            changedParts: z.array(z.string()),
          }),
        ),
      }),
      'A page of rows; words follow Accept-Language',
    ),
    ...problemResponses,
  },
});

const takeInRoute = createRoute({
  method: 'post',
  path: '/tags/imports/{id}/take-in',
  tags,
  summary: 'Write an import into the dictionary, whole or without its refused rows',
  request: { params: idParams, body: jsonBody(z.object({ rows: z.enum(['all', 'good']) })) },
  responses: {
    200: jsonResponse(importSchema, 'Written, where takenIn is there; else see writing'),
    202: jsonResponse(importSchema, 'It is being written: look at the import again'),
    ...problemResponses,
  },
});

const stopRoute = createRoute({
  method: 'post',
  path: '/tags/imports/{id}/stop',
  tags,
  summary: 'Stop writing an import; unless it was done before, the dictionary stays as it was',
  request: { params: idParams },
  responses: {
    200: jsonResponse(importSchema, 'What became of it'),
    202: jsonResponse(importSchema, 'It is being stopped: look at the import again'),
    ...problemResponses,
  },
});

/** Bringing the list of tags that a company has. Who may do it is decided by the commands. */
export function createTagImportApi({ context: commands, views }: WebDependencies) {
  const app = createApiRouter();

  app.openapi(bringRoute, async (context) => {
    const { fileName, content, owner, category } = context.req.valid('json');
    const actor = context.get('actor');
    const locale = context.get('locale');
    const people = await views.people();
    const brought = await bringTagTable(commands, actor, {
      name: fileName,
      bytes: new Uint8Array(Buffer.from(content, 'base64')),
      defaults: { ownerCode: owner, category },
    });
    const { importId } = expectDone(brought, locale, people);
    const looked = expectDone(
      await lookAtTagTable(commands, actor, { importId, ...noRows }),
      locale,
      people,
    );
    return context.json(importJson(looked, locale), 201);
  });

  app.openapi(lookRoute, async (context) => {
    const locale = context.get('locale');
    const { kind, offset, limit } = context.req.valid('query');
    const importId = context.req.valid('param').id;
    const page = { kind: kind ?? null, offset, limit };
    const result = await lookAtTagTable(commands, context.get('actor'), { importId, ...page });
    const looked = expectDone(result, locale, await views.people());
    return context.json(
      {
        ...importJson(looked, locale),
        rows: looked.rows.map((row) => ({
          row: row.row,
          kind: row.kind,
          code: row.code,
          name: row.name,
          told: describeRow(row, locale),
          changedParts:
            row.kind === 'changed' ? tagChanges(row.before, row.tag).map(({ part }) => part) : [],
        })),
      },
      200,
    );
  });

  app.openapi(takeInRoute, async (context) => {
    const locale = context.get('locale');
    const actor = context.get('actor');
    const importId = context.req.valid('param').id;
    const { rows } = context.req.valid('json');
    const taken = await takeInTagTable(commands, actor, { importId, rows, waitMs });
    const { brought } = expectDone(taken, locale, await views.people());
    return context.json(...answer(brought, locale));
  });

  app.openapi(stopRoute, async (context) => {
    const locale = context.get('locale');
    const importId = context.req.valid('param').id;
    const stopped = await stopTagTable(commands, context.get('actor'), { importId, waitMs });
    const { brought } = expectDone(stopped, locale, await views.people());
    return context.json(...answer(brought, locale));
  });

  return app;
}

function answer(brought: TagImport, locale: Locale) {
  const counts = brought.outcome?.counts ?? brought.checked?.counts ?? noCounts;
  const status = brought.taking?.kind === 'running' ? (202 as const) : (200 as const);
  return [importJson({ brought, counts }, locale), status] as const;
}

const noCounts: RowCounts = { added: 0, changed: 0, unchanged: 0, refused: 0 };

function importJson(
  looked: { readonly brought: TagImport; readonly counts: RowCounts },
  locale: Locale,
) {
  const { brought, counts } = looked;
  const { id, fileName, broughtBy, broughtAtMs, origin, headings, reading } = brought;
  const { outcome, taking } = brought;
  return {
    id,
    fileName,
    broughtBy,
    broughtAt: iso(broughtAtMs),
    readAs: describeOrigin(origin, locale).join('; '),
    columns: headings.map(({ header }, at) => ({ header, field: reading.columns[at] ?? null })),
    counts,
    takenIn: outcome === null ? null : { by: outcome.by, at: iso(outcome.atMs) },
    writing:
      taking === null
        ? null
        : {
            state: taking.kind,
            at: iso(taking.atMs),
            written: taking.kind === 'running' ? taking.written : 0,
          },
  };
}
