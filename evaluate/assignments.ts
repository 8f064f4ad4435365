import { findHiddenExclusions } from '../domain/intelligence/hidden-exclusions.ts';
import { findOverlaps, jaccard, type Populations } from '../domain/intelligence/populations.ts';
import { readRows } from './labelled-pairs.ts';

/** What is on which items, counted. */
export interface CountedAssignments {
  /** In the order in which they first appear. */
  readonly tags: readonly string[];
  readonly populations: Populations;
}

/** Counts `item,tag` rows; a repeated row counts once. Every pair of tags on an item costs one step. */
export function countAssignments(text: string): CountedAssignments {
  const positions = new Map<string, number>();
  const items = new Map<string, Set<number>>();
  for (const [item = '', tag = ''] of readRows(text, ['item', 'tag'])) {
    if (item === '' || tag === '') continue;
    const position = positions.get(tag) ?? positions.size;
    positions.set(tag, position);
    const carried = items.get(item) ?? new Set();
    items.set(item, carried.add(position));
  }
  const ofTag = new Int32Array(positions.size);
  const both = new Map<number, number>();
  for (const carried of items.values()) {
    const ordered = Int32Array.from(carried).sort();
    for (const [at, first] of ordered.entries()) {
      ofTag[first] = (ofTag[first] ?? 0) + 1;
      for (const second of ordered.subarray(at + 1)) {
        const key = first * positions.size + second;
        both.set(key, (both.get(key) ?? 0) + 1);
      }
    }
  }
  const keys = Float64Array.from(both.keys()).sort();
  return {
    tags: [...positions.keys()],
    populations: {
      customers: items.size,
      ofTag,
      pairs: {
        first: Int32Array.from(keys, (key) => Math.floor(key / positions.size)),
        second: Int32Array.from(keys, (key) => key % positions.size),
        both: Int32Array.from(keys, (key) => both.get(key) ?? 0),
      },
    },
  };
}

interface FoundPair {
  readonly first: string;
  readonly second: string;
  readonly ofFirst: number;
  readonly ofSecond: number;
  readonly both: number;
}

export interface ExclusionEvaluation {
  readonly items: number;
  readonly tags: number;
  readonly pairs: readonly (FoundPair & { readonly expected: number; readonly pValue: number })[];
  readonly ms: number;
}

/** Pairs of tags that hardly ever meet although chance would have them meet often. */
export function evaluateExclusions({ tags, populations }: CountedAssignments): ExclusionEvaluation {
  const startedAtMs = performance.now();
  const found = findHiddenExclusions(populations);
  return {
    items: populations.customers,
    tags: tags.length,
    pairs: found.map((pair) => ({
      ...pair,
      first: tags[pair.first] ?? '',
      second: tags[pair.second] ?? '',
      expected: Number(pair.expected.toFixed(1)),
    })),
    ms: Math.round(performance.now() - startedAtMs),
  };
}

export interface ContainmentEvaluation {
  readonly items: number;
  readonly tags: number;
  /** Pairs on nearly the same items. */
  readonly redundant: readonly (FoundPair & { readonly jaccard: number })[];
  /** Pairs of which the first lies within the second. */
  readonly contained: readonly (FoundPair & { readonly share: number })[];
  readonly ms: number;
}

/** Pairs of tags on nearly the same items, and pairs of which one lies within the other. */
export function evaluateContainment({
  tags,
  populations,
}: CountedAssignments): ContainmentEvaluation {
  const startedAtMs = performance.now();
  const { redundant, contained } = findOverlaps(populations);
  const named = <T extends { readonly first: number; readonly second: number }>(pair: T) => ({
    ...pair,
    first: tags[pair.first] ?? '',
    second: tags[pair.second] ?? '',
  });
  return {
    items: populations.customers,
    tags: tags.length,
    redundant: redundant.map((pair) => ({
      ...named(pair),
      jaccard: Number(jaccard(pair).toFixed(3)),
    })),
    contained: contained.map((pair) => ({
      ...named(pair),
      share: Number((pair.both / pair.ofFirst).toFixed(3)),
    })),
    ms: Math.round(performance.now() - startedAtMs),
  };
}
