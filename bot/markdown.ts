import { assertNever } from '../domain/assert-never.ts';
import type { Block, Card, Inline } from './card.ts';
import { cut, harmless, inlineText } from './plain-text.ts';
import { textsFor } from './texts/texts.ts';

/** How one platform writes markdown. */
export interface MarkdownStyle {
  /** Other people's words, so that nothing in them formats, links or notifies. */
  readonly escape: (text: string) => string;
  readonly title: (text: string) => string;
  readonly note: (text: string) => string;
  /** Between paragraphs. */
  readonly gap: string;
  /** Whether a text is small enough; bounds are counted in characters or bytes. */
  readonly fits: (text: string) => boolean;
}

const urlCharsMax = 2_000;

/** A card as markdown with a link to its page; what does not fit is left out, and the text says so. */
export function markdownOf(card: Card, style: MarkdownStyle): string {
  const { channel, colon } = textsFor(card.locale);
  const url = isWebAddress(card.url) ? card.url : null;
  const head = style.title(
    words([card.title, card.status].filter((one) => one !== '').join(' · ')),
  );
  const tail = url === null ? [] : [`[${style.escape(channel.open)}](${url})`];
  const outcome = card.outcome === null ? [] : [inlines(card.outcome)];
  const body = [...card.blocks.flatMap(lines), ...outcome];
  const cutNote = style.note(style.escape(channel.cut));
  for (let count = body.length; count >= 0; count -= 1) {
    const shown = count === body.length ? body : [...body.slice(0, count), cutNote];
    const text = [head, ...shown, ...tail].join(style.gap);
    if (style.fits(text)) return text;
  }
  return shorten(head, style);

  function words(text: string): string {
    return style.escape(harmless(text).replaceAll(/\s+/gu, ' ').trim());
  }

  function inlines(parts: readonly Inline[]): string {
    return parts
      .map((inline) => {
        const text = style.escape(harmless(inlineText(inline)).replaceAll('\n', ' '));
        if (inline.kind === 'strong' && text.trim() !== '') return `**${text.trim()}**`;
        if (inline.kind === 'removed' && text.trim() !== '') return `[-${text.trim()}-]`;
        return inline.kind === 'link' && isWebAddress(inline.url)
          ? `[${text}](${inline.url})`
          : text;
      })
      .join('');
  }

  function lines(block: Block): readonly string[] {
    switch (block.kind) {
      case 'text':
        return [inlines(block.text)];
      case 'note':
        return [style.note(inlines(block.text))];
      case 'facts':
        return block.facts.map(({ label, value }) => `${words(label)}${colon}${inlines(value)}`);
      case 'list':
        return [
          `**${words(block.title)}**`,
          ...block.items.map((item) => `- ${inlines(item)}`),
          ...(block.more === null ? [] : [`- ${words(block.more)}`]),
        ];
      case 'picture':
        return [style.note(`${words(block.title)}${colon}${words(block.alt)}`)];
      case 'divider':
        return [];
      default:
        return assertNever(block);
    }
  }
}

function shorten(text: string, style: MarkdownStyle): string {
  let shown = text;
  while (shown !== '' && !style.fits(shown)) shown = cut(shown, Math.floor(shown.length * 0.9));
  return shown;
}

function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\/[^\s()<>"']+$/.test(url) && url.length <= urlCharsMax;
}
