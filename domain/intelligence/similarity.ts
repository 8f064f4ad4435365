import { createAbbreviationIndex } from './abbreviations.ts';
import { createBest, createInvertedIndex, type Hit } from './inverted-index.ts';
import type { Language } from './language.ts';
import type { Lexicon } from './lexicon.ts';
import { nameFeatures, normaliseText, wordsOf, type NameFeatures } from './name-features.ts';

/** A tag as far as its words go. Empty texts say nothing. */
export interface TagWords {
  /** In any number of languages. */
  readonly names: readonly string[];
  readonly definitions: readonly string[];
}

/** What two tags are alike in. */
export const likenessGrounds = [
  'characters',
  'words',
  'sound',
  'abbreviation',
  'lexicon',
  'definition',
  'population',
  'meaning',
] as const;
export type LikenessGround = (typeof likenessGrounds)[number];

/** A tag that may mean what another one means. Similarity only retrieves; a person decides. */
export interface Likeness {
  readonly index: number;
  /** 0–1: the part of the best possible fusion that its places in the rankings come to. */
  readonly score: number;
  /** 0–1 by ground, for those that rank it. */
  readonly grounds: Partial<Readonly<Record<LikenessGround, number>>>;
  /** Same name but for width, case, spaces, joining marks and traditional characters. */
  readonly isSameName: boolean;
}

/** Rankings from elsewhere, such as of populations or of embeddings; the most alike first. */
export type ExtraRankings = Partial<
  Readonly<Record<LikenessGround, (index: number, limit: number) => readonly Hit[]>>
>;

export interface Similarity {
  /** The tags most like the one at this position. */
  likeTag(index: number, limit: number): readonly Likeness[];
  /** The tags most like one that is not among them. */
  likeWords(words: TagWords, limit: number): readonly Likeness[];
}

/**
 * Cormack, Clarke and Büttcher take 60 for many rankings that mostly agree. Ours see different things, so the first
 * places of one have to count against the middle of several: 5 found more on labelled pairs.
 */
const fusionConstant = 5;
/** How deep each ranking is read. */
const rankedMax = 30;

/**
 * How much each ranking counts; set on one half of labelled pairs and held against the other. Meaning is not: a model
 * sees what no words share, so its first place has to be enough by itself.
 */
const groundWeights: Readonly<Record<LikenessGround, number>> = {
  characters: 1,
  words: 0.5,
  sound: 0.6,
  abbreviation: 0.8,
  lexicon: 1,
  definition: 0.5,
  population: 0.5,
  meaning: 1.5,
};

type Ranker = (question: Question, limit: number) => readonly Hit[];

interface Question {
  readonly features: readonly NameFeatures[];
  readonly definition: readonly string[];
  /** Position of the tag that is asked about; null: it is not among them. */
  readonly index: number | null;
}

/**
 * Ranks tags by several kinds of likeness and fuses the rankings by reciprocal rank (Cormack, Clarke and Büttcher,
 * SIGIR 2009). Building costs the total text; a search costs the postings of its terms.
 */
export function createSimilarity(
  tags: readonly TagWords[],
  options: {
    readonly language: Language;
    readonly lexicon: Lexicon;
    readonly extra?: ExtraRankings;
  },
): Similarity {
  const { language, lexicon, extra = {} } = options;
  const questions = tags.map((tag, index) => questionOf(tag, index, language));
  const rankers = createRankers(questions, lexicon, extra);
  const scores = new Float64Array(tags.length);
  const forms = questions.map(({ features }) => new Set(features.map(({ form }) => form)));
  const ask = (question: Question, limit: number): readonly Likeness[] => {
    const rankings = rankers.map(([ground, rank]) => [ground, rank(question, rankedMax)] as const);
    const isSame = (index: number) =>
      question.features.some(({ form }) => forms[index]?.has(form) === true);
    return fuse(rankings, { scores, isSameName: isSame, limit });
  };
  return {
    likeTag: (index, limit) => {
      const question = questions[index];
      return question === undefined ? [] : ask(question, limit);
    },
    likeWords: (words, limit) => ask(questionOf(words, null, language), limit),
  };
}

function questionOf(tag: TagWords, index: number | null, language: Language): Question {
  const names = tag.names.filter((name) => name.trim() !== '');
  return {
    index,
    features: names.map((name) => nameFeatures(name, language)),
    definition: tag.definitions.flatMap((text) =>
      wordsOf(normaliseText(text, language), language).filter((word) => word.length > 1),
    ),
  };
}

