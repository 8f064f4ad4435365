import { hasTag } from '../customer.ts';
import { tagIdOf, tagIdsOf } from '../dictionary.ts';
import type { DominanceRule } from '../rule.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * Where the dominant tag is present, each dominated one must go: a blacklisted customer is no high-value one.
 *
 * Parameters: `dominantCode`, `dominatedCodes` (one or more).
 *
 * Findings: one for each dominated tag next to the dominant one. First tag: the dominated one, which should go.
 * Second tag: the dominant one.
 *
 * Cost: one count for each of its tags; it looks closer only where two of them are present.
 *
 * Resolutions: keep the dominant tag (recommended), keep the dominated one.
 */
export const dominance: RuleKindModule<DominanceRule> = {
  kind: 'dominance',
  compile(rule, dictionary) {
    const dominantId = tagIdOf(dictionary, rule.dominantCode);
    const dominatedIds = tagIdsOf(dictionary, rule.dominatedCodes).filter(
      (id) => id !== dominantId,
    );
    return {
      ruleId: rule.id,
      trigger: {
        kind: 'tags',
        tagIds: dominantId === 0 ? [] : [dominantId, ...dominatedIds],
        atLeast: 2,
      },
      check(customer, _nowSeconds, report) {
        if (!hasTag(customer, dominantId)) return Number.POSITIVE_INFINITY;
        for (let index = 0; index < dominatedIds.length; index += 1) {
          const dominatedId = dominatedIds[index] ?? 0;
          if (hasTag(customer, dominatedId)) report(rule.id, dominatedId, dominantId);
        }
        return Number.POSITIVE_INFINITY;
      },
    };
  },
  resolutions: () => ['keep-second', 'keep-first'],
  change(_rule, finding, resolution, customer) {
    if (resolution === 'keep-second') return changeOf(customer, { remove: [finding.firstTagId] });
    if (resolution === 'keep-first') return changeOf(customer, { remove: [finding.secondTagId] });
    return noChange;
  },
};
