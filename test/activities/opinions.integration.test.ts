import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createCandidateActivities } from '../../activities/candidates.ts';
import { createLanguageModel } from '../../activities/language-model.ts';
import { readConfigurationOrThrow, sampleDirectory } from '../../app/configuration.ts';
import { runActivity } from '../../bench/activity.ts';
import { directWayOut } from '../../bot/way-out.ts';
import { describeOpinion } from '../../bot/texts/candidates.ts';
import { listCandidates } from '../../db/stores/candidates.ts';
import { applyConfiguration } from '../../db/stores/configuration.ts';
import { readModelUse } from '../../db/stores/model-use.ts';
import { refreshCandidates } from '../../db/stores/suggestions.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startModelEndpoint, type ModelEndpoint } from '../support/model-endpoint.ts';

const nowMs = Date.parse('2026-11-20T01:00:00Z');
const apiKey = 'sk-of-a-test';
const long = '理由'.repeat(500);
const answer = JSON.stringify({ verdict: 'same', zh: `两者\n都指${long}`, en: 'Both mean it.' });

let testDatabase: TestDatabase;
let endpoint: ModelEndpoint;

beforeAll(async () => {
  [testDatabase, endpoint] = await Promise.all([createTestDatabase(), startModelEndpoint(apiKey)]);
  const { database } = testDatabase;
  const configuration = await readConfigurationOrThrow(sampleDirectory);
  await applyConfiguration(database.query, configuration, { by: null, through: 'cli', nowMs });
  await refreshCandidates(database, nowMs);
});
afterAll(async () => {
  await endpoint.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  const { sql } = testDatabase.database;
  await sql`update candidate set opinion = null`;
  await sql`truncate model_use`;
  endpoint.first.length = 0;
  endpoint.answer = { kind: 'says', content: answer };
});

interface Asking {
  readonly apiKey?: string;
  readonly model?: string;
  readonly withinMs?: number;
  readonly atMs?: number;
}

function ask({ withinMs = 60_000, atMs = nowMs, ...overrides }: Asking = {}) {
  const { baseUrl } = endpoint;
  const { askForOpinions } = createCandidateActivities({
    database: testDatabase.database,
    languageModel: createLanguageModel(
      { baseUrl, apiKey, model: 'small', ...overrides },
      directWayOut,
    ),
    embedder: null,
    runner: { findCandidates: async () => {} },
    modelTimes: { meaningsWithinMs: withinMs, opinionsWithinMs: withinMs },
    now: () => atMs,
  });
  return runActivity(new MockActivityEnvironment(), askForOpinions);
}

const open = () =>
  listCandidates(
    testDatabase.database,
    { kind: null, state: 'open', hiddenTagIds: [], ofTagIds: null },
    { offset: 0, limit: 500 },
  );
const opinions = async () => (await open()).flatMap(({ opinion }) => opinion ?? []);

test('each question is asked once, and again where the definition or the model changed', async () => {
  const before = endpoint.questions.length;
  const { answered } = await ask();
  expect(answered).toBeGreaterThan(3);
  expect(endpoint.questions.length - before).toBe(answered);
  expect(await ask()).toEqual({ answered: 0, failed: 0 });

  const { sql } = testDatabase.database;
  const asked = (await open()).find(({ opinion }) => opinion !== null);
  await sql`update tag set definition = ${sql.json({ 'zh-CN': '新的定义', en: 'Anew' })}
    where id = ${asked?.firstTagId ?? 0}`;
  expect((await ask()).answered).toBeGreaterThan(0);
  expect((await ask({ model: 'large' })).answered).toBe(answered);
});

test('an opinion is cut to a line and shown as the model’s', async () => {
  await ask();
  const [opinion] = await opinions();
  if (opinion === undefined) throw new Error('There is no opinion.');
  expect(opinion).toMatchObject({ verdict: 'same', model: 'small', atMs: nowMs });
  const shown = describeOpinion(opinion, 'zh-CN');
  expect(shown).toMatch(/^模型 small 的意见（非人工判断）：同义。两者 都指/);
  expect(shown.length).toBeLessThan(240);
  expect(describeOpinion(opinion, 'en')).toBe(
    'Opinion of the model small, not a person’s: the same. Both mean it.',
  );
});

