import { expect, it } from 'vitest';
import { readPairs, readTags, splitByNames } from '../../evaluate/labelled-pairs.ts';
import { evaluateSynonyms, recallOf } from '../../evaluate/synonyms.ts';

it('reads pairs and tags with and without a header, and what stands in quotes', () => {
  expect(readPairs('\ufeffa,b\njs,javascript\n"c, sharp",c#\nsame,same\n')).toEqual([
    { a: 'js', b: 'javascript' },
    { a: 'c, sharp', b: 'c#' },
  ]);
  expect(readTags('js\njavascript\njs\n')).toEqual([
    { name: 'js', definition: '' },
    { name: 'javascript', definition: '' },
  ]);
  expect(readTags('name,definition\nVIP客户,"年消费, 10 万"\n')).toEqual([
    { name: 'VIP客户', definition: '年消费, 10 万' },
  ]);
});

it('puts a pair on the same side whatever its order', () => {
  const pairs = Array.from({ length: 200 }, (_, at) => ({ a: `left ${at}`, b: `right ${at}` }));
  const { tuned, untouched } = splitByNames(pairs);
  expect(tuned.length + untouched.length).toBe(200);
  expect(Math.min(tuned.length, untouched.length)).toBeGreaterThan(60);
  const turned = splitByNames(pairs.map(({ a, b }) => ({ a: b, b: a })));
  expect(turned.tuned.map(({ b }) => b)).toEqual(tuned.map(({ a }) => a));
});

it('counts at which place the partner of each name is found', () => {
  const tags = ['js', 'javascript', 'java', 'servers', 'server', 'c#', 'csharp', 'i18n'];
  const evaluation = evaluateSynonyms(
    [...tags, 'internationalization'].map((name) => ({ name, definition: '' })),
    [
      { a: 'js', b: 'javascript' },
      { a: 'server', b: 'servers' },
      { a: 'i18n', b: 'internationalization' },
      { a: 'nobody', b: 'knows' },
    ],
  );
  expect(evaluation).toMatchObject({ tags: 9, pairs: 3, pairsUnknown: 1 });
  const { tuned, untouched } = evaluation;
  expect(tuned.questions + untouched.questions).toBe(6);
  expect(tuned.at5 * tuned.questions + untouched.at5 * untouched.questions).toBeCloseTo(6, 9);
});

it('is the part of the questions answered within so many places', () => {
  const ranks = [1, 1, 2, 5, 6, 10, 11, 20, 21, Number.POSITIVE_INFINITY];
  expect(recallOf(ranks)).toEqual({ questions: 10, at1: 0.2, at5: 0.4, at10: 0.6, at20: 0.8 });
  expect(recallOf([])).toEqual({ questions: 0, at1: 0, at5: 0, at10: 0, at20: 0 });
});
