import { locales, type Locale } from '../locale.ts';
import type { NoDefinitionRule } from '../rule.ts';
import type { Tag } from '../tag.ts';
import { onDictionary } from './on-dictionary.ts';

/**
 * A tag whose definition says nothing: in one of the languages it is blank, merely repeats the name, or is shorter than
 * a definition can be.
 *
 * Parameters: `definitionCharsMin` (characters without spaces; @default 6).
 *
 * Findings: each active tag of that sort.
 *
 * Cost: one look at each tag of the dictionary.
 */
export const noDefinition = onDictionary<NoDefinitionRule>('no-definition', (rule, dictionary) =>
  dictionary.tags
    .filter(
      (tag) =>
        tag.status === 'active' &&
        !locales.every((locale) => isDefinedIn(locale, tag, rule.definitionCharsMin)),
    )
    .map((tag) => tag.id),
);

/** Whether a tag's definition in one language says something, in at least so many characters without spaces. */
export function isDefinedIn(locale: Locale, tag: Tag, charsMin: number): boolean {
  const definition = bare(tag.definition[locale]);
  return definition.length >= charsMin && definition !== bare(tag.name[locale]);
}

/** Without spaces and punctuation, in lower case. */
function bare(text: string): string {
  return text.toLowerCase().replaceAll(/[\s\p{P}]/gu, '');
}
