import { expect, test } from 'vitest';
import { createMeaningRanking } from '../../../domain/intelligence/meaning.ts';
import { createRandom } from '../../../sample/crm/random.ts';

/** Vectors as models give them: all lie near one direction; tag 1 nearly repeats tag 0. */
function makeVectors(count: number, length: number): Float32Array[] {
  const random = createRandom();
  random.seed(5);
  const middle = Array.from({ length }, () => 3 * random.normal());
  const around = (at: readonly number[] | Float32Array, spread: number) =>
    Float32Array.from(at, (value) => value + spread * random.normal());
  const vectors = Array.from({ length: count }, () => around(middle, 1));
  vectors[1] = around(vectors[0] ?? [], 0.3);
  return vectors;
}

test.each([64, 1_024])(
  'in %i dimensions what means the same comes first, and others come to little',
  (length) => {
    const rank = createMeaningRanking(makeVectors(200, length));
    const [first, second] = rank(0, 5);
    expect(first?.index).toBe(1);
    expect(first?.score).toBeGreaterThan(0.9);
    expect(second?.score).toBeLessThan(0.45);
    expect(rank(1, 1)).toEqual([{ index: 0, score: first?.score }]);
  },
);

test('a tag without a vector, or with one of another length, is left out', () => {
  const vectors: (Float32Array | null)[] = makeVectors(30, 8);
  vectors[1] = null;
  vectors[2] = Float32Array.from([1, 2]);
  const rank = createMeaningRanking(vectors);
  expect(rank(1, 5)).toEqual([]);
  expect(rank(2, 5)).toEqual([]);
  expect(rank(0, 30).map(({ index }) => index)).not.toContain(1);
  expect(createMeaningRanking([null, null])(0, 5)).toEqual([]);
});
