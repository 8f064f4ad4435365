import type { NamingPolicy } from '../domain/naming.ts';
import type { PolicyFile } from './schema/policy.ts';

type NamingEntry = NonNullable<PolicyFile['naming']>;

export function toNaming(entry: NamingEntry): NamingPolicy {
  const { enforce = 'warning', charsMax = null, pattern, forbidden = [], prefixes = [] } = entry;
  return {
    enforce,
    charsMax,
    pattern:
      pattern === undefined
        ? null
        : { source: pattern.matches, words: { 'zh-CN': pattern.words, en: pattern.wordsEn } },
    forbiddenWords: forbidden,
    prefixes: prefixes.flatMap(({ department, category, prefix }) => [
      ...(department === undefined
        ? []
        : [{ of: { kind: 'department' as const, code: department }, prefix }]),
      ...(category === undefined ? [] : [{ of: { kind: 'category' as const, category }, prefix }]),
    ]),
  };
}

/** The inverse of `toNaming`; what is as it would be unsaid is left out. */
export function namingEntryOf(naming: NamingPolicy): NamingEntry {
  const { enforce, charsMax, pattern, forbiddenWords, prefixes } = naming;
  return {
    ...(enforce === 'warning' ? {} : { enforce }),
    ...(charsMax === null ? {} : { charsMax }),
    ...(pattern === null
      ? {}
      : {
          pattern: {
            matches: pattern.source,
            words: pattern.words['zh-CN'],
            wordsEn: pattern.words.en,
          },
        }),
    ...(forbiddenWords.length === 0 ? {} : { forbidden: [...forbiddenWords] }),
    ...(prefixes.length === 0
      ? {}
      : {
          prefixes: prefixes.map(({ of, prefix }) =>
            of.kind === 'department'
              ? { department: of.code, prefix }
              : { category: of.category, prefix },
          ),
        }),
  };
}
