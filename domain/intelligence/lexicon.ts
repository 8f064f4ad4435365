import type { Language } from './language.ts';
import { nameFeatures } from './name-features.ts';
import { slotsOf } from './slots.ts';

/** A pair of names on which a person has decided. */
export interface TaughtPair {
  readonly left: string;
  readonly right: string;
  readonly isSame: boolean;
}

/** What decided pairs teach about words: 重点 may stand for 高价值, 新 never for 老. */
export interface Lexicon {
  /** The words with each one, or few in a row, that has a known equal replaced by one that stands for all of them. */
  canonical(words: readonly string[]): readonly string[];
  /** Whether people ruled that these two slot values differ, and never that they are the same. */
  areKnownToDiffer(left: string, right: string): boolean;
  readonly isEmpty: boolean;
}

/** Two names that share a beginning or end teach their slot; two that share nothing teach each other as a whole. */
export function learnLexicon(pairs: readonly TaughtPair[], language: Language): Lexicon {
  const parent = new Map<string, string>();
  const known = new Set<string>();
  const different = new Set<string>();
  const find = (word: string): string => {
    let root = word;
    for (
      let next = parent.get(root);
      next !== undefined && next !== root;
      next = parent.get(root)
    ) {
      root = next;
    }
    return root;
  };
  for (const { left, right, isSame } of pairs) {
    const slot = taughtSlot(left, right, language);
    if (slot === null) continue;
    if (!isSame) {
      different.add(pairKey(slot.left, slot.right));
      continue;
    }
    known.add(slot.left).add(slot.right);
    const [keep, drop] = [find(slot.left), find(slot.right)].sort();
    if (keep !== undefined && drop !== undefined && keep !== drop) parent.set(drop, keep);
  }
  return {
    isEmpty: parent.size === 0,
    canonical: (words) =>
      canonicalWords(words, (phrase) => (known.has(phrase) ? find(phrase) : null)),
    areKnownToDiffer: (left, right) =>
      different.has(pairKey(left, right)) && find(left) !== find(right),
  };
}

/** Words in a row that a slot may have been cut into. */
const phraseWordsMax = 3;

/** Replaces the longest known phrase at each place. */
function canonicalWords(
  words: readonly string[],
  standsFor: (phrase: string) => string | null,
): readonly string[] {
  const result: string[] = [];
  for (let at = 0; at < words.length; ) {
    let taken = 1;
    let word = words[at] ?? '';
    for (let length = Math.min(phraseWordsMax, words.length - at); length > 0; length -= 1) {
      const found = standsFor(words.slice(at, at + length).join(''));
      if (found === null) continue;
      [taken, word] = [length, found];
      break;
    }
    result.push(word);
    at += taken;
  }
  return result;
}

function taughtSlot(
  left: string,
  right: string,
  language: Language,
): { readonly left: string; readonly right: string } | null {
  const a = nameFeatures(left, language);
  const b = nameFeatures(right, language);
  const slots = slotsOf(a.parts, b.parts);
  if (slots === null) return a.form === b.form ? null : { left: a.form, right: b.form };
  return slots.left === '' || slots.right === '' ? null : slots;
}

function pairKey(left: string, right: string): string {
  return left < right ? `${left}\n${right}` : `${right}\n${left}`;
}
