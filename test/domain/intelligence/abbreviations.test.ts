import { expect, test } from 'vitest';
import { createAbbreviationIndex } from '../../../domain/intelligence/abbreviations.ts';
import { nameFeatures } from '../../../domain/intelligence/name-features.ts';
import { chinese } from '../../../language/chinese.ts';

test('a name of few letters is found by its first letters and finds them', () => {
  const names = ['gao jia', 'gj', 'gao jia zhi'].map((name) => nameFeatures(name, chinese()));
  const index = createAbbreviationIndex(names);
  const [long, short] = names;
  expect(long && index.search(long, 5)).toContainEqual({ index: 1, score: 1 });
  expect(short && index.search(short, 5)).toContainEqual({ index: 0, score: 1 });
});
