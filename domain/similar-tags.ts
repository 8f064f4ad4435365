import type { LocalizedText } from './locale.ts';

/** How close a proposed tag is to one that exists. Similarity only retrieves; a person decides. */
export interface Likeness {
  readonly code: string;
  readonly why: 'same-name' | 'name-alike' | 'definition-alike';
  /** 0–1: Dice coefficient of character bigrams (Dice 1945). */
  readonly score: number;
}

interface Described {
  readonly code: string;
  readonly name: LocalizedText;
  readonly definition: LocalizedText;
}

const nameScoreMin = 0.5;
const definitionScoreMin = 0.6;

/** Existing tags that may already mean what a proposed one says, closest first. Cost grows with tags × text length. */
export function findSimilarTags(
  proposed: Described,
  existing: readonly Described[],
  limit: number,
): readonly Likeness[] {
  return existing
    .filter((tag) => tag.code !== proposed.code)
    .map((tag) => likeness(proposed, tag))
    .filter((found) => found !== null)
    .sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1))
    .slice(0, limit);
}

function likeness(proposed: Described, tag: Described): Likeness | null {
  const nameScore = Math.max(
    dice(proposed.name['zh-CN'], tag.name['zh-CN']),
    dice(proposed.name.en, tag.name.en),
  );
  if (nameScore === 1) return { code: tag.code, why: 'same-name', score: 1 };
  const definitionScore = Math.max(
    dice(proposed.definition['zh-CN'], tag.definition['zh-CN']),
    dice(proposed.definition.en, tag.definition.en),
  );
  if (nameScore >= nameScoreMin) {
    return { code: tag.code, why: 'name-alike', score: nameScore };
  }
  return definitionScore >= definitionScoreMin
    ? { code: tag.code, why: 'definition-alike', score: definitionScore }
    : null;
}

function dice(a: string, b: string): number {
  const left = normalise(a);
  const right = normalise(b);
  if (left === '' || right === '') return 0;
  if (left === right) return 1;
  const leftPairs = bigrams(left);
  const rightPairs = bigrams(right);
  let shared = 0;
  for (const [pair, count] of leftPairs) shared += Math.min(count, rightPairs.get(pair) ?? 0);
  return (2 * shared) / (total(leftPairs) + total(rightPairs));
}

/** Case, width and spacing make no difference between names. */
function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s·_-]+/g, '');
}

function bigrams(text: string): ReadonlyMap<string, number> {
  const characters = Array.from(text);
  const pairs = new Map<string, number>();
  for (let index = 0; index < Math.max(1, characters.length - 1); index += 1) {
    const pair = characters.slice(index, index + 2).join('');
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

function total(pairs: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of pairs.values()) sum += count;
  return sum;
}