function createRankers(
  questions: readonly Question[],
  lexicon: Lexicon,
  extra: ExtraRankings,
): readonly (readonly [LikenessGround, Ranker])[] {
  const byTerms = (termsOf: (question: Question) => readonly string[]): Ranker => {
    const index = createInvertedIndex(questions.map(termsOf));
    return (question, limit) => {
      const terms = termsOf(question);
      return terms.length === 0 ? [] : index.search(terms, limit, question.index);
    };
  };
  const byName = (termsOf: (name: NameFeatures) => readonly string[]): Ranker =>
    nameRanker(questions, (names) => {
      const index = createInvertedIndex(names.map(termsOf));
      return (name, limit) => index.search(termsOf(name), limit, null);
    });
  const hasSound = questions.some(({ features }) =>
    features.some(({ sounds }) => sounds.length > 0),
  );
  const rankers: [LikenessGround, Ranker][] = [
    ['characters', byName(({ grams }) => grams)],
    ['words', byName(({ words }) => words)],
    ['abbreviation', nameRanker(questions, createAbbreviationSearch)],
    ['definition', byTerms(({ definition }) => definition)],
  ];
  // A name written in pinyin is compared by its letters with how the others sound.
  if (hasSound) {
    const heard = ({ sounds, grams }: NameFeatures) => (sounds.length > 0 ? sounds : grams);
    rankers.push(['sound', byName(heard)]);
  }
  if (!lexicon.isEmpty) {
    const canonical = ({ parts }: NameFeatures) => {
      const known = lexicon.canonical(parts);
      return [...known, ...lexicon.canonical([known.join('')])];
    };
    rankers.push(['lexicon', byName(canonical)]);
  }
  for (const ground of likenessGrounds) {
    const ranking = extra[ground];
    if (ranking === undefined) continue;
    rankers.push([ground, ({ index }, limit) => (index === null ? [] : ranking(index, limit))]);
  }
  return rankers;
}

function createAbbreviationSearch(names: readonly NameFeatures[]): NameSearch {
  const index = createAbbreviationIndex(names);
  return (name, limit) => index.search(name, limit);
}

type NameSearch = (name: NameFeatures, limit: number) => readonly Hit[];

/** Ranks tags by the name of theirs that is most like one of the names asked about. */
function nameRanker(
  questions: readonly Question[],
  createSearch: (names: readonly NameFeatures[]) => NameSearch,
): Ranker {
  const owners: number[] = [];
  const names = questions.flatMap(({ features }, index) =>
    features.map((name) => {
      owners.push(index);
      return name;
    }),
  );
  const search = createSearch(names);
  const namesOfTagMax = Math.max(1, ...questions.map(({ features }) => features.length));
  return (question, limit) => {
    const [only] = question.features;
    if (only === undefined) return [];
    if (namesOfTagMax === 1 && question.features.length === 1) {
      return search(only, limit + 1)
        .map(({ index, score }) => ({ index: owners[index] ?? 0, score }))
        .filter(({ index }) => index !== question.index)
        .slice(0, limit);
    }
    const best = new Map<number, number>();
    for (const name of question.features) {
      // The names of the tag itself are among the first.
      for (const hit of search(name, limit + namesOfTagMax)) {
        const owner = owners[hit.index] ?? 0;
        if (owner !== question.index) best.set(owner, Math.max(best.get(owner) ?? 0, hit.score));
      }
    }
    return [...best]
      .map(([owner, score]) => ({ index: owner, score }))
      .sort((a, b) => b.score - a.score || a.index - b.index)
      .slice(0, limit);
  };
}

/** More than any score: those of the same name come first. */
const sameNameBonus = 2;

/**
 * The best by Σ weight / (constant + rank) over the rankings, as a part of what first place in all of those that rank
 * anything gives; those of the same name before the others. `scores` is 0 by tag before and after.
 */
function fuse(
  rankings: readonly (readonly [LikenessGround, readonly Hit[]])[],
  {
    scores,
    isSameName,
    limit,
  }: {
    readonly scores: Float64Array;
    readonly isSameName: (index: number) => boolean;
    readonly limit: number;
  },
): readonly Likeness[] {
  const asked = rankings.filter(([, hits]) => hits.length > 0);
  const most = asked.reduce(
    (sum, [ground]) => sum + groundWeights[ground] / (fusionConstant + 1),
    0,
  );
  const met: number[] = [];
  for (const [ground, hits] of asked) {
    for (const [position, { index }] of hits.entries()) {
      const before = scores[index] ?? 0;
      if (before === 0) met.push(index);
      scores[index] = before + groundWeights[ground] / (fusionConstant + position + 1) / most;
    }
  }
  const best = createBest(limit);
  for (const index of met) {
    best.offer(index, (scores[index] ?? 0) + (isSameName(index) ? sameNameBonus : 0));
  }
  const fused = best.take().map(({ index }) => ({
    index,
    score: scores[index] ?? 0,
    grounds: groundsOf(index, asked),
    isSameName: isSameName(index),
  }));
  for (const index of met) scores[index] = 0;
  return fused;
}

function groundsOf(
  index: number,
  rankings: readonly (readonly [LikenessGround, readonly Hit[]])[],
): Likeness['grounds'] {
  const grounds: Partial<Record<LikenessGround, number>> = {};
  for (const [ground, hits] of rankings) {
    const hit = hits.find((one) => one.index === index);
    if (hit !== undefined) grounds[ground] = hit.score;
  }
  return grounds;
}
