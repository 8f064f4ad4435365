import { createRoute, z } from '@hono/zod-openapi';
import { backTestRule, exampleChanges, type BackTest } from '../../commands/back-test-rule.ts';
import { ruleEntry } from '../../config/schema/rules.ts';
import { toRule } from '../../config/translate.ts';
import { readLastUndecided } from '../../db/stores/undecided.ts';
import { loadPolicy } from '../../db/stores/dictionary.ts';
import type { ReadRulePerformance } from '../rule-performance-reader.ts';
import { judgeRule } from '../../domain/rule-performance.ts';
import type { RuleDefinition } from '../../domain/configuration.ts';
import { definitionOf } from '../../domain/requests/change-rule.ts';
import { editRule } from '../../domain/requests/rule-edit.ts';
import type { Rule } from '../../domain/rule.ts';
import { severities } from '../../domain/severity.ts';
import type { WebDependencies } from '../dependencies.ts';
import type { ReadKnowledge } from '../visibility.ts';
import { createApiRouter, jsonBody, jsonResponse, problemResponses } from './environment.ts';
import { undecidedJson, undecidedSchema } from './schemas.ts';
import { expectDone } from './problem.ts';

const count = z.number().int();
const precision = z
  .object({ value: z.number(), low: z.number(), high: z.number() })
  .nullable()
  .describe(
    'Share of its decided warnings that were right, with its 95 % interval; null: too few decisions.',
  );

const ruleEdit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('severity'), severity: z.enum(severities) }),
  z
    .strictObject({ kind: z.literal('threshold'), value: z.number().min(0).max(1_000_000) })
    .describe('The limit of rules that have one: tags, characters, days, deviations'),
  z
    .strictObject({
      kind: z.literal('allow-pair'),
      pair: z.tuple([z.string().min(1).max(200), z.string().min(1).max(200)]),
    })
    .describe('Two tags, by code, that may stand together'),
]);

const listRoute = createRoute({
  method: 'get',
  path: '/rules',
  tags: ['Rules'],
  summary: 'Rules with how they have done so far',
  responses: {
    200: jsonResponse(
      z.object({
        rules: z.array(
          z.object({
            code: z.string(),
            kind: z.string(),
            name: z.object({ 'zh-CN': z.string(), en: z.string() }),
            severity: z.enum(severities),
            enabled: z.boolean(),
            autoFix: z
              .object({
                mode: z.enum(['dry-run', 'automatic']),
                customersMax: count,
                shareMax: z.number(),
              })
              .nullable(),
            openFindings: count,
            openWarnings: count,
            right: count,
            wrong: count,
            precision,
            closeMedianMs: z.number().nullable(),
            mended: count,
            cameBack: count,
            undecided: undecidedSchema
              .nullable()
              .describe('In the last full scan; null: it could tell of everybody'),
          }),
        ),
      }),
      'Every rule',
    ),
    ...problemResponses,
  },
});

const testRoute = createRoute({
  method: 'post',
  path: '/rules/test',
  tags: ['Rules'],
  summary: 'What a rule would flag; nothing is written',
  request: {
    body: jsonBody(
      z.union([
        z
          .strictObject({ code: z.string().min(1).max(200), edit: ruleEdit.optional() })
          .describe('A rule of the dictionary, as it is or with one thing changed'),
        z.strictObject({ rule: ruleEntry }).describe('A rule as rules.yaml would declare it'),
      ]),
    ),
  },
  responses: {
    200: jsonResponse(
      z.object({
        ruleCode: z.string(),
        standing: z.enum(['in-force', 'changed', 'off', 'new']),
        about: z.enum(['customers', 'tags']),
        examined: count,
        flagged: count,
        findings: count,
        flaggedAnew: count,
        noLongerFlagged: count,
        dismissedBefore: count,
        right: count,
        wrong: count,
        precision,
        overlaps: z.array(z.object({ ruleCode: z.string(), flagged: count })),
        undecided: undecidedSchema,
        examples: z.array(
          z.object({
            change: z
              .enum(exampleChanges)
              .describe(
                'Against the rule in force: by this one alone, by that one alone, by both or none is in force',
              ),
            ref: z.string(),
            name: z.string(),
            tags: z.array(z.string()),
          }),
        ),
      }),
      'The back-test',
    ),
    ...problemResponses,
  },
});

