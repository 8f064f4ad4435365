import type { Locale, LocalizedText } from '../../domain/locale.ts';
import { tagwardenCode, type Person } from '../../domain/person.ts';
import { en } from './en.ts';
import { zhCn, type Texts } from './zh-cn.ts';

const catalogues: Readonly<Record<Locale, Texts>> = { 'zh-CN': zhCn, en };

export function textsFor(locale: Locale): Texts {
  return catalogues[locale];
}

/** A name in the reader's language, cut to what fits on a line; written from right to left it turns nothing around it. */
export function nameIn(
  locale: Locale,
  name: LocalizedText | string,
  charsMax = nameCharsMax,
): string {
  const shown = shorten(typeof name === 'string' ? name : name[locale], charsMax);
  return rightToLeft.test(shown) ? leftToRightMark + shown + leftToRightMark : shown;
}

/** On both sides of a name it keeps numbers and brackets beside it in their place: https://unicode.org/reports/tr9 */
const leftToRightMark = '\u200E';
const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Somebody's name in the reader's language; their code where the person is not known. */
export function personName(
  code: string,
  people: ReadonlyMap<string, Person>,
  locale: Locale,
): string {
  if (code === tagwardenCode) return textsFor(locale).system;
  const person = people.get(code);
  return person === undefined ? shorten(code, nameCharsMax) : nameIn(locale, person.name);
}

/** Characters of a name on a card; more is cut. */
export const nameCharsMax = 60;

/**
 * Cuts by whole characters as people see them, so that no emoji breaks. Line breaks become spaces; control
 * characters go, among them those that turn the direction of the text around them.
 */
export function shorten(text: string, charsMax: number): string {
  const line = text.replaceAll(/\s+/gu, ' ').replaceAll(turningCharacters, '').trim();
  if (line.length <= charsMax) return line;
  const graphemes: string[] = [];
  // A grapheme is at least one unit long, so this prefix holds enough of them.
  for (const { segment } of segmenter.segment(line.slice(0, charsMax * unitsPerGraphemeMax))) {
    graphemes.push(segment);
    if (graphemes.length > charsMax) break;
  }
  return graphemes.length <= charsMax
    ? graphemes.join('')
    : `${graphemes.slice(0, charsMax - 1).join('')}…`;
}

const turningCharacters = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const segmenter = new Intl.Segmenter('zh-CN', { granularity: 'grapheme' });
/** The longest family emoji is 11 units; longer ones are only made to annoy. */
const unitsPerGraphemeMax = 16;
