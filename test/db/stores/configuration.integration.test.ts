import { beforeAll, beforeEach, expect, test } from 'vitest';
import { diffConfiguration } from '../../../config/diff.ts';
import { readConfiguration } from '../../../config/read.ts';
import { auditRows } from '../../../db/schema/access.ts';
import { applyConfiguration, loadConfiguration } from '../../../db/stores/configuration.ts';
import type { Configuration } from '../../../domain/configuration.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let testDatabase: TestDatabase;
let sample: Configuration;
beforeAll(async () => {
  const reading = await readConfiguration('sample');
  if (reading.kind === 'problems') throw new Error('The sample has problems.');
  sample = reading.configuration;
});
beforeEach(async () => {
  testDatabase = await createTestDatabase();
  return () => testDatabase.drop();
});

const context = { by: 'hu-bin', through: 'cli', nowMs: Date.UTC(2026, 10, 22) };

function apply(wanted: Configuration) {
  return applyConfiguration(testDatabase.database.query, wanted, context);
}

test('nothing is in force before the first apply', async () => {
  expect(await loadConfiguration(testDatabase.database.query)).toBeNull();
});

test('what was applied is what is loaded, and applying it again changes nothing', async () => {
  const { query } = testDatabase.database;
  const changes = await apply(sample);
  expect(changes).toContainEqual({ kind: 'added', what: 'tag', code: 'high-value' });
  const loaded = await loadConfiguration(query);
  expect(diffConfiguration(loaded, sample)).toEqual([]);
  expect(await apply(sample)).toEqual([]);
  const audit = await query.select().from(auditRows);
  expect(audit.map((row) => [row.action, row.actorCode, row.through])).toEqual([
    ['configuration.applied', 'hu-bin', 'cli'],
  ]);
});
