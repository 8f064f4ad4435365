import { learnLexicon } from '../domain/intelligence/lexicon.ts';
import { createSimilarity } from '../domain/intelligence/similarity.ts';
import { chinese } from '../language/chinese.ts';
import { splitByNames, type LabelledPair } from './labelled-pairs.ts';

/** The part of the questions whose partner was among the first so many answers. */
export interface Recall {
  /** Two for a pair: a asked for b, and b for a. */
  readonly questions: number;
  readonly at1: number;
  readonly at5: number;
  readonly at10: number;
  readonly at20: number;
}

export interface SynonymEvaluation {
  readonly tags: number;
  readonly pairs: number;
  /** Pairs with a name that is not among the tags; they are not asked. */
  readonly pairsUnknown: number;
  readonly tuned: Recall;
  readonly untouched: Recall;
  readonly buildMs: number;
  readonly searchMs: number;
  readonly msPerSearch: number;
}

const depth = 20;

/** How often the partner of a labelled pair is found among all the tags. */
export function evaluateSynonyms(
  tags: readonly { readonly name: string; readonly definition: string }[],
  pairs: readonly LabelledPair[],
): SynonymEvaluation {
  const language = chinese();
  const positions = new Map(tags.map(({ name }, index) => [name, index]));
  const startedAtMs = performance.now();
  const similarity = createSimilarity(
    tags.map(({ name, definition }) => ({ names: [name], definitions: [definition] })),
    { language, lexicon: learnLexicon([], language) },
  );
  const builtAtMs = performance.now();
  const known = pairs.filter(({ a, b }) => positions.has(a) && positions.has(b));
  const rankOf = (from: string, to: string): number => {
    const wanted = positions.get(to);
    const found = similarity
      .likeTag(positions.get(from) ?? -1, depth)
      .findIndex(({ index }) => index === wanted);
    return found < 0 ? Number.POSITIVE_INFINITY : found + 1;
  };
  const measure = (part: readonly LabelledPair[]): Recall =>
    recallOf(part.flatMap(({ a, b }) => [rankOf(a, b), rankOf(b, a)]));
  const { tuned, untouched } = splitByNames(known);
  const recall = { tuned: measure(tuned), untouched: measure(untouched) };
  const searchMs = performance.now() - builtAtMs;
  return {
    tags: tags.length,
    pairs: known.length,
    pairsUnknown: pairs.length - known.length,
    ...recall,
    buildMs: Math.round(builtAtMs - startedAtMs),
    searchMs: Math.round(searchMs),
    msPerSearch: Number((searchMs / Math.max(1, 2 * known.length)).toFixed(3)),
  };
}

/** Recall of places from 1 on; infinite where the partner was not found. */
export function recallOf(ranks: readonly number[]): Recall {
  const at = (limit: number) =>
    ranks.length === 0
      ? 0
      : Number((ranks.filter((rank) => rank <= limit).length / ranks.length).toFixed(3));
  return { questions: ranks.length, at1: at(1), at5: at(5), at10: at(10), at20: at(20) };
}
