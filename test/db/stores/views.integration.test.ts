import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { nameIn } from '../../../bot/texts/texts.ts';
import type { ViewReader } from '../../../bot/views.ts';
import { createViewReader } from '../../../db/stores/views.ts';
import { seedConsole } from '../../support/console-data.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const nowMs = Date.UTC(2026, 10, 22, 1);
let testDatabase: TestDatabase;
let views: ViewReader;
let warningId: number;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  ({ openWarningId: warningId } = await seedConsole(testDatabase.database, nowMs));
  views = createViewReader(testDatabase.database, {
    fixPreview: async () => null,
    now: () => nowMs,
  });
});
afterAll(() => testDatabase.drop());

describe('customers of a warning', () => {
  const find = (text: string, offset = 0, limit = 5) =>
    views.customers(warningId, { offset, limit, text });

  it('come in pages', async () => {
    const [first, last] = [await find('', 0, 20), await find('', 20, 20)];
    expect([first.total, first.customers.length, last.customers.length]).toEqual([37, 20, 17]);
    const ids = [...first.customers, ...last.customers].map(({ customerId }) => customerId);
    expect(new Set(ids).size).toBe(37);
  });

  it('are found by part of their name or number', async () => {
    const [one] = (await find('', 3, 1)).customers;
    if (one === undefined) throw new Error('There is no fourth customer.');
    const byNumber = await find(one.ref.toLowerCase());
    expect(byNumber.customers.map(({ ref }) => ref)).toContain(one.ref);
    const start = nameIn('zh-CN', one.name).slice(0, 2);
    const byName = await find(start, 0, 37);
    expect(byName.total).toBe(byName.customers.length);
    expect(byName.total).toBeLessThan(37);
    for (const { name } of byName.customers) expect(name).toContain(start);
  });

  it('are nobody where the text is a pattern that stands in no name', async () => {
    for (const text of ['%', '_', '\\', "'"]) {
      expect(await find(text)).toEqual({ total: 0, customers: [] });
    }
  });
});

test('what a fix left is told apart: not fixed, not treated by it, found since', async () => {
  const { sql } = testDatabase.database;
  const left = async () => (await views.warning(warningId))?.leftAfterFix;
  expect(await left()).toBeNull();
  const [fix] = await sql<{ id: number }[]>`
    insert into fix (warning_id, plan_key, state, requested_by, created_at)
    values (${warningId}, 'left', 'written', 'li-lei', ${nowMs}) returning id`;
  const ids = await sql<{ id: number }[]>`
    select distinct customer_id as id from finding
    where warning_id = ${warningId} and state = 'open' order by 1`;
  const at = (place: number) => ids[place]?.id ?? 0;
  await sql`
    insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome)
    select ${fix?.id ?? 0}, id, 1, '{}', '{}', 'refused'
    from unnest(${[at(0), at(1)]}::bigint[]) as refused(id)`;
  await sql`update finding set opened_at = ${nowMs - 1} where warning_id = ${warningId}`;
  await sql`update finding set opened_at = ${nowMs + 1} where customer_id in (${at(0)}, ${at(2)})`;
  expect(await left()).toEqual({ notFixed: 2, notTreated: 34, foundSince: 1 });
});
