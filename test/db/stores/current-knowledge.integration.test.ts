import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { readCurrentKnowledge } from '../../../db/stores/current-knowledge.ts';
import { settleCompany } from '../../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await settleCompany(testDatabase.database);
});
afterAll(() => testDatabase.drop());

test('nothing is read again while nothing changes', async () => {
  const { database } = testDatabase;
  const first = await readCurrentKnowledge(database);
  expect(await readCurrentKnowledge(database)).toBe(first);
});

test('a change of people counts at once and leaves the dictionary as it is', async () => {
  const { database } = testDatabase;
  const before = await readCurrentKnowledge(database);
  await database.sql`update person set status = 'left' where code = 'li-lei'`;
  const after = await readCurrentKnowledge(database);
  expect(before.people.get('li-lei')?.status).toBe('active');
  expect(after.people.get('li-lei')?.status).toBe('left');
  expect(after.dictionary).toBe(before.dictionary);
});

test('duties are those of the policy as it is', async () => {
  const { database } = testDatabase;
  const codes = async () => [...(await readCurrentKnowledge(database)).duties.keys()];
  expect(await codes()).not.toContain('night');
  await database.sql`
    update policy set body = jsonb_set(body, '{duties}', '[{"code": "night", "memberCodes": []}]')`;
  expect(await codes()).toEqual(['night']);
});

test('an API token is known as soon as it is stored, and no longer once it is gone', async () => {
  const { database } = testDatabase;
  await database.sql`
    insert into api_token (token_hash, person_code, name, roles, created_at, expires_at)
    values ('hash', 'li-lei', 'CRM', '["owner"]', now(), ${Date.UTC(2027, 0, 1)}::timestamptz)`;
  // Another server process knows what this one has read before.
  const elsewhere = openDatabase(testDatabase.url);
  expect((await readCurrentKnowledge(elsewhere)).apiTokens.has('hash')).toBe(true);
  expect((await readCurrentKnowledge(database)).apiTokens.get('hash')).toEqual({
    tokenHash: 'hash',
    personCode: 'li-lei',
    roles: ['owner'],
    expiresAtMs: Date.UTC(2027, 0, 1),
  });
  await database.sql`delete from api_token`;
  expect((await readCurrentKnowledge(database)).apiTokens.has('hash')).toBe(false);
  expect((await readCurrentKnowledge(elsewhere)).apiTokens.has('hash')).toBe(false);
  await elsewhere.close();
});

test('a change of the dictionary is read, and people are not', async () => {
  const { database } = testDatabase;
  const before = await readCurrentKnowledge(database);
  await database.sql`update tag set version = version + 1 where code = 'blacklisted'`;
  const after = await readCurrentKnowledge(database);
  const versionIn = ({ dictionary }: typeof before) =>
    dictionary.tags.find(({ code }) => code === 'blacklisted')?.version ?? 0;
  expect(versionIn(after)).toBe(versionIn(before) + 1);
  expect(after.people).toBe(before.people);
});
