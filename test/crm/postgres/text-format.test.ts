import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayLiteral, parseArray } from '../../../crm/postgres/text-format.ts';

test('an array comes back as it was, whatever characters its texts have', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '"', '\\', ',', '{', '}', ' ', '值', '\n', 'NULL'),
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 6 }), (texts) => {
      expect(parseArray(arrayLiteral(texts))).toEqual(texts);
    }),
  );
});

test.each([
  ['{}', []],
  ['{a,NULL,b}', ['a', null, 'b']],
  ['{"a b",NULL,c,"NULL"}', ['a b', null, 'c', 'NULL']],
  ['{c,"",d}', ['c', '', 'd']],
] as const)('%s is read as PostgreSQL means it', (text, elements) => {
  expect(parseArray(text)).toEqual(elements);
});

test.each(['', 'a', '{', '{"a', '{"a\\"}'])('%j is no array', (text) => {
  expect(() => parseArray(text)).toThrow('not a one-dimensional array');
});
