import { expect, test } from 'vitest';
import type { Database } from '../../db/client.ts';
import { createRulePerformanceReader } from '../../web/rule-performance-reader.ts';

/** A database that counts when told to. */
function createCounting() {
  const waiting: (() => void)[] = [];
  let counts = 0;
  const sql = (parts: readonly string[]) =>
    parts.join('').includes('from rule r')
      ? new Promise((resolve) => {
          counts += 1;
          const openFindings = counts;
          waiting.push(() => resolve([{ ruleId: 1, openFindings }]));
        })
      : null;
  const finishAll = () => waiting.splice(0).forEach((finish) => finish());
  return { database: { sql } as unknown as Database, finishAll, counts: () => counts };
}

test('many looks share a count, an older one is shown while a newer is made, and a very old one is not', async () => {
  const { database, finishAll, counts } = createCounting();
  let nowMs = 0;
  const read = createRulePerformanceReader(database, () => nowMs);
  const open = async () => (await read()).get(1)?.openFindings;

  const first = [open(), open()];
  finishAll();
  expect(await Promise.all(first)).toEqual([1, 1]);
  nowMs = 19_000;
  expect(await open()).toBe(1);
  expect(counts()).toBe(1);

  nowMs = 21_000;
  expect(await open()).toBe(1);
  expect(counts()).toBe(2);
  finishAll();
  // The count that was begun has to be taken in first.
  await new Promise((resolve) => setImmediate(resolve));
  expect(await open()).toBe(2);

  nowMs += 700_000;
  const late = open();
  finishAll();
  expect(await late).toBe(3);
});
