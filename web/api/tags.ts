import { createRoute, z } from '@hono/zod-openapi';
import { createPen } from '../../bot/cards/context.ts';
import { changeInlines } from '../../bot/cards/request-changes.ts';
import type { Inline } from '../../bot/card.ts';
import { requestWords } from '../../bot/texts/request-words.ts';
import { criteriaText } from '../../config/tag-table/criteria.ts';
import { listTags, readTagDetails, type TagDetails } from '../../db/stores/console.ts';
import {
  readTagHealth,
  readTagUsage,
  type TagHealth,
  type TagUsage,
} from '../../db/stores/tag-usage.ts';
import { rankTags } from '../../db/stores/tag-search.ts';
import { listTagVersions, type TagVersionLine } from '../../db/stores/tag-versions.ts';
import { partNames } from '../../domain/requests/part-change.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Person } from '../../domain/person.ts';
import { tagsOfRule } from '../../domain/rule-tags.ts';
import { tagHealthKinds } from '../../domain/tag-health.ts';
import { tagCategories, tagLevels, tagStatuses, type Tag } from '../../domain/tag.ts';
import type { WebDependencies } from '../dependencies.ts';
import { exportFormats, exportResponse } from '../tag-export.ts';
import { changeNamesFor } from '../tag-words.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import { createApiRouter, iso, isoOrNull, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { instant, localizedText, nextCursor, pageQuery, tagSchema } from './schemas.ts';

const codeParams = z.object({
  code: z
    .string()
    .min(1)
    .max(100)
    .openapi({ param: { name: 'code', in: 'path' } }),
});

const healthSchema = z.object({
  score: z.number().nullable().describe('0 to 100, the mean of the shares; null: none.'),
  parts: z.array(z.object({ kind: z.enum(tagHealthKinds), good: z.number(), of: z.number() })),
});

const listRoute = createRoute({
  method: 'get',
  path: '/tags',
  tags: ['Tags'],
  summary:
    'Tags of the dictionary, by code, name, pinyin, synonym or definition; the most used first',
  request: {
    query: z.object({
      q: z.string().trim().max(100).default(''),
      status: z.enum(tagStatuses).optional(),
      offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
      limit: z.coerce.number().int().min(1).max(1_000).default(50),
    }),
  },
  responses: {
    200: jsonResponse(
      z.object({ tags: z.array(tagSchema.extend({ health: healthSchema })) }),
      'A page of tags',
    ),
    ...problemResponses,
  },
});

const readRoute = createRoute({
  method: 'get',
  path: '/tags/{code}',
  tags: ['Tags'],
  summary: 'One tag with who uses it, its health and what names it',
  request: { params: codeParams },
  responses: {
    200: jsonResponse(
      z.object({
        code: z.string(),
        name: localizedText,
        definition: localizedText,
        level: z.enum(tagLevels),
        category: z.enum(tagCategories),
        parentCode: z.string().nullable(),
        departmentCodes: z.array(z.string()),
        ownerCode: z.string(),
        status: z.enum(tagStatuses),
        lifeDays: z.number().int().nullable(),
        successorCode: z.string().nullable(),
        confirmEveryDays: z.number().int().nullable(),
        criteria: z.string().nullable().describe('As tags.yaml has it, as JSON.'),
        sensitive: z.boolean().describe('Only for who may use it, and who may see it besides.'),
        seenByDepartmentCodes: z
          .array(z.string())
          .describe('Departments that may see a sensitive tag without using it.'),
        version: z.number().int(),
        ruleCodes: z.array(z.string()),
        openWarnings: z.number().int(),
        health: healthSchema,
        usage: z.object({
          customers: z.number().int().nullable(),
          coverage: z.number().nullable().describe('Share of all customers.'),
          lastPutOnAt: instant.nullable(),
          sources: z.array(z.object({ name: z.string(), customers: z.number().int() })),
          trend: z.array(z.object({ at: instant, customers: z.number().int() })),
          sampledCustomers: z.number().int().describe('Whom `actors` and `lastPutOnAt` are of.'),
          actors: z.array(
            z.object({
              name: z.string(),
              personCode: z.string().nullable(),
              departmentCode: z.string().nullable(),
              customers: z.number().int(),
            }),
          ),
        }),
      }),
      'The tag',
    ),
    ...problemResponses,
  },
});

