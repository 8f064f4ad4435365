import { afterTag, hasTag, latestSince, type CustomerTags } from '../customer.ts';
import { compareNumbers } from '../compare-numbers.ts';
import { tagIdOf, tagIdsOf, type Dictionary } from '../dictionary.ts';
import type { ExclusiveRule } from '../rule.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * At most one tag of a group on one customer, whichever sources report them.
 *
 * Parameters: `tagCodes` (two or more), `precedence` (strongest first; tags it leaves out come after it, in
 * the order of `tagCodes`; @default []), `allowedPairs` (may stand together, in either order; @default []).
 *
 * Findings: each pair that may not stand together, once. First tag: the weaker one, which should go.
 * Second tag: the stronger one. Three tags of a group make three findings.
 *
 * Cost: one count for each tag of the group; pairs are looked at only where two are present.
 *
 * Resolutions: keep the stronger, keep the weaker; for groups of more than two also keep each customer's
 * strongest, which is then recommended. Without a precedence, keep each customer's latest is (an unknown since is
 * the earliest).
 */
export const exclusive: RuleKindModule<ExclusiveRule> = {
  kind: 'exclusive',
  compile(rule, dictionary) {
    const tagIds = strongestFirst(rule, dictionary);
    const size = tagIds.length;
    const allowed = allowedRanks(rule, dictionary, tagIds);
    return {
      ruleId: rule.id,
      trigger: { kind: 'tags', tagIds, atLeast: 2 },
      check(customer, _nowSeconds, report) {
        for (let strong = 0; strong < size; strong += 1) {
          const strongId = tagIds[strong] ?? 0;
          if (!hasTag(customer, strongId)) continue;
          for (let weak = strong + 1; weak < size; weak += 1) {
            const weakId = tagIds[weak] ?? 0;
            if (hasTag(customer, weakId) && !allowed.has(strong * size + weak)) {
              report(rule.id, weakId, strongId);
            }
          }
        }
        return Number.POSITIVE_INFINITY;
      },
    };
  },
  resolutions(rule) {
    // Without a precedence nothing but time speaks for one of the tags.
    if (rule.precedence.length === 0) return ['keep-latest', 'keep-second', 'keep-first'];
    return rule.tagCodes.length > 2
      ? ['keep-strongest', 'keep-second', 'keep-first']
      : ['keep-second', 'keep-first'];
  },
  change(rule, finding, resolution, customer, dictionary) {
    if (resolution === 'keep-second') return changeOf(customer, { remove: [finding.firstTagId] });
    if (resolution === 'keep-first') return changeOf(customer, { remove: [finding.secondTagId] });
    if (resolution !== 'keep-strongest' && resolution !== 'keep-latest') return noChange;
    const tagIds = strongestFirst(rule, dictionary);
    const allowed = allowedRanks(rule, dictionary, tagIds);
    const present = [...tagIds.keys()].filter((rank) => hasTag(customer, tagIds[rank] ?? 0));
    const since = (rank: number) => sinceOf(customer, tagIds[rank] ?? 0);
    const bestFirst =
      resolution === 'keep-strongest'
        ? present
        : present.sort((left, right) => compareNumbers(since(right), since(left)));
    const kept: number[] = [];
    const removed: number[] = [];
    for (const rank of bestFirst) {
      const mayStay = kept.every((other) =>
        allowed.has(Math.min(rank, other) * tagIds.length + Math.max(rank, other)),
      );
      if (mayStay) kept.push(rank);
      else removed.push(tagIds[rank] ?? 0);
    }
    return changeOf(customer, { remove: removed });
  },
};

/** When a tag was last put on; before all else where no source says. */
function sinceOf(customer: CustomerTags, tagId: number): number {
  let position = 0;
  while (position < customer.count) {
    const next = afterTag(customer, position);
    if (customer.tagIds[position] === tagId) {
      const since = latestSince(customer, position, next);
      return Number.isNaN(since) ? Number.NEGATIVE_INFINITY : since;
    }
    position = next;
  }
  return Number.NEGATIVE_INFINITY;
}

function strongestFirst(rule: ExclusiveRule, dictionary: Dictionary): readonly number[] {
  const members = new Set(rule.tagCodes);
  const ranked = rule.precedence.filter((code) => members.has(code));
  return tagIdsOf(dictionary, [...ranked, ...rule.tagCodes]);
}

/** Pairs of ranks that may stand together, as stronger rank × size + weaker rank. */
function allowedRanks(
  rule: ExclusiveRule,
  dictionary: Dictionary,
  tagIds: readonly number[],
): ReadonlySet<number> {
  return new Set(
    rule.allowedPairs.map(([left, right]) => {
      const leftRank = tagIds.indexOf(tagIdOf(dictionary, left));
      const rightRank = tagIds.indexOf(tagIdOf(dictionary, right));
      return leftRank < 0 || rightRank < 0
        ? -1
        : Math.min(leftRank, rightRank) * tagIds.length + Math.max(leftRank, rightRank);
    }),
  );
}
