/** How many customers carry tags and pairs of tags. Positions are those of the tags in the inventory. */
export interface Populations {
  /** All customers, with and without tags. */
  readonly customers: number;
  /** By position. */
  readonly ofTag: ArrayLike<number>;
  /** Every pair that occurs, once, in parallel lists ascending by first (the smaller), then second. */
  readonly pairs: {
    readonly first: ArrayLike<number>;
    readonly second: ArrayLike<number>;
    readonly both: ArrayLike<number>;
  };
}

/** Two tags and how many customers carry each and both. */
export interface PairPopulation {
  readonly first: number;
  readonly second: number;
  readonly ofFirst: number;
  readonly ofSecond: number;
  readonly both: number;
}

/** Where the pairs of each first tag begin; one entry more than there are tags. */
export function pairOffsets({ pairs, ofTag }: Populations): Int32Array {
  const offsets = new Int32Array(ofTag.length + 1);
  for (let at = 0; at < pairs.first.length; at += 1) {
    const next = (pairs.first[at] ?? 0) + 1;
    offsets[next] = (offsets[next] ?? 0) + 1;
  }
  for (let tag = 0; tag < ofTag.length; tag += 1) {
    offsets[tag + 1] = (offsets[tag + 1] ?? 0) + (offsets[tag] ?? 0);
  }
  return offsets;
}

/** Counts pairs by looking them up: preparing costs the pairs there are, a question their logarithm. */
export function createPairCounter(
  populations: Populations,
): (left: number, right: number) => PairPopulation {
  const { pairs, ofTag } = populations;
  const offsets = pairOffsets(populations);
  return (left, right) => {
    const [first, second] = [Math.min(left, right), Math.max(left, right)];
    let low = offsets[first] ?? 0;
    let high = offsets[first + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pairs.second[middle] ?? 0) < second) low = middle + 1;
      else high = middle;
    }
    const isMet = low < (offsets[first + 1] ?? 0) && pairs.second[low] === second;
    return {
      first,
      second,
      ofFirst: ofTag[first] ?? 0,
      ofSecond: ofTag[second] ?? 0,
      both: isMet ? (pairs.both[low] ?? 0) : 0,
    };
  };
}

/** A part of either that has the other: |A∩B| / |A∪B| (Jaccard 1901). */
export function jaccard({
  ofFirst,
  ofSecond,
  both,
}: Omit<PairPopulation, 'first' | 'second'>): number {
  const either = ofFirst + ofSecond - both;
  return either === 0 ? 0 : both / either;
}

/** The part of the smaller that has the other: |A∩B| / min(|A|, |B|). */
export function overlap({
  ofFirst,
  ofSecond,
  both,
}: Omit<PairPopulation, 'first' | 'second'>): number {
  const smaller = Math.min(ofFirst, ofSecond);
  return smaller === 0 ? 0 : both / smaller;
}

/** Customers under which populations say nothing. */
export const telltaleCustomers = 20;
/** Jaccard from which two tags are redundant. */
export const redundancyMin = 0.8;
/** Part of a tag's customers from which it lies within another. */
export const containmentMin = 0.95;
/** A tag that so great a part of all customers carries holds others within it by chance. */
const commonTagShareMax = 0.5;

/** Pairs that cover nearly the same customers, and pairs of which one lies within the other (`first` within `second`). */
export function findOverlaps(populations: Populations): {
  readonly redundant: readonly PairPopulation[];
  readonly contained: readonly PairPopulation[];
} {
  const { pairs, ofTag, customers } = populations;
  const redundant: PairPopulation[] = [];
  const contained: PairPopulation[] = [];
  for (let at = 0; at < pairs.both.length; at += 1) {
    const both = pairs.both[at] ?? 0;
    if (both < telltaleCustomers * containmentMin) continue;
    const [ofA, ofB] = [ofTag[pairs.first[at] ?? 0] ?? 0, ofTag[pairs.second[at] ?? 0] ?? 0];
    const [ofFirst, ofSecond] = [Math.min(ofA, ofB), Math.max(ofA, ofB)];
    // Redundant ones lie almost within each other, so neither kind has less in common.
    if (both < Math.min(redundancyMin, containmentMin) * ofFirst) continue;
    if (ofFirst < telltaleCustomers || ofSecond > commonTagShareMax * customers) continue;
    const [a, b] = [pairs.first[at] ?? 0, pairs.second[at] ?? 0];
    const [first, second] = ofA <= ofB ? [a, b] : [b, a];
    const pair = { first, second, both, ofFirst, ofSecond };
    if (jaccard(pair) >= redundancyMin) redundant.push(pair);
    else if (both >= containmentMin * pair.ofFirst) contained.push(pair);
  }
  return { redundant, contained };
}
