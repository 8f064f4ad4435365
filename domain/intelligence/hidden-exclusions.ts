import { compareNumbers } from '../compare-numbers.ts';
import { pairOffsets, type PairPopulation, type Populations } from './populations.ts';

/** Two tags that hardly ever meet although chance would have them meet often. */
export interface HiddenExclusion extends PairPopulation {
  /** Customers who would carry both if the tags had nothing to do with each other. */
  readonly expected: number;
  /** Chance of so few or fewer in common under independence; hypergeometric lower tail. */
  readonly pValue: number;
}

/** A pair that should meet less often than this says nothing. */
export const expectedMin = 10;
/** Part of the expected customers up to which a pair "hardly ever" meets. */
export const metShareMax = 0.1;
/** Part of the proposed pairs that may be chance (false discovery rate). */
export const falseDiscoveryRate = 0.01;

/**
 * Tests every pair that should meet `expectedMin` times or more against chance: given how many customers carry each
 * tag, the number who carry both is hypergeometric if they are independent. Corrected for the number of pairs tested
 * (Benjamini and Hochberg 1995); pairs that meet more often than `metShareMax` count as tested and not as found, which
 * only makes it stricter. Most telling first. Cost: pairs of tags that are frequent enough.
 */
export function findHiddenExclusions(populations: Populations): readonly HiddenExclusion[] {
  const { customers, ofTag, pairs } = populations;
  if (customers === 0) return [];
  const frequent = frequentTags(populations);
  const offsets = pairOffsets(populations);
  const met = new Int32Array(ofTag.length);
  let tested = 0;
  const suspects: HiddenExclusion[] = [];
  for (const [position, first] of frequent.entries()) {
    const ofFirst = ofTag[first] ?? 0;
    met.fill(0);
    for (let at = offsets[first] ?? 0; at < (offsets[first + 1] ?? 0); at += 1) {
      met[pairs.second[at] ?? 0] = pairs.both[at] ?? 0;
    }
    for (let next = position + 1; next < frequent.length; next += 1) {
      const second = frequent[next] ?? 0;
      const ofSecond = ofTag[second] ?? 0;
      const expected = (ofFirst * ofSecond) / customers;
      if (expected < expectedMin) continue;
      tested += 1;
      const both = met[second] ?? 0;
      if (both > metShareMax * expected) continue;
      const pValue = hypergeometricLowerTail({ customers, ofFirst, ofSecond, both });
      suspects.push({ first, second, ofFirst, ofSecond, both, expected, pValue });
    }
  }
  return benjaminiHochberg(suspects, tested);
}

/** Those not too rare to meet even the most frequent one. */
function frequentTags({ customers, ofTag }: Populations): readonly number[] {
  let most = 0;
  for (let tag = 0; tag < ofTag.length; tag += 1) most = Math.max(most, ofTag[tag] ?? 0);
  return Array.from(ofTag, (_, tag) => tag).filter(
    (tag) => ((ofTag[tag] ?? 0) * most) / customers >= expectedMin,
  );
}

/** Keeps those with p ≤ rank / tested × rate up to the last rank that holds. */
function benjaminiHochberg(
  suspects: readonly HiddenExclusion[],
  tested: number,
): readonly HiddenExclusion[] {
  const ordered = suspects.toSorted(
    (a, b) => compareNumbers(a.pValue, b.pValue) || compareNumbers(b.expected, a.expected),
  );
  let found = 0;
  for (const [index, { pValue }] of ordered.entries()) {
    if (pValue <= ((index + 1) / tested) * falseDiscoveryRate) found = index + 1;
  }
  return ordered.slice(0, found);
}

/** P(X ≤ both) where `ofSecond` customers are drawn out of `customers` and `ofFirst` of them carry the first tag. */
export function hypergeometricLowerTail(pair: {
  readonly customers: number;
  readonly ofFirst: number;
  readonly ofSecond: number;
  readonly both: number;
}): number {
  const { customers, ofFirst, ofSecond, both } = pair;
  const fewest = Math.max(0, ofFirst + ofSecond - customers);
  if (both < fewest) return 0;
  const all = logChoose(customers, ofSecond);
  let sum = 0;
  // From the largest term down: below the expected number the terms fall quickly.
  for (let met = both; met >= fewest; met -= 1) {
    const term = Math.exp(
      logChoose(ofFirst, met) + logChoose(customers - ofFirst, ofSecond - met) - all,
    );
    sum += term;
    if (term <= sum * Number.EPSILON) break;
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const exactFactorials = 32;
const smallLogFactorials: readonly number[] = (() => {
  const logs = [0];
  for (let n = 1; n < exactFactorials; n += 1) logs.push((logs[n - 1] ?? 0) + Math.log(n));
  return logs;
})();

/** Exact for small numbers, Stirling's series beyond (error under 1e-12). */
function logFactorial(n: number): number {
  if (n < exactFactorials) return smallLogFactorials[n] ?? 0;
  const x = n + 1;
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  );
}
