import { createRoute, z } from '@hono/zod-openapi';
import { candidateKindWords, describeReason } from '../../bot/texts/candidates.ts';
import {
  candidateDecisions,
  candidatesAtOnceMax,
  decideOnCandidates,
} from '../../commands/decide-candidates.ts';
import { listCandidates, type StoredCandidate } from '../../db/stores/candidates.ts';
import { readInventoryTags } from '../../db/stores/inventory.ts';
import { candidateKinds, candidateStates } from '../../domain/intelligence/candidate.ts';
import { opinionVerdicts, type Opinion } from '../../domain/intelligence/opinion.ts';
import type { Locale } from '../../domain/locale.ts';
import type { WebDependencies } from '../dependencies.ts';
import type { ReadKnowledge } from '../visibility.ts';
import { createApiRouter, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { expectDone } from './problem.ts';
import { idParams } from './schemas.ts';

const candidateSchema = z
  .object({
    id: z.number().int(),
    kind: z.enum(candidateKinds),
    state: z.enum(candidateStates),
    /** 0–1: how soon a person should look at it, within its kind. */
    score: z.number(),
    tags: z.array(z.object({ id: z.number().int(), name: z.string() })),
    question: z.string(),
    /** In words, in the caller's language. */
    reasons: z.array(z.string()),
    /** What a language model makes of it, where one was asked; it decides nothing. */
    opinion: z
      .object({
        verdict: z.enum(opinionVerdicts),
        because: z.string(),
        model: z.string(),
        at: z.iso.datetime(),
      })
      .nullable(),
  })
  .openapi('Candidate');

const listRoute = createRoute({
  method: 'get',
  path: '/candidates',
  tags: ['Candidates'],
  summary: 'What a person should decide about the dictionary, the most pressing first',
  request: {
    query: z.object({
      kind: z.enum(candidateKinds).optional(),
      state: z.enum(candidateStates).default('open'),
      offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
      limit: z.coerce.number().int().min(1).max(1_000).default(50),
    }),
  },
  responses: {
    200: jsonResponse(z.object({ candidates: z.array(candidateSchema) }), 'A page of candidates'),
    ...problemResponses,
  },
});

const decideRoute = createRoute({
  method: 'post',
  path: '/candidates/{id}/decisions',
  tags: ['Candidates'],
  summary: `Decide on a candidate, or on up to ${candidatesAtOnceMax} at once with \`more\``,
  request: {
    params: idParams,
    body: jsonBody(
      z.object({
        decision: z.enum(candidateDecisions),
        more: z.array(z.number().int().positive()).max(candidatesAtOnceMax).default([]),
      }),
    ),
  },
  responses: {
    200: jsonResponse(
      z.object({ result: z.enum(['done', 'unchanged']), changed: z.number().int() }),
      'Decided',
    ),
    ...problemResponses,
  },
});

function opinionToJson(opinion: Opinion | null, locale: Locale) {
  if (opinion === null) return null;
  const { verdict, because, model, atMs } = opinion;
  return { verdict, because: because[locale], model, at: new Date(atMs).toISOString() };
}

/** Candidates and what people decide on them. */
export function createCandidateApi(dependencies: WebDependencies, readKnowledge: ReadKnowledge) {
  const { database } = dependencies;
  const app = createApiRouter();

  app.openapi(listRoute, async (context) => {
    const { kind, state, offset, limit } = context.req.valid('query');
    const locale = context.get('locale');
    const [knowledge, tags] = await Promise.all([
      readKnowledge(context.get('actor').person),
      readInventoryTags(database),
    ]);
    const found = await listCandidates(
      database,
      { kind: kind ?? null, state, hiddenTagIds: knowledge.hidden.tagIds, ofTagIds: null },
      { offset, limit },
    );
    const names = new Map(tags.map(({ id, name }) => [id, name[locale]]));
    const departmentNames = new Map(
      [...knowledge.departments].map(([code, { name }]) => [code, name[locale]]),
    );
    const toJson = ({ id, kind: each, state: stands, score, ...candidate }: StoredCandidate) => ({
      id,
      kind: each,
      state: stands,
      score,
      tags: [candidate.firstTagId, candidate.secondTagId]
        .filter((tagId) => tagId !== 0)
        .map((tagId) => ({ id: tagId, name: names.get(tagId) ?? '' })),
      question: candidateKindWords[locale][each].question,
      reasons: candidate.reasons.map((reason) => describeReason(reason, locale, departmentNames)),
      opinion: opinionToJson(candidate.opinion, locale),
    });
    return context.json({ candidates: found.map(toJson) }, 200);
  });

  app.openapi(decideRoute, async (context) => {
    const { id } = context.req.valid('param');
    const { decision, more } = context.req.valid('json');
    const actor = context.get('actor');
    const { people } = await readKnowledge(actor.person);
    const result = await decideOnCandidates(dependencies.context, actor, {
      ids: [id, ...more],
      decision,
    });
    const { kind, changed } = expectDone(result, context.get('locale'), people);
    return context.json({ result: kind, changed }, 200);
  });
  return app;
}
