import type { types } from '@slack/bolt';
import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Block, Inline, PictureBlock } from '../card.ts';
import { cut, harmless, inlineText, hasText, ellipsis, productName } from '../plain-text.ts';
import { pictureWords } from '../pictures.ts';
import { textsFor } from '../texts/texts.ts';
import { escapeWithin, plainText, isWebAddress, escapeUrl } from './text.ts';
import * as limits from './limits.ts';

/** How many characters of body text may still follow. */
interface Budget {
  charsLeft: number;
}

export function newBudget(charsMax: number = limits.richTextCharsMax): Budget {
  return { charsLeft: charsMax };
}

interface Body {
  readonly blocks: readonly Block[];
  readonly url: string | null;
  readonly locale: Locale;
}

export function bodyBlocks({ blocks, url, locale }: Body, room: number): types.KnownBlock[] {
  const total = newBudget(limits.messageCharsMax);
  const rendered: types.KnownBlock[] = [];
  for (const block of blocks) {
    const isFull = rendered.length >= room - 1 && blocks.length > room;
    if (isFull || total.charsLeft <= 0) {
      rendered.push(textBlock(textsFor(locale).channel.cut));
      break;
    }
    const budget = newBudget(Math.min(limits.richTextCharsMax, total.charsLeft));
    const before = budget.charsLeft;
    const next = renderBlock(block, { url, locale }, budget);
    if (next !== null) rendered.push(next);
    total.charsLeft -= before - budget.charsLeft;
  }
  return rendered;
}

function renderBlock(
  block: Block,
  { url, locale }: Omit<Body, 'blocks'>,
  budget: Budget,
): types.KnownBlock | null {
  switch (block.kind) {
    case 'text':
      return hasText(block.text) ? richText([section(block.text, budget)]) : null;
    case 'facts':
      return block.facts.length === 0 ? null : factsBlock(block.facts, budget);
    case 'list':
      return listBlock(block, url, budget);
    case 'note':
      return hasText(block.text) ? noteBlock(block.text, budget) : null;
    case 'picture':
      return block.reference === null
        ? noteBlock(pictureWords(block, locale).text, budget)
        : pictureBlock({ ...block, reference: block.reference });
    case 'divider':
      return { type: 'divider' };
    default:
      return assertNever(block);
  }
}

function pictureBlock({
  title,
  alt,
  reference,
}: PictureBlock & { readonly reference: string }): types.ImageBlock {
  return {
    type: 'image',
    slack_file: { id: reference },
    alt_text: cut(harmless(alt), limits.altCharsMax),
    title: plainText(title, limits.altCharsMax),
  };
}

function factsBlock(
  facts: readonly { readonly label: string; readonly value: readonly Inline[] }[],
  budget: Budget,
): types.RichTextBlock {
  const sections: types.RichTextSection[] = [];
  for (const fact of facts) {
    if (budget.charsLeft <= 0) break;
    const label: Inline[] = [
      { kind: 'strong', text: fact.label },
      { kind: 'plain', text: '  ' },
    ];
    const lineEnd: Inline[] = [{ kind: 'plain', text: '\n' }];
    const isLast = fact === facts.at(-1);
    sections.push(section([...label, ...fact.value, ...(isLast ? [] : lineEnd)], budget));
  }
  // One section of lines: separate sections would be drawn with gaps between them.
  return richText([
    { type: 'rich_text_section', elements: sections.flatMap((line) => line.elements) },
  ]);
}

function listBlock(
  list: Extract<Block, { kind: 'list' }>,
  url: string | null,
  budget: Budget,
): types.RichTextBlock | null {
  const elements: (types.RichTextSection | types.RichTextList)[] = [];
  if (list.title.trim() !== '') {
    elements.push(section([{ kind: 'strong', text: list.title }], budget));
  }
  const items: types.RichTextSection[] = [];
  for (const item of list.items) {
    if (budget.charsLeft <= 0) break;
    if (hasText(item)) items.push(section(item, budget));
  }
  if (items.length > 0) {
    elements.push({ type: 'rich_text_list', style: 'bullet', elements: items });
  }
  const wasCut = budget.charsLeft <= 0;
  const more = list.more ?? (wasCut ? ellipsis : null);
  if (more !== null && more.trim() !== '') {
    const text = cut(more.startsWith(ellipsis) ? more : `${ellipsis} ${more}`, limits.moreCharsMax);
    budget.charsLeft -= text.length;
    const inline: Inline = isWebAddress(url)
      ? { kind: 'link', text, url }
      : { kind: 'plain', text };
    elements.push(section([inline], newBudget()));
  }
  return elements.length === 0 ? null : richText(elements);
}

/** Small print in plain text; only links use Slack's own format, as nothing else can hold one there. */
function noteBlock(inlines: readonly Inline[], budget: Budget): types.ContextBlock {
  const elements: (types.PlainTextElement | types.MrkdwnElement)[] = [];
  let run = '';
  const flush = (): void => {
    const text = cut(run.trim(), Math.max(budget.charsLeft, 1));
    if (text !== '') elements.push(plainText(text, limits.textObjectCharsMax));
    budget.charsLeft -= text.length;
    run = '';
  };
  for (const inline of inlines) {
    if (inline.kind === 'link' && isWebAddress(inline.url)) {
      flush();
      const label =
        escapeWithin(inline.text.replaceAll(/[|*_~`]/g, ' '), limits.moreCharsMax) || productName;
      budget.charsLeft -= label.length;
      elements.push({ type: 'mrkdwn', text: `<${escapeUrl(inline.url)}|${label}>` });
    } else {
      run += inlineText(inline);
    }
  }
  flush();
  return { type: 'context', elements: elements.slice(0, limits.contextElementsMax) };
}

export function richText(elements: types.RichTextBlock['elements']): types.RichTextBlock {
  return { type: 'rich_text', elements };
}

export function textBlock(text: string): types.RichTextBlock {
  const shown = text.trim() === '' ? '–' : text;
  return richText([section([{ kind: 'plain', text: shown }], newBudget())]);
}

export function section(inlines: readonly Inline[], budget: Budget): types.RichTextSection {
  const elements: types.RichTextElement[] = [];
  for (const inline of inlines) {
    if (budget.charsLeft <= 0) break;
    const text = cut(harmless(inlineText(inline)), Math.max(budget.charsLeft, 1));
    budget.charsLeft -= text.length;
    if (text !== '') elements.push(richElement(inline, text));
  }
  return {
    type: 'rich_text_section',
    elements: elements.length > 0 ? elements : [{ type: 'text', text: '–' }],
  };
}

/** Rich text elements are literal: nothing in them formats or pings. */
function richElement(inline: Inline, text: string): types.RichTextElement {
  switch (inline.kind) {
    case 'plain':
    case 'person':
      return { type: 'text', text };
    case 'strong':
      return { type: 'text', text, style: { bold: true } };
    case 'removed':
      return { type: 'text', text, style: { strike: true } };
    case 'link':
      return isWebAddress(inline.url)
        ? { type: 'link', url: inline.url, text }
        : { type: 'text', text };
    default:
      return assertNever(inline);
  }
}