export function createRuleApi(
  dependencies: WebDependencies,
  readers: {
    readonly readKnowledge: ReadKnowledge;
    readonly readRulePerformance: ReadRulePerformance;
  },
) {
  const { readKnowledge, readRulePerformance } = readers;
  const { database, views, context: commandContext } = dependencies;
  const app = createApiRouter();

  app.openapi(listRoute, async (context) => {
    const { dictionary, hidden } = await readKnowledge(context.get('actor').person);
    const [performance, { learning }, lastUndecided] = await Promise.all([
      readRulePerformance(),
      loadPolicy(database.query),
      readLastUndecided(database.sql),
    ]);
    const rules = dictionary.rules.filter((rule) => !hidden.ruleIds.includes(rule.id));
    return context.json(
      {
        rules: rules.map((rule) => {
          const done = performance.get(rule.id);
          const undecided = lastUndecided?.byRule.find(({ ruleId }) => ruleId === rule.id);
          const decisions = { right: done?.right ?? 0, wrong: done?.wrong ?? 0 };
          return {
            code: rule.code,
            kind: rule.kind,
            name: rule.name,
            severity: rule.severity,
            enabled: rule.enabled,
            autoFix: rule.autoFix ?? null,
            openFindings: done?.openFindings ?? 0,
            openWarnings: done?.openWarnings ?? 0,
            ...decisions,
            precision: precisionJson(judgeRule(decisions, learning.precisionFloor)),
            closeMedianMs: done?.closeMedianMs ?? null,
            mended: done?.mended ?? 0,
            cameBack: done?.cameBack ?? 0,
            undecided: undecided === undefined ? null : undecidedJson(undecided),
          };
        }),
      },
      200,
    );
  });

  app.openapi(testRoute, async (context) => {
    const body = context.req.valid('json');
    const locale = context.get('locale');
    const { dictionary } = await readKnowledge(context.get('actor').person);
    const rule = 'code' in body ? testedRule(body, dictionary.rules) : toRule(body.rule);
    const { signal } = context.req.raw;
    const result =
      rule === null
        ? ({ kind: 'refused', refusal: noSuchEdit } as const)
        : await backTestRule(commandContext, context.get('actor'), { rule, signal });
    const { backTest } = expectDone(result, locale, await views.people());
    return context.json(backTestJson(backTest), 200);
  });
  return app;
}

const noSuchEdit = {
  kind: 'invalid',
  field: 'edit',
  expected: 'a change that rules of this kind have',
} as const;

/** A rule by its code, or with one thing changed; null where rules of its kind have no such thing. */
function testedRule(
  { code, edit }: { readonly code: string; readonly edit?: z.infer<typeof ruleEdit> | undefined },
  rules: readonly Rule[],
): string | RuleDefinition | null {
  const rule = rules.find((one) => one.code === code);
  return edit === undefined || rule === undefined ? code : editRule(definitionOf(rule), edit);
}

function backTestJson({ record, ...test }: BackTest) {
  return {
    ...test,
    right: record.right,
    wrong: record.wrong,
    precision: precisionJson(record.verdict),
    overlaps: [...test.overlaps],
    undecided: undecidedJson(test.undecided),
    examples: test.examples.map((example) => ({ ...example, tags: [...example.tags] })),
  };
}

function precisionJson(verdict: ReturnType<typeof judgeRule>) {
  return verdict.kind === 'unproven' ? null : { value: verdict.precision, ...verdict.interval };
}
