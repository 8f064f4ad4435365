import type { Language } from './language.ts';
import type { Lexicon } from './lexicon.ts';
import { normaliseText, wordsOf } from './name-features.ts';
import { differentQuantity, quantitiesOf, type NameQuantities } from './name-quantities.ts';
import { mentionsIn, type Mention } from './properties.ts';
import { areOpposed, slotsOf, type Slots } from './slots.ts';

/** What makes two names speak of different values of one property. */
export interface Opposition {
  readonly left: string;
  readonly right: string;
  /** The words around the two, which name the property; empty where values of a series or figures tell them apart. */
  readonly shared: string;
}

interface NameParts {
  readonly words: readonly string[];
  readonly characters: readonly string[];
  readonly mentions: readonly Mention[];
  readonly quantities: NameQuantities;
}

export type Oppose = (left: string, right: string) => Opposition | null;

/**
 * Answers whether two names speak of two values of one property, and of which: two festivals or cities, two figures, or
 * two opposed words in the same place. Each name is taken apart once.
 */
export function createOpposition(options: {
  readonly language: Language;
  readonly lexicon: Lexicon;
}): Oppose {
  const { language, lexicon } = options;
  const known = new Map<string, NameParts>();
  const partsOf = (name: string): NameParts => {
    const parts = known.get(name) ?? takeApart(name, language);
    known.set(name, parts);
    return parts;
  };
  return (leftName, rightName) => {
    const [left, right] = [partsOf(leftName), partsOf(rightName)];
    const slots = slotsOf(left.words, right.words);
    const told =
      differentMention(left.mentions, right.mentions) ??
      differentQuantity(left.quantities, right.quantities);
    if (told !== null) return { ...told, shared: '' };
    const opposed =
      opposedSlot(slots, lexicon) ?? opposedCharacters(left.characters, right.characters);
    return opposed === null ? null : { ...opposed, shared: slots?.head ?? '' };
  };
}

function takeApart(name: string, language: Language): NameParts {
  const text = normaliseText(name, language);
  const { mentions, rest } = mentionsIn(text);
  const words = wordsOf(text, language);
  return {
    words,
    characters: Array.from(words.join('')),
    mentions,
    quantities: quantitiesOf(rest),
  };
}

type Values = Pick<Opposition, 'left' | 'right'>;

/** Values of one series of which each name has one that the other has not. */
function differentMention(left: readonly Mention[], right: readonly Mention[]): Values | null {
  for (const mine of left) {
    const ofSeries = (mentions: readonly Mention[]) =>
      mentions.filter(({ property }) => property === mine.property);
    const [here, there] = [ofSeries(left), ofSeries(right)];
    const lacks = (mentions: readonly Mention[], { value }: Mention) =>
      !mentions.some((mention) => mention.value === value);
    const other = there.find((mention) => lacks(here, mention));
    if (other !== undefined && lacks(there, mine)) return { left: mine.word, right: other.word };
  }
  return null;
}

function opposedSlot(slots: Slots | null, lexicon: Lexicon): Values | null {
  if (slots === null) return null;
  const { left, right } = slots;
  return areOpposed(left, right) || lexicon.areKnownToDiffer(left, right) ? { left, right } : null;
}

/** Words that share a character, such as 首购 and 复购: what differs, and with the character before or after it. */
function opposedCharacters(left: readonly string[], right: readonly string[]): Values | null {
  const slots = slotsOf(left, right);
  if (slots === null) return null;
  const start = left.findIndex((character, place) => character !== right[place]);
  const from = start < 0 ? Math.min(left.length, right.length) : start;
  const before = from === 0 ? '' : (left[from - 1] ?? '');
  const after = left.slice(from + Array.from(slots.left).length)[0] ?? '';
  const widened = [
    { left: slots.left, right: slots.right },
    { left: `${slots.left}${after}`, right: `${slots.right}${after}` },
    { left: `${before}${slots.left}`, right: `${before}${slots.right}` },
  ];
  return widened.find((values) => areOpposed(values.left, values.right)) ?? null;
}
