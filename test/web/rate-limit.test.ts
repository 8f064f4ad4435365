import { expect, test } from 'vitest';
import type { AttemptCount } from '../../db/stores/attempts.ts';
import { createRateLimit } from '../../web/rate-limit.ts';

const minuteMs = 60_000;
const limit = { attemptsMax: 10, windowMs: minuteMs };

/** What the database does for processes that share one limit. */
function createShare() {
  const sums = new Map<string, AttemptCount>();
  let statements = 0;
  const share = async (counts: readonly AttemptCount[]) => {
    statements += 1;
    return counts.map((one) => {
      const known = sums.get(one.key);
      const isSame = known?.windowStartedAtMs === one.windowStartedAtMs;
      const sum = { ...one, count: one.count + (isSame ? known.count : 0) };
      sums.set(one.key, sum);
      return sum;
    });
  };
  return { share, statements: () => statements };
}

const failed = (error: unknown) => {
  throw error;
};
const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

test('by itself a process lets through what the limit says, and says when the window ends', () => {
  const { waitMs } = createRateLimit(limit, createShare().share, failed);
  const waits = Array.from({ length: 12 }, () => waitMs('token', minuteMs + 20_000));
  expect(waits).toEqual([...Array.from({ length: 10 }, () => 0), 40_000, 40_000]);
  expect(waitMs('another', minuteMs + 20_000)).toBe(0);
  expect(waitMs('token', 2 * minuteMs)).toBe(0);
});

test('processes that share a limit let through no more than it and what comes in within a second', async () => {
  const { share, statements } = createShare();
  const processes = [1, 2, 3].map(() => createRateLimit(limit, share, failed));
  let letThrough = 0;
  for (let second = 0; second < 30; second += 1) {
    for (const { waitMs } of processes) {
      if (waitMs('token', minuteMs + second * 1_000) === 0) letThrough += 1;
      await settled();
    }
  }
  expect(letThrough).toBeGreaterThanOrEqual(10);
  expect(letThrough).toBeLessThanOrEqual(10 + processes.length);
  expect(statements()).toBeLessThanOrEqual(90);
});

test('a thousand calls of one second are one statement, and what is on its way is not forgotten', async () => {
  const { share, statements } = createShare();
  const { waitMs } = createRateLimit({ ...limit, attemptsMax: 1_000 }, share, failed);
  for (let call = 0; call < 1_000; call += 1) expect(waitMs('token', minuteMs)).toBe(0);
  await settled();
  expect(statements()).toBe(1);
  expect(waitMs('token', minuteMs + 999)).toBeGreaterThan(0);
  expect(statements()).toBe(1);
});

test('while the others cannot be reached a process counts for itself and goes on', async () => {
  const errors: unknown[] = [];
  const { waitMs } = createRateLimit(
    limit,
    () => Promise.reject(new Error('away')),
    (error) => void errors.push(error),
  );
  for (let call = 0; call < 10; call += 1) {
    expect(waitMs('token', minuteMs + call * 1_000)).toBe(0);
    await settled();
  }
  expect(waitMs('token', minuteMs + 11_000)).toBe(49_000);
  expect(errors.length).toBeGreaterThan(5);
});
