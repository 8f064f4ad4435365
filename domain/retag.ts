import { locales, type LocalizedText } from './locale.ts';
import type { Tag } from './tag.ts';

/** A change of one tag on every customer who carries it. */
export type Retag =
  /** Every customer with `code` gets `byCode` instead. */
  | { readonly kind: 'replace'; readonly code: string; readonly byCode: string }
  /** Every customer with `code` gets the tag that succeeds it in the dictionary. */
  | { readonly kind: 'replace-by-successor'; readonly code: string }
  /** The tag comes off; nothing takes its place. */
  | { readonly kind: 'take-off'; readonly code: string }
  /**
   * The dictionary calls the tag otherwise already. Sources whose customers carry its name get the new one written to
   * each of them; sources that know tags by a code or an id of their own need nothing.
   */
  | {
      readonly kind: 'rename';
      readonly code: string;
      readonly from: LocalizedText;
      readonly to: LocalizedText;
    };

export type RetagRefusal =
  | { readonly kind: 'unknown-tag'; readonly code: string }
  | { readonly kind: 'no-successor'; readonly code: string }
  /** The tags in the order in which they succeed each other; the first is named again at the end. */
  | { readonly kind: 'successors-in-a-circle'; readonly codes: readonly string[] };

/** A tag's names before and after, as a fix keeps them. */
export interface TagRename {
  readonly tagId: number;
  readonly from: LocalizedText;
  readonly to: LocalizedText;
}

/** What becomes of a name that a source uses for a tag; null: it is none of those that change. */
export function renamed(name: string, { from, to }: TagRename): string | null {
  const locale = locales.find((one) => from[one] === name.trim());
  return locale === undefined || to[locale] === name ? null : to[locale];
}

/** The tag in use that takes the place of one that is not: the end of the chain of its successors. */
export function lastSuccessor(
  tags: ReadonlyMap<string, Pick<Tag, 'code' | 'status' | 'successorCode'>>,
  code: string,
): { readonly kind: 'found'; readonly code: string } | RetagRefusal {
  const passed: string[] = [];
  let current = code;
  for (;;) {
    const tag = tags.get(current);
    if (tag === undefined) return { kind: 'unknown-tag', code: current };
    if (passed.includes(current)) {
      return { kind: 'successors-in-a-circle', codes: [...passed, current] };
    }
    if (passed.length > 0 && tag.status === 'active') return { kind: 'found', code: current };
    passed.push(current);
    if (tag.successorCode === null) return { kind: 'no-successor', code: current };
    current = tag.successorCode;
  }
}
