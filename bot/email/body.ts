import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Block, Card, Inline } from '../card.ts';
import { cut, harmless, inlineText } from '../plain-text.ts';
import { pictureWords } from '../pictures.ts';
import { textsFor } from '../texts/texts.ts';
import * as limits from './limits.ts';

/** Text that fits, with an address where it leads somewhere. */
export interface Run {
  readonly text: string;
  readonly look: 'normal' | 'strong' | 'removed';
  readonly url: string | null;
}

/** A card's block as both forms of a message show it. */
export type Part =
  | { readonly kind: 'text' | 'note'; readonly runs: readonly Run[] }
  | { readonly kind: 'fact'; readonly label: string; readonly runs: readonly Run[] }
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'item'; readonly runs: readonly Run[] }
  | {
      readonly kind: 'picture';
      readonly title: string;
      readonly alt: string;
      /** Of the attachment it is. */
      readonly contentId: string;
    }
  | { readonly kind: 'divider' };

/** What of a card's body fits into so many characters; where that is not all, the last part says so. */
export function bodyParts(
  { blocks, locale }: Pick<Card, 'blocks' | 'locale'>,
  charsMax: number,
): readonly Part[] {
  const budget = { charsLeft: charsMax };
  const parts: Part[] = [];
  for (const [index, block] of blocks.entries()) {
    if (index < limits.blocksMax && budget.charsLeft > 0) {
      parts.push(...partsOf(block, budget, locale));
    }
    if (index >= limits.blocksMax || budget.charsLeft <= 0) {
      const text = textsFor(locale).channel.cut;
      return [...parts, { kind: 'note', runs: [{ text, look: 'normal', url: null }] }];
    }
  }
  return parts;
}

/** Who did what, within its own bound. */
export function outcomeRuns(outcome: readonly Inline[]): readonly Run[] {
  return runsOf(outcome, { charsLeft: limits.outcomeCharsMax });
}

interface Budget {
  charsLeft: number;
}

function partsOf(block: Block, budget: Budget, locale: Locale): readonly Part[] {
  switch (block.kind) {
    case 'text':
    case 'note':
      return [{ kind: block.kind, runs: runsOf(block.text, budget) }];
    case 'facts':
      return block.facts.map(({ label, value }) => ({
        kind: 'fact',
        label: fitting(label, budget),
        runs: runsOf(value, budget),
      }));
    case 'list':
      return [
        { kind: 'title', text: fitting(block.title, budget) },
        ...block.items
          .filter(() => budget.charsLeft > 0)
          .map((item): Part => ({ kind: 'item', runs: runsOf(item, budget) })),
        ...(block.more === null
          ? []
          : [{ kind: 'item', runs: [{ text: block.more, look: 'normal', url: null }] } as const]),
      ];
    case 'picture': {
      const { title, alt, reference } = block;
      return reference === null
        ? [{ kind: 'note', runs: runsOf(pictureWords(block, locale).text, budget) }]
        : [
            {
              kind: 'picture',
              title: fitting(title, budget),
              alt: fitting(alt, budget),
              contentId: reference,
            },
          ];
    }
    case 'divider':
      return [{ kind: 'divider' }];
    default:
      return assertNever(block);
  }
}

function runsOf(inlines: readonly Inline[], budget: Budget): readonly Run[] {
  return inlines
    .map((inline) => ({
      text: fitting(inlineText(inline), budget),
      look: lookOf(inline),
      url: inline.kind === 'link' && isWebAddress(inline.url) ? inline.url : null,
    }))
    .filter(({ text }) => text !== '');
}

function lookOf({ kind }: Inline): Run['look'] {
  return kind === 'strong' || kind === 'removed' ? kind : 'normal';
}

function fitting(text: string, budget: Budget): string {
  const shown = cut(harmless(text), Math.max(0, budget.charsLeft));
  // What is cut once ends the body, even where a whole character left a unit of room.
  budget.charsLeft = shown === harmless(text) ? budget.charsLeft - shown.length : 0;
  return shown;
}

export function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\/[^\s"'<>]+$/.test(url) && url.length <= limits.urlCharsMax;
}
