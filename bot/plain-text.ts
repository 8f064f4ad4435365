import type { Inline } from './card.ts';

/** Stands where text was cut. */
export const ellipsis = '…';
export const productName = 'Tagwarden';

/** Cuts at a character boundary and marks the cut; `charsMax` counts UTF-16 units. */
export function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length + ellipsis.length > charsMax) break;
    kept += character;
  }
  return charsMax < ellipsis.length ? '' : kept + ellipsis;
}

/** Control characters, halves of characters and those that turn the reading direction can disguise a name. */
export function harmless(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu, ' ');
}

export function inlineText(inline: Inline): string {
  return inline.kind === 'person' ? inline.name : inline.text;
}

export function hasText(inlines: readonly Inline[]): boolean {
  return inlines.some((inline) => harmless(inlineText(inline)).trim() !== '');
}

/** YYYY-MM-DD. */
export function isDate(text: string | null): text is string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** What a button or form carried, as it comes back from outside; null where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
