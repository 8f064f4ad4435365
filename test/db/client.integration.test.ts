import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scans } from '../../db/schema/scans.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

test('instants are epoch milliseconds through the query builder and through sql alike', async () => {
  const { query, sql } = testDatabase.database;
  const startedAt = 1_795_312_166_123;
  const [inserted] = await query
    .insert(scans)
    .values({ kind: 'full', state: 'running', startedAt })
    .returning({ id: scans.id });
  const id = inserted?.id ?? 0;
  const [viaQuery] = await query.select().from(scans).where(eq(scans.id, id));
  expect(viaQuery?.startedAt).toBe(startedAt);
  const [viaSql] =
    await sql`select started_at, customers from scan where started_at = ${startedAt}`;
  expect(viaSql).toEqual({ started_at: startedAt, customers: 0 });
});

test('jsonb goes in and out as a value through sql', async () => {
  const { sql } = testDatabase.database;
  const [row] = await sql`select ${sql.json({ a: [1, '2'] })}::jsonb as body`;
  expect(row?.body).toEqual({ a: [1, '2'] });
});
