import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    const byName = await find(one.name.slice(0, 2), 0, 37);
    expect(byName.total).toBe(byName.customers.length);
    expect(byName.total).toBeLessThan(37);
    for (const { name } of byName.customers) expect(name).toContain(one.name.slice(0, 2));
  });

  it('are nobody where the text is a pattern that stands in no name', async () => {
    for (const text of ['%', '_', '\\', "'"]) {
      expect(await find(text)).toEqual({ total: 0, customers: [] });
    }
  });
});
