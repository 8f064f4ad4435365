import type { Condition } from '../condition.ts';
import type { LocalizedText } from '../locale.ts';
import { candidateKinds, type Candidate, type CandidateReason } from './candidate.ts';
import { findHiddenExclusions, type HiddenExclusion } from './hidden-exclusions.ts';
import type { Language } from './language.ts';
import type { Lexicon } from './lexicon.ts';
import { nameFeatures, normaliseText } from './name-features.ts';
import { parseDefinition, predicatesOf } from './parse-definition.ts';
import {
  createPairCounter,
  findOverlaps,
  jaccard,
  overlap,
  telltaleCustomers,
  type PairPopulation,
  type Populations,
} from './populations.ts';
import { comparePredicates, type DefinitionRelation, type Predicate } from './predicate.ts';
import { reasonOf, wordsOfTag } from './similar-tags.ts';
import { createSimilarity, type ExtraRankings, type Likeness } from './similarity.ts';
import { areOpposed, slotsOf } from './slots.ts';

/** A tag of the dictionary, or one that only a source knows (`isDefined` false). */
export interface InventoryTag {
  readonly id: number;
  readonly name: LocalizedText;
  readonly definition: LocalizedText;
  readonly criteria: Condition | null;
  /** Empty: every department. */
  readonly departmentCodes: readonly string[];
  readonly isDefined: boolean;
}

/** What is known about a dictionary. */
export interface Inventory {
  readonly tags: readonly InventoryTag[];
  /** null: nothing was counted yet, so nothing is said about customers. */
  readonly populations: Populations | null;
  /** Pairs of positions that need no word: already related, ruled on, or exclusive. Order does not matter. */
  readonly settled: ReadonlySet<string>;
}

/** The key of a pair in `Inventory.settled`, whichever comes first. */
export function pairKey(left: number, right: number): string {
  return left < right ? `${left}/${right}` : `${right}/${left}`;
}

export interface SuggestOptions {
  readonly language: Language;
  readonly lexicon: Lexicon;
  readonly extra?: ExtraRankings;
}

/** Similar tags looked at for each tag. */
const partnersMax = 5;
/** Fused score under which a similar name is not worth a person's time. */
const synonymScoreMin = 0.2;
/** What the best score of another name comes to before definitions speak: only one name in two writings is certain. */
const otherNameShare = 0.8;
/** Overlap of two synonyms' customers under which they are taken to be used for different things. */
const sameUseMin = 0.3;
const nearSameNameMin = 0.9;
/** No queue is longer; what is left out comes when those before it are decided. */
const candidatesOfKindMax = 5_000;

/** Everything about a dictionary that a person should decide on, each kind from the most to the least pressing. */
export function suggest(inventory: Inventory, options: SuggestOptions): readonly Candidate[] {
  const { populations } = inventory;
  const named = suggestByName(inventory, options);
  const counted = populations === null ? [] : suggestByPopulation(inventory, populations);
  const all = [...named, ...counted].sort(
    (a, b) => b.score - a.score || a.firstTagId - b.firstTagId || a.secondTagId - b.secondTagId,
  );
  return candidateKinds.flatMap((kind) =>
    all.filter((candidate) => candidate.kind === kind).slice(0, candidatesOfKindMax),
  );
}

interface Pair {
  readonly first: number;
  readonly second: number;
  readonly likeness: Likeness;
  readonly score: number;
}

function suggestByName(inventory: Inventory, options: SuggestOptions): readonly Candidate[] {
  const similarity = createSimilarity(inventory.tags.map(wordsOfTag), options);
  const pairs = new Map<string, Pair>();
  for (let index = 0; index < inventory.tags.length; index += 1) {
    for (const likeness of similarity.likeTag(index, partnersMax)) {
      if (likeness.score < synonymScoreMin || reasonOf(likeness) === null) continue;
      const key = pairKey(index, likeness.index);
      if (inventory.settled.has(key)) continue;
      const known = pairs.get(key);
      const [first, second] = [Math.min(index, likeness.index), Math.max(index, likeness.index)];
      const score = known === undefined ? likeness.score : (known.score + likeness.score) / 2;
      pairs.set(key, { first, second, likeness, score });
    }
  }
  const describe = createDescriber(inventory, options);
  return [...pairs.values()].flatMap((pair) => {
    const candidate = describe(pair);
    return candidate === null ? [] : [candidate];
  });
}

/** Puts a pair of similar names into the queue it belongs to. */
function createDescriber(
  inventory: Inventory,
  { language, lexicon }: SuggestOptions,
): (pair: Pair) => Candidate | null {
  const { tags, populations } = inventory;
  const predicates = tags.map((tag) => predicatesOfTag(tag, language));
  const partsOf = createPartsReader(language);
  const bothOf = populations === null ? null : createPairCounter(populations);
  return ({ first, second, likeness, score }) => {
    const [left, right] = [tags[first], tags[second]];
    const why = reasonOf(likeness);
    if (left === undefined || right === undefined || why === null) return null;
    const relation = comparePredicates(predicates[first] ?? [], predicates[second] ?? []);
    const met = bothOf?.(first, second) ?? null;
    const reasons: CandidateReason[] = [
      { kind: 'likeness', why },
      ...(relation === 'unknown' ? [] : [{ kind: 'definitions', relation } as const]),
      ...(met === null ? [] : [populationReason(met)]),
    ];
    const ids = { firstTagId: left.id, secondTagId: right.id };
    const opposed = opposedIn(left, right, { partsOf, lexicon });
    if (opposed !== null) return { kind: 'sibling', ...ids, score, reasons: [opposed, ...reasons] };
    const isOneName = likeness.isSameName || (likeness.grounds.characters ?? 0) >= nearSameNameMin;
    const apart = departmentsReason(left, right);
    const isUsedApart =
      met !== null &&
      Math.min(met.ofFirst, met.ofSecond) >= telltaleCustomers &&
      overlap(met) < sameUseMin;
    if (apart !== null && isOneName && (relation === 'contradicting' || isUsedApart)) {
      return { kind: 'ambiguity', ...ids, score, reasons: [apart, ...reasons] };
    }
    const weight = relationWeights[relation];
    return {
      kind: 'synonym',
      ...ids,
      score: Math.min(1, (likeness.isSameName ? 1 : score * otherNameShare) * weight),
      reasons: apart === null ? reasons : [...reasons, apart],
    };
  };
}

