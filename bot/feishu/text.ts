import type { Inline } from '../card.ts';
import { cut, harmless } from '../plain-text.ts';
import type { Element, PlainText } from './card-json.ts';
import * as limits from './limits.ts';

export type Look = 'heading' | 'normal' | 'note';

/** Other people's words stand in plain text, where nothing formats, links or notifies. */
export function textElement(content: string, look: Look = 'normal'): Element {
  switch (look) {
    case 'heading':
      return { tag: 'div', text: { tag: 'plain_text', content, text_size: 'heading' } };
    case 'note':
      return {
        tag: 'div',
        text: { tag: 'plain_text', content, text_size: 'notation', text_color: 'grey' },
      };
    case 'normal':
      return { tag: 'div', text: { tag: 'plain_text', content } };
  }
}

/** https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/rich-text: every sign as its number. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export function isLink(inline: Inline): inline is Extract<Inline, { kind: 'link' }> {
  return inline.kind === 'link' && isWebAddress(inline.url);
}

export function isWebAddress(url: string | null): url is string {
  return (
    url !== null &&
    url.length <= limits.urlCharsMax &&
    /^https?:\/\/\S+$/.test(url) &&
    URL.canParse(url)
  );
}

export function escapeUrl(url: string): string {
  return new URL(url).href.replaceAll(
    /[()[\]<>"'\\]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function plainText(text: string, charsMax: number): PlainText {
  const shown = cut(harmless(text).replaceAll(/\s+/gu, ' ').trim(), charsMax);
  return { tag: 'plain_text', content: shown === '' ? '–' : shown };
}
