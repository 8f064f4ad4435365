import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCandidateActivities } from '../../activities/candidates.ts';
import { createEmbedder } from '../../activities/embedder.ts';
import { createScanRunner } from '../../activities/scan-runner.ts';
import { readConfigurationOrThrow, sampleDirectory } from '../../app/configuration.ts';
import { runActivity } from '../../bench/activity.ts';
import { directWayOut } from '../../bot/way-out.ts';
import { listCandidates } from '../../db/stores/candidates.ts';
import { applyConfiguration } from '../../db/stores/configuration.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startModelEndpoint, type ModelEndpoint } from '../support/model-endpoint.ts';

const nowMs = Date.parse('2026-11-20T01:00:00Z');
const apiKey = 'sk-of-a-test';
const dimensions = 64;

let testDatabase: TestDatabase;
let endpoint: ModelEndpoint;

beforeAll(async () => {
  [testDatabase, endpoint] = await Promise.all([createTestDatabase(), startModelEndpoint(apiKey)]);
  const { database } = testDatabase;
  const configuration = await readConfigurationOrThrow(sampleDirectory);
  await applyConfiguration(database.query, configuration, { by: null, through: 'cli', nowMs });
  endpoint.answer = { kind: 'says', content: '' };
  endpoint.vectorOf = vectorOf;
});
afterAll(async () => {
  await endpoint.close();
  await testDatabase.drop();
});

/** Of a model that knows one thing: that 经销商 and 夜间购物 are the same. */
function vectorOf(text: string): readonly number[] {
  const isAlike = text.startsWith('经销商') || text.startsWith('夜间购物');
  let state = isAlike
    ? 7
    : Array.from(text).reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) % 1e9;
  return Array.from({ length: dimensions }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 0.5 + state / 2_147_483_648;
  });
}

function look(model = 'meaning', meaningsWithinMs = 60_000) {
  const { database } = testDatabase;
  const { findCandidates } = createCandidateActivities({
    database,
    languageModel: null,
    embedder: createEmbedder({ baseUrl: endpoint.baseUrl, apiKey, model }, directWayOut),
    runner: createScanRunner(database),
    modelTimes: { meaningsWithinMs, opinionsWithinMs: 0 },
    now: () => nowMs,
  });
  return runActivity(new MockActivityEnvironment(), findCandidates);
}

const open = () =>
  listCandidates(
    testDatabase.database,
    { kind: null, state: 'open', hiddenTagIds: [], ofTagIds: null },
    { offset: 0, limit: 500 },
  );
const alike = async () =>
  (await open()).filter(({ reasons }) =>
    reasons.some((reason) => reason.kind === 'likeness' && reason.why === 'meaning-alike'),
  );

test('tags that only a model of meaning finds alike are candidates, and each text is asked about once', async () => {
  const { sql } = testDatabase.database;
  await sql`truncate embedding, candidate`;
  for (const failing of [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 429, retryAfter: '3600' },
    { kind: 'hangs-up' },
    { kind: 'garbage', body: '{"data": [{"index": 0, "embedding": [1e300, 0]}]}' },
    { kind: 'floods' },
  ] as const) {
    endpoint.answer = failing;
    await look();
  }
  for (const kind of ['is-silent', 'stalls'] as const) {
    endpoint.answer = { kind };
    await look('meaning', 300);
  }
  // What needs no model was found each time.
  expect((await open()).length).toBeGreaterThan(3);
  expect(await alike()).toEqual([]);
  expect(await sql`select from embedding`).toHaveLength(0);

  endpoint.answer = { kind: 'says', content: '' };
  await look();
  const ids = await sql<{ id: number }[]>`
    select id from tag where name ->> 'zh-CN' in ('经销商', '夜间购物') order by id`;
  expect(ids).toHaveLength(2);
  expect(await alike()).toMatchObject([
    { kind: 'synonym', firstTagId: ids[0]?.id, secondTagId: ids[1]?.id },
  ]);
  const asked = endpoint.embedded.length;
  expect(new Set(endpoint.embedded).size).toBe(asked);
  await look();
  expect(endpoint.embedded).toHaveLength(asked);
});

test('sensitive tags are never asked about, a changed definition is asked about again, another model from the start', async () => {
  const { sql } = testDatabase.database;
  const sensitive = await sql<{ name: string }[]>`
    select name ->> 'zh-CN' as name from tag where sensitive`;
  expect(sensitive.length).toBeGreaterThan(0);
  for (const { name } of sensitive) expect(endpoint.embedded.join('\n')).not.toContain(`${name}: `);
  const before = endpoint.embedded.length;
  await sql`update tag set definition = ${sql.json({ 'zh-CN': `新的定义 ${before}`, en: 'Anew' })}
    where name ->> 'zh-CN' = '经销商'`;
  await look();
  expect(endpoint.embedded.slice(before)).toEqual([expect.stringContaining('新的定义')]);
  const [kept] = await sql<{ count: number }[]>`select count(*) as count from embedding`;
  await look('another');
  expect(await sql`select from embedding where model <> 'another'`).toHaveLength(0);
  expect(await sql`select from embedding`).toHaveLength(kept?.count ?? 0);
});