const versionSchema = z
  .object({
    version: z.number().int(),
    changedBy: z.string().describe('Code of the person; system: nobody in particular.'),
    changedAt: instant,
    through: z.string().describe('Channel, such as cli; system: an approved request, applied.'),
    cause: z.object({
      kind: z.enum(['configuration', 'request', 'undo', 'import', 'other']),
      id: z.number().int().nullable().describe('Of the request or the import.'),
      words: z.string().nullable(),
    }),
    note: z.string().nullable().describe('Why, in the words of whoever asked or changed it.'),
    changes: z.array(
      z.object({
        part: z.enum(partNames),
        label: z.string(),
        difference: z
          .array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() }))
          .describe('Word by word; without what was added it is as before.'),
      }),
    ),
  })
  .openapi('TagVersion');

const versionsRoute = createRoute({
  method: 'get',
  path: '/tags/{code}/versions',
  tags: ['Tags'],
  summary: 'How a tag came to be as it is, the newest version first',
  request: { params: codeParams, query: pageQuery },
  responses: {
    200: jsonResponse(
      z.object({ versions: z.array(versionSchema), nextCursor }),
      'A page of versions; words follow Accept-Language',
    ),
    ...problemResponses,
  },
});

const exportRoute = createRoute({
  method: 'get',
  path: '/tags/export',
  tags: ['Tags'],
  summary: 'The dictionary as a file that can be imported again',
  request: {
    query: z.object({
      format: z.enum(exportFormats).default('csv'),
      q: z.string().trim().max(100).default(''),
      status: z.enum(tagStatuses).optional(),
    }),
  },
  responses: {
    200: {
      content: { 'text/csv': { schema: z.string() } },
      description: 'CSV or an .xlsx workbook; headings follow Accept-Language',
    },
    ...problemResponses,
  },
});

/** The dictionary. */
export function createTagApi(dependencies: WebDependencies, readKnowledge: ReadKnowledge) {
  const { database, publicUrl } = dependencies;
  const app = createApiRouter();

  app.openapi(listRoute, async (context) => {
    const { q, status, offset, limit } = context.req.valid('query');
    const { hidden } = await readKnowledge(context.get('actor').person);
    const lines = await listTags(
      database.sql,
      {
        ranks: await rankTags(database, q),
        status: status ?? null,
        hiddenCodes: hidden.tagCodes,
      },
      { offset, limit },
    );
    const health = await readTagHealth(database);
    const tags = lines.map((line) => ({ ...line, health: healthJson(health.get(line.code)) }));
    return context.json({ tags }, 200);
  });

  app.openapi(exportRoute, async (context) => {
    const { format, q, status } = context.req.valid('query');
    const ranks = await rankTags(database, q);
    return exportResponse(dependencies.context, context.get('actor'), {
      format,
      locale: context.get('locale'),
      isWanted: (tag) =>
        (ranks?.has(tag.code) ?? true) && (status === undefined || tag.status === status),
    });
  });

  app.openapi(readRoute, async (context) => {
    const knowledge = await readKnowledge(context.get('actor').person);
    const { tag } = expectTag(context.req.valid('param').code, knowledge, context.get('locale'));
    const [usage, health, details] = await Promise.all([
      readTagUsage(database, tag),
      readTagHealth(database),
      readTagDetails(database.sql, tag),
    ]);
    return context.json(
      tagJson(tag, { usage, health: health.get(tag.code), details, knowledge }),
      200,
    );
  });

  app.openapi(versionsRoute, async (context) => {
    const { person } = context.get('actor');
    const locale = context.get('locale');
    const knowledge = await readKnowledge(person);
    const { tag } = expectTag(context.req.valid('param').code, knowledge, locale);
    const { cursor, limit } = context.req.valid('query');
    const lines = await listTagVersions(database.sql, tag.code, {
      beforeVersion: cursor === undefined ? null : Number(cursor),
      limit: limit + 1,
      hiddenCodes: knowledge.hidden.tagCodes,
    });
    const shown = lines.slice(0, limit);
    const pen = createPen({ ...person, locale }, { publicUrl, nowMs: dependencies.now() });
    return context.json(
      {
        versions: shown.map((line) => versionJson(line, { knowledge, pen })),
        nextCursor: lines.length > limit ? String(shown.at(-1)?.version) : null,
      },
      200,
    );
  });

  return app;
}

