/** What is known of writing beyond its characters. It takes dictionaries, so it is handed in; see `language/`. */
export interface Language {
  /** Traditional Chinese characters as simplified ones; everything else as it is. */
  simplify(text: string): string;
  /** The text with every Han character as its syllable without tone, syllables apart by spaces. */
  spell(text: string): string;
  /** Words of a text of Han characters only. */
  segment(text: string): readonly string[];
}
