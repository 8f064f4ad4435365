import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Block, Inline, PictureBlock } from '../card.ts';
import { cut, harmless, inlineText, hasText, ellipsis } from '../plain-text.ts';
import { pictureWords } from '../pictures.ts';
import { textsFor } from '../texts/texts.ts';
import type { Element } from './card-json.ts';
import { type Look, textElement, escapeMarkdown, isLink, escapeUrl, plainText } from './text.ts';
import * as limits from './limits.ts';

export interface Body {
  blocks(blocks: readonly Block[]): Element[];
}

/** A body element needs at least two elements of the card's 200; what is left is for buttons and fields. */
const bodyBlocksMax = 40;

export function createBody(charsMax: number, locale: Locale): Body {
  let charsLeft = charsMax;
  let wasCut = false;
  const take = (text: string): string => {
    const clean = harmless(text).trim();
    const shown = cut(clean, charsLeft);
    charsLeft -= shown.length;
    wasCut ||= shown !== clean;
    return shown;
  };

  const hasRoom = (): boolean => {
    wasCut ||= charsLeft <= 0;
    return charsLeft > 0;
  };

  function line(inlines: readonly Inline[], look: Look): Element[] {
    if (!hasText(inlines)) return [];
    if (!hasRoom()) return [];
    if (inlines.some(isMarked)) return [markdownElement(inlines, take, look)];
    const text = take(inlines.map(inlineText).join(''));
    return text === '' ? [] : [textElement(text, look)];
  }

  function block(one: Block): Element[] {
    switch (one.kind) {
      case 'text':
        return line(one.text, one.text.every(isStrong) ? 'heading' : 'normal');
      case 'note':
        return line(one.text, 'note');
      case 'facts':
        return facts(one.facts);
      case 'list':
        return list(one);
      case 'picture':
        return one.reference === null
          ? line(pictureWords(one, locale).text, 'note')
          : [pictureElement({ ...one, reference: one.reference })];
      case 'divider':
        return [{ tag: 'hr' }];
      default:
        return assertNever(one);
    }
  }

  function facts(all: Extract<Block, { kind: 'facts' }>['facts']): Element[] {
    const columns = [];
    for (const fact of all) {
      if (!hasRoom()) break;
      const label = line([{ kind: 'plain', text: fact.label }], 'note');
      const value = line(fact.value, 'normal');
      const elements = [...label, ...value];
      if (elements.length === 0) continue;
      columns.push({
        tag: 'column' as const,
        width: 'weighted' as const,
        weight: 1,
        vertical_spacing: '2px',
        elements,
      });
    }
    return columns.length === 0
      ? []
      : [{ tag: 'column_set', flex_mode: 'bisect', horizontal_spacing: '12px', columns }];
  }

  function list({ title, items, more }: Extract<Block, { kind: 'list' }>): Element[] {
    const elements = line([{ kind: 'plain', text: title }], 'note');
    const lines: string[] = [];
    for (const item of items) {
      if (!hasText(item)) continue;
      if (!hasRoom()) break;
      if (item.some(isMarked)) {
        if (lines.length > 0) elements.push(textElement(lines.splice(0).join('\n')));
        elements.push(markdownElement([{ kind: 'plain', text: '· ' }, ...item], take, 'normal'));
      } else {
        lines.push(`· ${take(item.map(inlineText).join(''))}`);
      }
    }
    if (lines.length > 0) elements.push(textElement(lines.join('\n')));
    if (more !== null && more.trim() !== '') {
      const text = more.startsWith(ellipsis) ? more : `${ellipsis} ${more}`;
      elements.push(textElement(cut(harmless(text), limits.moreCharsMax), 'note'));
    }
    return elements;
  }

  return {
    blocks: (blocks) => {
      const elements = blocks.slice(0, bodyBlocksMax).flatMap((one, index) => {
        // Also without room for text, the first block tells that something was left out.
        return charsLeft > 0 || index === 0 ? block(one) : [];
      });
      if (wasCut || blocks.length > bodyBlocksMax) {
        elements.push(textElement(textsFor(locale).channel.cut, 'note'));
      }
      return elements;
    },
  };
}

/** As wide as the card; a tap opens it larger. */
function pictureElement({
  title,
  alt,
  reference,
}: PictureBlock & { readonly reference: string }): Element {
  return {
    tag: 'img',
    img_key: reference,
    alt: plainText(alt, limits.altCharsMax),
    title: plainText(title, limits.titleCharsMax),
    scale_type: 'fit_horizontal',
    preview: true,
  };
}

/** Markdown only where there is a link or something struck out: nothing else can hold one inside a text. */
function markdownElement(
  inlines: readonly Inline[],
  take: (text: string) => string,
  look: Look,
): Element {
  const isDifference = inlines.some(({ kind }) => kind === 'removed');
  const content = inlines
    .map((inline) => {
      const text = inlineText(inline).replaceAll(/\s+/gu, ' ');
      const shown = escapeMarkdown(take(text));
      if (shown === '') return '';
      if (isLink(inline)) return `[${shown}](${escapeUrl(inline.url)})`;
      if (!isDifference) return shown;
      const mark = { removed: '~~', strong: '**', plain: '', person: '', link: '' }[inline.kind];
      return `${/^\s/u.test(text) ? ' ' : ''}${mark}${shown}${mark}${/\s$/u.test(text) ? ' ' : ''}`;
    })
    .filter((text) => text !== '')
    .join(isDifference ? '' : ' ');
  return { tag: 'markdown', content, ...(look === 'note' ? { text_size: 'notation' } : {}) };
}

function isMarked(inline: Inline): boolean {
  return inline.kind === 'removed' || isLink(inline);
}

function isStrong(inline: Inline): boolean {
  return inline.kind === 'strong';
}
