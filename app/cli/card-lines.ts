import type { Block, Card, Inline } from '../../bot/card.ts';
import { harmless, inlineText } from '../../bot/plain-text.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';

/** A card to read in a terminal. */
export function cardLines(card: Card): readonly string[] {
  return [
    harmless([card.title, card.status].filter((text) => text !== '').join(' · ')),
    ...blockLines(card.blocks, card.locale),
    ...(card.outcome === null ? [] : [textOf(card.outcome)]),
    ...(card.url === null ? [] : [card.url]),
  ];
}

export function blockLines(blocks: readonly Block[], locale: Locale): readonly string[] {
  const { colon } = textsFor(locale);
  return blocks.flatMap((block): readonly string[] => {
    switch (block.kind) {
      case 'text':
      case 'note':
        return [textOf(block.text)];
      case 'facts':
        return block.facts.map(({ label, value }) => `${label}${colon}${textOf(value)}`);
      case 'list':
        return [
          block.title,
          ...block.items.map((item) => `  ${textOf(item)}`),
          ...(block.more === null ? [] : [`  ${block.more}`]),
        ];
      case 'picture':
        return [block.alt];
      case 'divider':
        return [];
      default:
        return assertNever(block);
    }
  });
}

/** What is no longer to be stands in square brackets, as `git diff --word-diff` marks it. */
function textOf(inlines: readonly Inline[]): string {
  const texts = inlines.map((inline) =>
    inline.kind === 'removed' ? `[-${inline.text}-]` : inlineText(inline),
  );
  return harmless(texts.join(''));
}
