/** What is known of writing beyond its characters. It takes dictionaries, so it is handed in; see `language/`. */
export interface Language {
  /** Traditional Chinese characters as simplified ones; everything else as it is. */
  simplify(text: string): string;
  /** The text with every Han character as its syllable without tone, syllables apart by spaces. */
  spell(text: string): string;
  /** Words of a text of Han characters only. */
  segment(text: string): readonly string[];
}

/** The same, each text looked at once: for one look at a dictionary, since nothing is ever forgotten. */
export function createRememberingLanguage(language: Language): Language {
  return {
    simplify: remember((text) => language.simplify(text)),
    spell: (text) => language.spell(text),
    segment: remember((text) => language.segment(text)),
  };
}

function remember<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text) ?? read(text);
    known.set(text, found);
    return found;
  };
}
