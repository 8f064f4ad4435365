import { describe, expect, it } from 'vitest';
import { nameIn, personName, shorten, textsFor } from '../../../bot/texts/texts.ts';
import { locales } from '../../../domain/locale.ts';
import { buildPerson } from '../../support/builders.ts';

describe('shortening', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['很长的名字很长的名字', 5, '很长的名…'],
    ['a\n b\t\tc', 10, 'a b c'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2, '👩‍👩‍👧‍👦…'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2, '👩‍👩‍👧‍👦👩‍👩‍👧‍👦'],
    ['\u202Egnp.exe\u202C', 20, 'gnp.exe'],
    ['nul\u0000l', 20, 'null'],
  ])('cuts %j to %d characters', (text, charsMax, expected) => {
    expect(shorten(text, charsMax)).toBe(expected);
  });

  it('is quick with a text of a million characters', () => {
    expect(shorten('长'.repeat(1_000_000), 60)).toHaveLength(60);
    expect(shorten('\u0301'.repeat(1_000_000), 60).length).toBeLessThan(2_000);
  });
});

it('names people in the reader’s language and strangers by their code', () => {
  const person = buildPerson({ code: 'li-lei', name: { 'zh-CN': '李雷', en: 'Li Lei' } });
  const people = new Map([[person.code, person]]);
  expect(personName('li-lei', people, 'zh-CN')).toBe('李雷');
  expect(personName('li-lei', people, 'en')).toBe('Li Lei');
  expect(personName('nobody', people, 'en')).toBe('nobody');
  expect(nameIn('en', { 'zh-CN': '李雷', en: 'x'.repeat(200) })).toHaveLength(60);
});

/** Every plain text of a catalogue with its path. */
function* plainTexts(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value];
  else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) yield* plainTexts(part, `${path}.${key}`);
  }
}

it.each(locales)('leaves no text of %s empty or padded', (locale) => {
  const allowedGaps = new Set([
    'texts.listSeparator',
    'texts.listBreak',
    'texts.clauseSeparator',
    'texts.tagSeparator',
    'texts.colon',
    'texts.sentenceGap',
  ]);
  for (const [path, text] of plainTexts(textsFor(locale), 'texts')) {
    if (allowedGaps.has(path)) continue;
    expect(text.trim(), path).toBe(text);
    if (!path.endsWith('.hint')) expect(text, path).not.toBe('');
  }
});

it('writes Chinese with full-width punctuation', () => {
  for (const [path, text] of plainTexts(textsFor('zh-CN'), 'texts')) {
    if (path === 'texts.help.otherLanguage') continue;
    expect(text, path).not.toMatch(/[一-龥][,;:!?()]|[,;:!?][一-龥]/u);
  }
});