test('sensitive tags are never asked about', async () => {
  const { sql } = testDatabase.database;
  const sensitive = await sql<{ name: string }[]>`
    select name ->> 'zh-CN' as name from tag where sensitive`;
  expect(sensitive.length).toBeGreaterThan(0);
  await ask({ model: 'nosy' });
  for (const { name } of sensitive) expect(endpoint.questions.join()).not.toContain(`"${name}"`);
});

test('an endpoint that fails is left alone after three tries', async () => {
  for (const failing of [
    { kind: 'status', status: 429 },
    { kind: 'status', status: 500 },
    { kind: 'hangs-up' },
  ] as const) {
    endpoint.answer = failing;
    expect(await ask()).toEqual({ answered: 0, failed: 3 });
  }
  endpoint.answer = { kind: 'says', content: answer };
  expect(await ask({ apiKey: 'sk-wrong' })).toEqual({ answered: 0, failed: 3 });
  expect(await opinions()).toEqual([]);
});

test('an answer that is none is passed over, and the others are asked', async () => {
  for (const content of ['', 'yes', '{"verdict":"perhaps","zh":"是","en":"yes"}', '[]']) {
    endpoint.answer = { kind: 'says', content };
    const { answered, failed } = await ask();
    expect([answered, failed > 3]).toEqual([0, true]);
  }
  expect(await opinions()).toEqual([]);
});

test('an endpoint that is silent, stalls or never ends is given up, whatever it does', async () => {
  for (const kind of ['is-silent', 'stalls'] as const) {
    endpoint.answer = { kind };
    expect((await ask({ withinMs: 500 })).answered, kind).toBe(0);
  }
  endpoint.answer = { kind: 'floods' };
  const { answered, failed } = await ask();
  expect([answered, failed > 3]).toEqual([0, true]);
  endpoint.answer = { kind: 'garbage', body: '<html>502 Bad Gateway</html>' };
  expect((await ask()).answered).toBe(0);
  expect(await opinions()).toEqual([]);
});

test('a busy endpoint that says for how long is asked again after that, one that says too long is not', async () => {
  endpoint.first.push(
    { kind: 'status', status: 429, retryAfter: '0' },
    { kind: 'says', content: answer },
    { kind: 'status', status: 429, retryAfter: new Date(0).toUTCString() },
  );
  const { answered, failed } = await ask();
  expect([answered > 3, failed]).toEqual([true, 0]);
  endpoint.answer = { kind: 'status', status: 429, retryAfter: '3600' };
  expect(await ask({ model: 'another' })).toEqual({ answered: 0, failed: 3 });
});

test('no more is asked in a day than the policy allows, by whichever process and whatever comes of it', async () => {
  const { sql } = testDatabase.database;
  const before = endpoint.questions.length;
  const [policy] = await sql<{ body: object }[]>`select body from policy`;
  const models = { questionsPerDay: 5, textsPerDay: 0 };
  await sql`update policy set body = body || ${sql.json({ models })}`;
  endpoint.first.push({ kind: 'status', status: 500 }, { kind: 'garbage', body: '' });
  expect(await ask()).toEqual({ answered: 3, failed: 2 });
  expect(await ask()).toEqual({ answered: 0, failed: 0 });
  expect(endpoint.questions.length - before).toBe(3);
  expect(await readModelUse(sql, nowMs)).toEqual({ questions: 5, texts: 0 });
  const tomorrowMs = nowMs + 86_400_000;
  const both = await Promise.all([
    ask({ model: 'one', atMs: tomorrowMs }),
    ask({ model: 'other', atMs: tomorrowMs }),
  ]);
  expect(both.reduce((sum, { answered }) => sum + answered, 0)).toBe(5);
  await sql`update policy set body = ${sql.json({ ...policy?.body })}`;
});