/** How definitions that can be measured speak for two tags being the same. */
const relationWeights: Readonly<Record<DefinitionRelation, number>> = {
  equal: 1.25,
  unknown: 1,
  overlapping: 0.9,
  narrower: 0.8,
  wider: 0.8,
  unrelated: 0.7,
  contradicting: 0.3,
};

function predicatesOfTag(tag: InventoryTag, language: Language): readonly Predicate[] {
  if (tag.criteria !== null) {
    const structured = predicatesOf(tag.criteria);
    if (structured.length > 0) return structured;
  }
  const chinese = parseDefinition(normaliseText(tag.definition['zh-CN'], language));
  return chinese.length > 0 ? chinese : parseDefinition(normaliseText(tag.definition.en, language));
}

/** The words of names, each name taken apart once. */
function createPartsReader(language: Language): (name: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (name) => {
    const parts = known.get(name) ?? nameFeatures(name, language).parts;
    known.set(name, parts);
    return parts;
  };
}

function opposedIn(
  left: InventoryTag,
  right: InventoryTag,
  {
    partsOf,
    lexicon,
  }: { readonly partsOf: (name: string) => readonly string[]; readonly lexicon: Lexicon },
): CandidateReason | null {
  for (const locale of ['zh-CN', 'en'] as const) {
    const a = partsOf(left.name[locale]);
    const b = partsOf(right.name[locale]);
    const slots = slotsOf(a, b);
    if (slots === null) continue;
    const differ =
      areOpposed(slots.left, slots.right) || lexicon.areKnownToDiffer(slots.left, slots.right);
    if (differ)
      return { kind: 'opposed', left: slots.left, right: slots.right, shared: slots.head };
  }
  return null;
}

function departmentsReason(left: InventoryTag, right: InventoryTag): CandidateReason | null {
  const [first, second] = [left.departmentCodes.toSorted(), right.departmentCodes.toSorted()];
  if (first.join('\n') === second.join('\n')) return null;
  return { kind: 'departments', first, second };
}

function populationReason({ ofFirst, ofSecond, both }: PairPopulation): CandidateReason {
  return { kind: 'population', ofFirst, ofSecond, both };
}

function suggestByPopulation(inventory: Inventory, populations: Populations): readonly Candidate[] {
  const { tags, settled } = inventory;
  const isOpen = ({ first, second }: PairPopulation) => !settled.has(pairKey(first, second));
  const idOf = (position: number) => tags[position]?.id ?? 0;
  const { redundant, contained } = findOverlaps(populations);
  const exclusions = findHiddenExclusions(populations);
  const unused = tags.flatMap((tag, position): Candidate[] => {
    const customers = populations.ofTag[position] ?? 0;
    if (!tag.isDefined || customers > 0) return [];
    const reasons = [{ kind: 'unused', customers } as const];
    return [{ kind: 'zombie', firstTagId: tag.id, secondTagId: 0, score: 1, reasons }];
  });
  return [
    ...redundant.filter(isOpen).map(
      (pair): Candidate => ({
        kind: 'redundancy',
        ...orderedIds(idOf(pair.first), idOf(pair.second)),
        score: jaccard(pair),
        reasons: [populationReason(inIdOrder(pair, idOf))],
      }),
    ),
    ...contained.filter(isOpen).map(
      (pair): Candidate => ({
        kind: 'containment',
        firstTagId: idOf(pair.first),
        secondTagId: idOf(pair.second),
        score: pair.both / pair.ofFirst,
        reasons: [populationReason(pair)],
      }),
    ),
    ...exclusions.filter(isOpen).map((pair) => exclusionCandidate(pair, idOf)),
    ...unused,
  ];
}

function exclusionCandidate(pair: HiddenExclusion, idOf: (position: number) => number): Candidate {
  const { expected, both, pValue } = pair;
  return {
    kind: 'exclusion',
    ...orderedIds(idOf(pair.first), idOf(pair.second)),
    // Few in common counts, and so does how many there should have been: a thousand come to the whole.
    score: (1 - both / expected) * Math.min(1, Math.log10(expected) / 3),
    reasons: [
      { kind: 'chance', expected: Math.round(expected), both, pValue },
      populationReason(inIdOrder(pair, idOf)),
    ],
  };
}

function orderedIds(a: number, b: number): Pick<Candidate, 'firstTagId' | 'secondTagId'> {
  return { firstTagId: Math.min(a, b), secondTagId: Math.max(a, b) };
}

function inIdOrder(pair: PairPopulation, idOf: (position: number) => number): PairPopulation {
  if (idOf(pair.first) < idOf(pair.second)) return pair;
  const { first, second, ofFirst, ofSecond, both } = pair;
  return { first: second, second: first, ofFirst: ofSecond, ofSecond: ofFirst, both };
}