/** The tag of a code; one that the reader may not see is not there. */
function expectTag(
  code: string,
  { dictionary, hidden }: Knowledge,
  locale: Locale,
): { readonly tag: Tag } {
  const tag = dictionary.tags.find((known) => known.code === code);
  return expectDone<{ readonly tag: Tag }>(
    tag === undefined || hidden.tagCodes.includes(code)
      ? { kind: 'refused', refusal: { kind: 'not-found', what: 'tag', id: code } }
      : { kind: 'done', tag },
    locale,
    new Map<string, Person>(),
  );
}

function tagJson(
  tag: Tag,
  about: {
    readonly usage: TagUsage;
    readonly health: TagHealth | undefined;
    readonly details: TagDetails;
    readonly knowledge: Knowledge;
  },
) {
  const { usage, health, details, knowledge } = about;
  const { dictionary, hidden } = knowledge;
  const seen = (code: string | null) =>
    code !== null && hidden.tagCodes.includes(code) ? null : code;
  const { id: _id, ...said } = tag;
  return {
    ...said,
    parentCode: seen(tag.parentCode),
    successorCode: seen(tag.successorCode),
    departmentCodes: [...tag.departmentCodes],
    seenByDepartmentCodes: [...tag.seenByDepartmentCodes],
    criteria: tag.criteria === null ? null : criteriaText(tag.criteria, dictionary.attributes),
    ruleCodes: dictionary.rules
      .filter(({ id, enabled }) => enabled && !hidden.ruleIds.includes(id))
      .filter((rule) => tagsOfRule(rule, dictionary).includes(tag.code))
      .map(({ code }) => code),
    openWarnings: details.openWarnings,
    health: healthJson(health),
    usage: {
      customers: usage.customers,
      coverage:
        usage.customers === null || usage.allCustomers === 0
          ? null
          : usage.customers / usage.allCustomers,
      lastPutOnAt: isoOrNull(usage.lastPutOnAtMs),
      sources: usage.sources.map(({ code, customers }) => ({ name: code, customers })),
      trend: usage.trend.map(({ countedAtMs, customers }) => ({ at: iso(countedAtMs), customers })),
      sampledCustomers: usage.sampled.customers,
      actors: [...usage.actors],
    },
  };
}

function healthJson(health: TagHealth | undefined) {
  return { score: health?.score ?? null, parts: [...(health?.parts ?? [])] };
}

function versionJson(
  line: TagVersionLine,
  context: { readonly knowledge: Knowledge; readonly pen: ReturnType<typeof createPen> },
) {
  const { pen, knowledge } = context;
  const { changedAtMs, cause, changes, ...rest } = line;
  const names = changeNamesFor(knowledge);
  return {
    ...rest,
    changedAt: iso(changedAtMs),
    cause: {
      kind: cause.kind,
      id: 'requestId' in cause ? cause.requestId : 'importId' in cause ? cause.importId : null,
      words: cause.kind === 'other' ? cause.words : null,
    },
    changes: changes.map((change) => ({
      part: change.part,
      label: requestWords[pen.reader.locale].part[change.part],
      difference: changeInlines(change, names, pen).map(differencePart),
    })),
  };
}

function differencePart(inline: Inline) {
  const kind =
    inline.kind === 'removed' ? 'removed' : inline.kind === 'strong' ? 'added' : ('same' as const);
  return { kind, text: inline.kind === 'person' ? inline.name : inline.text } as const;
}
