import { expect, test } from 'vitest';
import { createRepetitionCount } from '../../commands/repetitions.ts';

test('the first of a minute are written one by one, then every tenfold; others and the next minute begin anew', () => {
  const count = createRepetitionCount(3);
  const written = Array.from({ length: 3_500 }, () => count('a', 60_000)).filter(
    (times) => times !== null,
  );
  expect(written).toEqual([1, 2, 3, 30, 300, 3_000]);
  expect(count('b', 60_001)).toBe(1);
  expect(count('a', 119_999)).toBeNull();
  expect(count('a', 120_000)).toBe(1);
});
