import { hasTag } from '../customer.ts';
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
 * strongest, which is then recommended.
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
    return rule.tagCodes.length > 2
      ? ['keep-strongest', 'keep-second', 'keep-first']
      : ['keep-second', 'keep-first'];
  },
  change(rule, finding, resolution, customer, dictionary) {
    if (resolution === 'keep-second') return changeOf(customer, { remove: [finding.firstTagId] });
    if (resolution === 'keep-first') return changeOf(customer, { remove: [finding.secondTagId] });
    if (resolution !== 'keep-strongest') return noChange;
    const tagIds = strongestFirst(rule, dictionary);
    const allowed = allowedRanks(rule, dictionary, tagIds);
    const kept: number[] = [];
    const removed: number[] = [];
    for (const [rank, tagId] of tagIds.entries()) {
      if (!hasTag(customer, tagId)) continue;
      const mayStay = kept.every((strong) => allowed.has(strong * tagIds.length + rank));
      if (mayStay) kept.push(rank);
      else removed.push(tagId);
    }
    return changeOf(customer, { remove: removed });
  },
};

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
