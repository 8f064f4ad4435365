import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { evaluateSiblings, readLabelledKinds } from '../../evaluate/siblings.ts';

it('reads pairs that are labelled the same or siblings', () => {
  expect(
    readLabelledKinds('a,b,label\n新客,老客,sibling\n新客,新客户,same\n新客,红酒,other\n'),
  ).toEqual([
    { a: '新客', b: '老客', label: 'sibling' },
    { a: '新客', b: '新客户', label: 'same' },
  ]);
});

it('nearly all siblings of the frozen set are told as such, and no synonym is mistaken for one', async () => {
  const file = new URL('../../evaluate/labelled/same-or-sibling.csv', import.meta.url);
  const { tuned, untouched } = evaluateSiblings(readLabelledKinds(await readFile(file, 'utf8')));
  expect(tuned.siblings + untouched.siblings).toBe(106);
  expect(tuned.same + untouched.same).toBe(107);
  expect(tuned.found).toBeGreaterThan(0.9);
  expect(untouched.found).toBeGreaterThan(0.9);
  expect(tuned.mistaken).toBe(0);
  expect(untouched.mistaken).toBe(0);
});
