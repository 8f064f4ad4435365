import type { types } from '@slack/bolt';
import { cut, harmless, ellipsis } from '../plain-text.ts';
import * as limits from './limits.ts';

/** Escapes as Slack's own format wants it; the escaped text fits, and no entity is cut in two. */
export function escapeWithin(text: string, charsMax: number): string {
  let escaped = '';
  for (const character of harmless(text)) {
    const next = entities.get(character) ?? character;
    if (escaped.length + next.length + ellipsis.length > charsMax) return escaped + ellipsis;
    escaped += next;
  }
  return escaped;
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

export function plainText(text: string, charsMax: number): types.PlainTextElement {
  const shown = cut(harmless(text), charsMax);
  // Without `emoji: false` a name like ":skull:" becomes a picture.
  return { type: 'plain_text', text: shown.trim() === '' ? '–' : shown, emoji: false };
}

export function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\/\S+$/.test(url) && url.length <= limits.urlCharsMax;
}

export function escapeUrl(url: string): string {
  return url.replaceAll('|', '%7C').replaceAll('>', '%3E').replaceAll('<', '%3C');
}
