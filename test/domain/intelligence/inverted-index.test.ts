import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareNumbers } from '../../../domain/compare-numbers.ts';
import { createInvertedIndex } from '../../../domain/intelligence/inverted-index.ts';

/** Every pair of documents, by the definition of the cosine. */
function naive(documents: readonly (readonly string[])[], asked: number): Map<number, number> {
  const holders = (term: string) => documents.filter((words) => words.includes(term)).length;
  const weight = (words: readonly string[], term: string) => {
    const count = words.filter((word) => word === term).length;
    return count === 0 ? 0 : (1 + Math.log(count)) * Math.log(1 + documents.length / holders(term));
  };
  const terms = [...new Set(documents.flat())];
  const vector = (words: readonly string[]) => terms.map((term) => weight(words, term));
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  const question = vector(documents[asked] ?? []);
  const scores = new Map<number, number>();
  for (const [index, words] of documents.entries()) {
    const other = vector(words);
    const score = dot(question, other) / Math.sqrt(dot(question, question) * dot(other, other));
    if (index !== asked && score > 0) scores.set(index, score);
  }
  return scores;
}

it('finds what comparing every pair of documents finds', () => {
  const documents = fc.array(
    fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 6 }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(documents, (words) => {
      const index = createInvertedIndex(words);
      for (const [asked, terms] of words.entries()) {
        const hits = index.search(terms, words.length, asked);
        const expected = naive(words, asked);
        expect(hits.map((hit) => hit.index).toSorted(compareNumbers)).toEqual(
          [...expected.keys()].toSorted(compareNumbers),
        );
        for (const hit of hits) expect(hit.score).toBeCloseTo(expected.get(hit.index) ?? -1, 9);
        for (const [at, hit] of hits.entries()) {
          expect(hit.score).toBeLessThanOrEqual(hits[at - 1]?.score ?? 1);
        }
      }
    }),
  );
});

it('keeps the best few, the earlier of two that are alike first', () => {
  const index = createInvertedIndex([['x'], ['x', 'y'], ['x'], ['z']]);
  expect(index.search(['x'], 2, null).map((hit) => hit.index)).toEqual([0, 2]);
  expect(index.search(['unseen'], 2, null)).toEqual([]);
});
