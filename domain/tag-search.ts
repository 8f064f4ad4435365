import type { Dictionary } from './dictionary.ts';
import type { Language } from './intelligence/language.ts';
import type { Tag, TagStatus } from './tag.ts';

/** A tag that somebody may mean; the lower its rank, the more likely. */
export interface FoundTag {
  readonly tag: Tag;
  readonly rank: number;
}

export type TagSearch = (text: string) => readonly FoundTag[];

/** What is in use is meant first. */
const statuses: readonly TagStatus[] = ['active', 'proposed', 'deprecated', 'archived'];
/** How a tag was found, the surest first. */
const ways = ['whole', 'name', 'spelling', 'synonym', 'definition'] as const;

interface Entry {
  readonly tag: Tag;
  /** Code and names; all in lower case and simplified characters. */
  readonly names: readonly string[];
  /** Names in pinyin without spaces, and its first letters. */
  readonly spellings: readonly string[];
  readonly definitions: readonly string[];
  readonly synonyms: readonly string[];
}

/**
 * Finds tags by code, by part of a name in either language, by pinyin or its first letters, by the name of a synonym,
 * and by words of their definition. Traditional characters find simplified ones, full-width signs half-width ones.
 */
export function createTagSearch(dictionary: Dictionary, language: Language): TagSearch {
  const plainly = (text: string) => language.simplify(text.normalize('NFKC')).toLowerCase().trim();
  const namesOf = ({ code, name }: Tag) => [code, name['zh-CN'], name.en].map(plainly);
  const byCode = new Map(dictionary.tags.map((tag) => [tag.code, tag]));
  const synonyms = new Map<string, string[]>();
  for (const { kind, fromCode, toCode } of dictionary.relations) {
    if (kind !== 'synonym-of') continue;
    for (const [one, other] of [
      [fromCode, toCode],
      [toCode, fromCode],
    ] as const) {
      const tag = byCode.get(other);
      if (tag !== undefined) synonyms.set(one, [...(synonyms.get(one) ?? []), ...namesOf(tag)]);
    }
  }
  const entries = dictionary.tags.map(
    (tag): Entry => ({
      tag,
      names: namesOf(tag),
      spellings: spell(plainly(tag.name['zh-CN']), language),
      definitions: Object.values(tag.definition).map(plainly),
      synonyms: synonyms.get(tag.code) ?? [],
    }),
  );
  return (text) => {
    const wanted = plainly(text);
    if (wanted === '') return [];
    const typed = wanted.replaceAll(/[\s']/g, '');
    return entries.flatMap((entry) => {
      const way = wayTo(entry, wanted, typed);
      if (way === null) return [];
      const status = statuses.indexOf(entry.tag.status);
      return [{ tag: entry.tag, rank: ways.indexOf(way) * statuses.length + status }];
    });
  };
}

function wayTo(entry: Entry, wanted: string, typed: string): (typeof ways)[number] | null {
  const holds = (text: string) => text.includes(wanted);
  if (entry.names.includes(wanted)) return 'whole';
  if (entry.names.some(holds)) return 'name';
  // One letter is in every spelling.
  if (typed.length > 1 && entry.spellings.some((spelling) => spelling.includes(typed))) {
    return 'spelling';
  }
  if (entry.synonyms.some(holds)) return 'synonym';
  return entry.definitions.some(holds) ? 'definition' : null;
}

function spell(name: string, language: Language): readonly string[] {
  const syllables = language.spell(name).toLowerCase().split(/\s+/u);
  const whole = syllables.join('');
  if (whole === name) return [];
  return [whole, syllables.map((syllable) => syllable.charAt(0)).join('')];
}
