import type { Language } from './language.ts';

/** A name taken apart in the ways that names are alike. Everything is lower case, half width and simplified. */
export interface NameFeatures {
  /** Without spaces and joining marks: what two names share when only their writing differs. */
  readonly form: string;
  /** Character n-grams: pairs and single characters of Han text, triples of other text. */
  readonly grams: readonly string[];
  /** Words in order; English ones without their plural. */
  readonly parts: readonly string[];
  /** The words, and all of them as one. */
  readonly words: readonly string[];
  /** Triples of letters of the name as it sounds; empty where nothing of it is Han. */
  readonly sounds: readonly string[];
  /** First letters of the words, or of the syllables of Han text; empty for one word. */
  readonly initials: string;
}

const joiningMarks = /[\s·•_\-–—./\\|:：,，、;；!！?？'"“”‘’()（）[\]【】「」《》<>&]+/gu;
const han = /\p{Script=Han}+/gu;
const words = /\p{Script=Han}+|[\p{Letter}\p{Mark}]+[#+]*|\p{Number}+/gu;

/** Takes a name apart. Cost grows with its length. */
export function nameFeatures(name: string, language: Language): NameFeatures {
  const spaced = normaliseText(name, language).replace(joiningMarks, ' ').trim();
  const form = spaced.replaceAll(' ', '');
  const isHan = /\p{Script=Han}/u.test(spaced);
  const spelled = isHan ? language.spell(spaced).replace(/\s+/g, ' ').trim() : '';
  const parts = wordsOf(spaced, language);
  return {
    form,
    grams: gramsOf(form),
    parts,
    words: parts.length > 1 ? [...parts, parts.join('')] : parts,
    sounds: isHan ? triples(spelled.replaceAll(' ', '')) : [],
    initials: initialsOf(isHan ? spelled : spaced),
  };
}

/** Width, case and traditional characters make no difference between texts. */
export function normaliseText(text: string, language: Language): string {
  return language.simplify(text.normalize('NFKC').toLowerCase());
}

/** Words of a normalised text, in order. */
export function wordsOf(text: string, language: Language): readonly string[] {
  return (text.match(words) ?? []).flatMap((run) =>
    /\p{Script=Han}/u.test(run) ? language.segment(run) : [singular(run)],
  );
}

/** An English word without its plural: a rule of thumb that is the same for both forms. */
function singular(word: string): string {
  if (word.length < 4) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^suiy]s$/.test(word) ? word.slice(0, -1) : word;
}

function gramsOf(form: string): readonly string[] {
  const grams: string[] = [];
  for (const run of form.match(han) ?? []) {
    const characters = Array.from(run);
    grams.push(...characters);
    for (let at = 0; at + 1 < characters.length; at += 1) {
      grams.push(`${characters[at]}${characters[at + 1]}`);
    }
  }
  for (const run of form.split(han)) if (run !== '') grams.push(...triples(run));
  return grams;
}

/** Triples of characters, with the text's ends marked. */
function triples(text: string): readonly string[] {
  const characters = ['^', ...Array.from(text), '$'];
  if (characters.length < 3) return [];
  return Array.from({ length: characters.length - 2 }, (_, at) =>
    characters.slice(at, at + 3).join(''),
  );
}

function initialsOf(spaced: string): string {
  const parts = spaced.split(' ').filter((part) => part !== '');
  return parts.length < 2 ? '' : parts.map((part) => part.slice(0, 1)).join('');
}
