import type { Condition } from '../condition.ts';
import type { LocalizedText } from '../locale.ts';
import type { OwnerFault } from '../owner-fault.ts';
import { candidateKinds, type Candidate, type CandidateReason } from './candidate.ts';
import {
  expectedMin,
  findHiddenExclusions,
  hypergeometricLowerTail,
  metShareMax,
  type HiddenExclusion,
} from './hidden-exclusions.ts';
import { createRememberingLanguage, type Language } from './language.ts';
import type { Lexicon } from './lexicon.ts';
import { normaliseText, wordsOf } from './name-features.ts';
import { createOpposition } from './opposition.ts';
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
import { opposition, reasonOf, wordsOfTag } from './similar-tags.ts';
import { createSimilarity, type ExtraRankings, type Likeness } from './similarity.ts';
import { slotsOf } from './slots.ts';

/** A tag of the dictionary, or one that only a source knows (`isDefined` false). */
export interface InventoryTag {
  readonly id: number;
  readonly name: LocalizedText;
  readonly definition: LocalizedText;
  readonly criteria: Condition | null;
  /** Empty: every department. */
  readonly departmentCodes: readonly string[];
  readonly isDefined: boolean;
  /** Not so are tags that were deprecated, as those that were merged are: they are on their way out. */
  readonly isInUse: boolean;
  /** Why nobody answers for it; null: somebody does, or it is not in the dictionary. */
  readonly ownerFault: OwnerFault | null;
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
/** A tag of ten million customers is as pressing as can be. */
const fullScoreDigits = 7;
/** No queue is longer; what is left out comes when those before it are decided. */
const candidatesOfKindMax = 5_000;

/** Everything about a dictionary that a person should decide on, each kind from the most to the least pressing. */
export function suggest(inventory: Inventory, options: SuggestOptions): readonly Candidate[] {
  const { populations } = inventory;
  const language = createRememberingLanguage(options.language);
  const named = suggestByName(inventory, { ...options, language });
  const counted = populations === null ? [] : suggestByPopulation(inventory, populations);
  const all = [...named, ...counted, ...suggestByTag(inventory)].sort(
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
  const oppose = createOpposition({ language, lexicon });
  const readWords = (name: string) => wordsOf(normaliseText(name, language), language);
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
    const opposed = opposition(left, right, oppose);
    if (opposed !== null) {
      const told = [{ kind: 'opposed', ...opposed } as const, ...reasons];
      return { kind: 'sibling', ...ids, score, reasons: told };
    }
    const chance = met === null ? null : apartReason(met, populations?.customers ?? 0);
    const isOther = chance !== null && !likeness.isSameName && relation !== 'equal';
    if (isOther && shareName(left, right, readWords)) {
      return { kind: 'sibling', ...ids, score, reasons: [chance, ...reasons] };
    }
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

/** Chance from which two tags of one name are taken to keep apart. */
const apartPValueMax = 1e-4;

/** Two tags that hardly anybody has both of, though chance would have many: who puts one on knows the other. */
function apartReason(met: PairPopulation, customers: number): CandidateReason | null {
  const { ofFirst, ofSecond, both } = met;
  const expected = customers === 0 ? 0 : (ofFirst * ofSecond) / customers;
  if (expected < expectedMin || both > metShareMax * expected) return null;
  const pValue = hypergeometricLowerTail({ customers, ofFirst, ofSecond, both });
  return pValue <= apartPValueMax
    ? { kind: 'chance', expected: Math.round(expected), both, pValue }
    : null;
}

/** Whether both names have a word in common, and each another one in its place: 节日活动 and 会员活动. */
function shareName(
  left: InventoryTag,
  right: InventoryTag,
  readWords: (name: string) => readonly string[],
): boolean {
  return (['zh-CN', 'en'] as const).some((locale) => {
    const slots = slotsOf(readWords(left.name[locale]), readWords(right.name[locale]));
    return slots !== null && slots.left !== '' && slots.right !== '';
  });
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

/** Tags that the dictionary lacks and those that nobody answers for, the more customers carry them the sooner. */
function suggestByTag({ tags, populations }: Inventory): readonly Candidate[] {
  return tags.flatMap((tag, position): Candidate[] => {
    const customers = populations?.ofTag[position] ?? null;
    const score = customers === null ? 0 : Math.min(1, Math.log10(1 + customers) / fullScoreDigits);
    const carried = customers === null ? [] : [{ kind: 'carried', customers } as const];
    const about = { firstTagId: tag.id, secondTagId: 0, score };
    if (!tag.isDefined) return [{ kind: 'undefined', ...about, reasons: carried }];
    if (tag.ownerFault === null) return [];
    const reasons = [{ kind: 'owner', fault: tag.ownerFault } as const, ...carried];
    return [{ kind: 'unowned', ...about, reasons }];
  });
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
