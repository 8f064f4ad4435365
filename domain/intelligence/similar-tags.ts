import type { LocalizedText } from '../locale.ts';
import type { Language } from './language.ts';
import type { Lexicon } from './lexicon.ts';
import { createOpposition, type Oppose, type Opposition } from './opposition.ts';
import { createSimilarity, type Likeness, type TagWords } from './similarity.ts';

/** The strongest reason for which a tag is shown as similar. */
export type LikenessReason =
  | 'same-name'
  | 'known-synonym'
  | 'short-form'
  | 'name-alike'
  | 'sounds-alike'
  | 'meaning-alike'
  | 'definition-alike'
  /** Alike, and its name speaks of another value of the same property. */
  | 'another-value';

/** A tag as people describe it. */
export interface DescribedTag {
  readonly code: string;
  readonly name: LocalizedText;
  readonly definition: LocalizedText;
}

export interface SimilarTagSearcher {
  /**
   * Tags that may already mean what a description says, most alike first, other values of one property last; only those
   * that `isShown`.
   */
  find(
    described: Pick<DescribedTag, 'name' | 'definition'>,
    isShown: (code: string) => boolean,
    limit: number,
  ): readonly { readonly code: string; readonly why: LikenessReason }[];
}

/** Likeness under which a ground alone is no reason to show a tag to somebody who asks for a new one. */
const floors = {
  lexicon: 0.6,
  abbreviation: 0.3,
  characters: 0.35,
  words: 0.5,
  sound: 0.5,
  meaning: 0.5,
  definition: 0.4,
} as const;
const lookedAtMax = 50;

/** Prepares a dictionary for questions; build it once for a version of the dictionary. */
export function createSimilarTagSearcher(
  tags: readonly DescribedTag[],
  options: { readonly language: Language; readonly lexicon: Lexicon },
): SimilarTagSearcher {
  const similarity = createSimilarity(tags.map(wordsOfTag), options);
  const oppose = createOpposition(options);
  return {
    find: (described, isShown, limit) => {
      const found = similarity.likeWords(wordsOfTag(described), lookedAtMax).flatMap((likeness) => {
        const tag = tags[likeness.index];
        const why = reasonOf(likeness);
        if (tag === undefined || why === null || !isShown(tag.code)) return [];
        const isOther =
          why !== 'same-name' &&
          why !== 'known-synonym' &&
          opposition(described, tag, oppose) !== null;
        return [{ code: tag.code, why: isOther ? ('another-value' as const) : why }];
      });
      const isOther = ({ why }: { readonly why: LikenessReason }) => why === 'another-value';
      return [...found.filter((one) => !isOther(one)), ...found.filter(isOther)].slice(0, limit);
    },
  };
}

/** What tells two tags apart by their names, in whichever language. */
export function opposition(
  left: Pick<DescribedTag, 'name'>,
  right: Pick<DescribedTag, 'name'>,
  oppose: Oppose,
): Opposition | null {
  return oppose(left.name['zh-CN'], right.name['zh-CN']) ?? oppose(left.name.en, right.name.en);
}

/** Both languages of a tag's name and definition, once where they are the same. */
export function wordsOfTag(tag: Pick<DescribedTag, 'name' | 'definition'>): TagWords {
  return {
    names: [...new Set([tag.name['zh-CN'], tag.name.en])],
    definitions: [...new Set([tag.definition['zh-CN'], tag.definition.en])],
  };
}

/** Why a tag is worth showing; null where it is not. */
export function reasonOf({ isSameName, grounds }: Likeness): LikenessReason | null {
  const reaches = (ground: keyof typeof floors) => (grounds[ground] ?? 0) >= floors[ground];
  if (isSameName) return 'same-name';
  if (reaches('lexicon') && (grounds.lexicon ?? 0) > (grounds.characters ?? 0)) {
    return 'known-synonym';
  }
  if (reaches('abbreviation')) return 'short-form';
  if (reaches('characters') || reaches('words')) return 'name-alike';
  if (reaches('sound')) return 'sounds-alike';
  if (reaches('meaning')) return 'meaning-alike';
  return reaches('definition') ? 'definition-alike' : null;
}
