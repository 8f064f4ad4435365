import { afterAll, beforeAll, expect, test } from 'vitest';
import * as population from '../../../db/stores/population.ts';
import { countPopulation, leaveShardPopulation } from '../../../db/stores/population-count.ts';
import { PopulationCounter } from '../../../domain/population/counter.ts';
import { buildCustomer } from '../../support/customers.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 10, 1, 8);
const mark = { changeId: 0, lastCustomerId: 3 };

let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await testDatabase.database.sql`
    insert into scan (kind, state, covers_all, started_at)
    select 'full', 'done', true, now() from generate_series(1, 4)`;
  await testDatabase.database.sql`insert into mirror_import (id, name) values (5, '风控名单')`;
});
afterAll(() => testDatabase.drop());

test('what shards counted is added up and can be asked for', async () => {
  const { sql } = testDatabase.database;
  const withImport = { ...buildCustomer([1, 2]), importIds: Int32Array.from([0, 5]) };
  await leave(1, 0, [buildCustomer([1, 2, 3]), withImport]);
  await leave(1, 1, [buildCustomer([{ tagId: 2, sourceId: 2 }, 2_147_483_647])]);
  await countPopulation(testDatabase.database, { scanId: 1, nowMs: startMs });
  await countPopulation(testDatabase.database, { scanId: 1, nowMs: startMs + 1 });

  expect(await population.loadTagCounts(sql)).toEqual(
    new Map([
      [1, 2],
      [2, 3],
      [3, 1],
      [2_147_483_647, 1],
    ]),
  );
  expect(await population.loadPairCounts(sql)).toEqual({
    firstTagIds: Int32Array.from([1, 1, 2, 2]),
    secondTagIds: Int32Array.from([2, 3, 3, 2_147_483_647]),
    customers: Int32Array.from([2, 1, 1, 1]),
  });
  expect(
    await sql`select tag_id, source_id, customers from tag_source_count where tag_id = 2`,
  ).toEqual([
    { tag_id: 2, source_id: 1, customers: 2 },
    { tag_id: 2, source_id: 2, customers: 1 },
  ]);
  const expected = [{ tagId: 2, importId: 5, importName: '风控名单', customers: 1 }];
  expect(await population.loadImportCounts(sql, { tagId: null, limit: 9 })).toEqual(expected);
  expect(await population.loadImportCounts(sql, { tagId: 2, limit: 9 })).toEqual(expected);
  expect(await population.loadImportCounts(sql, { tagId: 1, limit: 9 })).toEqual([]);
});

test('the history keeps every scan for a week, then the last one of each day', async () => {
  const { sql } = testDatabase.database;
  for (const [scanId, atMs] of [
    [2, startMs + 3_600_000],
    [3, startMs + dayMs],
    [4, startMs + 9 * dayMs],
  ] as const) {
    await leave(
      scanId,
      0,
      Array.from({ length: scanId }, () => buildCustomer([1])),
    );
    await countPopulation(testDatabase.database, { scanId, nowMs: atMs });
  }
  const history = await population.loadPopulationHistory(sql, { sinceMs: 0, pointsMax: 10 });
  expect(history.map((point) => point.scanId)).toEqual([2, 3, 4]);
  expect(history.at(-1)).toEqual({
    scanId: 4,
    countedAtMs: startMs + 9 * dayMs,
    customers: 4,
    assignments: 4,
    tagCounts: new Map([[1, 4]]),
  });
  const input = { sinceMs: startMs + dayMs, pointsMax: 10 };
  expect(await population.loadTagHistory(sql, { tagId: 1, ...input })).toEqual([
    { scanId: 3, countedAtMs: startMs + dayMs, customers: 3 },
    { scanId: 4, countedAtMs: startMs + 9 * dayMs, customers: 4 },
  ]);
  const [latest] = await population.loadTagHistory(sql, { tagId: 2, sinceMs: 0, pointsMax: 1 });
  expect(latest).toMatchObject({ scanId: 4, customers: 0 });
});

async function leave(
  scanId: number,
  shard: number,
  customers: Parameters<PopulationCounter['add']>[0][],
) {
  const counter = new PopulationCounter();
  for (const customer of customers) counter.add(customer, 1);
  await leaveShardPopulation(testDatabase.database.sql, { scanId, shard }, { counter, mark });
}
