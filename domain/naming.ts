import type { LocalizedText } from './locale.ts';
import type { Tag, TagCategory } from './tag.ts';

/** How tags are to be called in this company; each part may be left open. */
export interface NamingPolicy {
  /** `error`: a name against it is refused. `warning`: it is told, and people decide. */
  readonly enforce: 'warning' | 'error';
  /** Of the Chinese name; null: as long as names may be at all. */
  readonly charsMax: number | null;
  /** What the whole Chinese name has to match, as a regular expression, and the same in words; null: nothing. */
  readonly pattern: { readonly source: string; readonly words: LocalizedText } | null;
  /** Words that no name holds, in either language and whatever their case. */
  readonly forbiddenWords: readonly string[];
  readonly prefixes: readonly NamingPrefix[];
}

/** What Chinese names of some tags begin with. */
export interface NamingPrefix {
  /** A department's: of tags that are for that department alone. */
  readonly of:
    | { readonly kind: 'department'; readonly code: string }
    | { readonly kind: 'category'; readonly category: TagCategory };
  readonly prefix: string;
}

export type NamingFault =
  | { readonly kind: 'too-long'; readonly chars: number; readonly charsMax: number }
  | { readonly kind: 'pattern'; readonly words: LocalizedText }
  | { readonly kind: 'forbidden-word'; readonly word: string }
  | { readonly kind: 'prefix'; readonly prefix: NamingPrefix };

/** Everything about a tag's name that is against the convention; empty where none is in force (`null`). */
export function namingFaults(
  { name, category, departmentCodes }: Pick<Tag, 'name' | 'category' | 'departmentCodes'>,
  naming: NamingPolicy | null,
): readonly NamingFault[] {
  if (naming === null) return [];
  const { charsMax, pattern, forbiddenWords, prefixes } = naming;
  const own = name['zh-CN'].trim();
  const chars = own.match(/./gsu)?.length ?? 0;
  const faults: NamingFault[] = [];
  if (charsMax !== null && chars > charsMax) faults.push({ kind: 'too-long', chars, charsMax });
  if (pattern !== null && !matchesWhole(own, pattern.source)) {
    faults.push({ kind: 'pattern', words: pattern.words });
  }
  const spoken = [own, name.en].map((text) => text.toLowerCase());
  for (const word of forbiddenWords) {
    if (spoken.some((text) => text.includes(word.toLowerCase()))) {
      faults.push({ kind: 'forbidden-word', word });
    }
  }
  for (const prefix of prefixes) {
    const { of } = prefix;
    const concerns =
      of.kind === 'category'
        ? of.category === category
        : departmentCodes.length === 1 && departmentCodes[0] === of.code;
    if (concerns && !own.startsWith(prefix.prefix)) faults.push({ kind: 'prefix', prefix });
  }
  return faults;
}

function matchesWhole(text: string, source: string): boolean {
  return new RegExp(`^(?:${source})$`, 'u').test(text);
}
