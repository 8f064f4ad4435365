import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { textDifference } from '../../domain/text-difference.ts';

test('Chinese differs character by character, English word by word', () => {
  expect(textDifference('可投资资产超过百万', '可投资资产不低于 600 万')).toEqual([
    { kind: 'same', text: '可投资资产' },
    { kind: 'removed', text: '超过百' },
    { kind: 'added', text: '不低于 600 ' },
    { kind: 'same', text: '万' },
  ]);
  expect(textDifference('Owns assets above one million', 'Owns assets above six million')).toEqual([
    { kind: 'same', text: 'Owns assets above ' },
    { kind: 'removed', text: 'one' },
    { kind: 'added', text: 'six' },
    { kind: 'same', text: ' million' },
  ]);
});

test('both texts can be read from what differs, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'grapheme' }),
      (before, after) => {
        const parts = textDifference(before, after);
        const without = (kind: string) =>
          parts
            .filter((part) => part.kind !== kind)
            .map(({ text }) => text)
            .join('');
        expect(without('added')).toBe(before);
        expect(without('removed')).toBe(after);
      },
    ),
  );
});
