import type { Person } from '../domain/person.ts';
import type { Option, SearchSource } from './form.ts';
import { nameIn, personName } from './texts/texts.ts';
import type { ViewReader } from './views.ts';

/** What a list shows while somebody types. */
const suggestionsMax = 20;

/** People who work here and whose code or name in either language holds the text. */
export function searchPeople(text: string, people: Iterable<Person>): readonly Person[] {
  const wanted = text.trim().toLowerCase();
  return [...people].filter(
    (person) =>
      person.status === 'active' &&
      [person.code, ...Object.values(person.name)].some((name) =>
        name.toLowerCase().includes(wanted),
      ),
  );
}

/** What fits as far as it is typed, in the asker's language. */
export type Suggest = (
  asker: Person,
  source: SearchSource,
  text: string,
) => Promise<readonly Option[]>;

export function createSuggest(
  views: Pick<ViewReader, 'people' | 'searchTags' | 'dictionary'>,
): Suggest {
  return async (asker, source, text) => {
    const { locale } = asker;
    switch (source) {
      case 'people': {
        const people = await views.people();
        const collator = new Intl.Collator(locale);
        return searchPeople(text, people.values())
          .toSorted((a, b) => collator.compare(a.name[locale], b.name[locale]))
          .slice(0, suggestionsMax)
          .map(({ code }) => ({ value: code, label: personName(code, people, locale), hint: '' }));
      }
      case 'tags': {
        const tags = await views.searchTags(asker, text, suggestionsMax);
        return tags.map(({ code, name }) => ({
          value: code,
          label: nameIn(locale, name),
          hint: code,
        }));
      }
      case 'rules': {
        const { rules } = await views.dictionary(asker);
        const wanted = text.trim().toLowerCase();
        return rules
          .filter(({ code, name }) =>
            [code, name['zh-CN'], name.en].some((one) => one.toLowerCase().includes(wanted)),
          )
          .slice(0, suggestionsMax)
          .map(({ code, name }) => ({ value: code, label: nameIn(locale, name), hint: code }));
      }
    }
  };
}
