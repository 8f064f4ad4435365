import { hasTag } from '../customer.ts';
import { tagIdOf, tagIdsOf } from '../dictionary.ts';
import type { SynonymRule } from '../rule.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * Tags known to mean the same on one customer. A synonym alone is no finding: it says what it should.
 *
 * Parameters: `canonicalCode`, `synonymCodes` (one or more).
 *
 * Findings: each tag of the set that is not the one to stay, against the one to stay: the canonical tag where
 * the customer carries it, otherwise the earliest listed synonym. First tag: the synonym, which should go.
 * Second tag: the canonical one, or that earliest listed synonym. n tags of a set make n − 1 findings.
 *
 * Cost: one count for each of its tags; it looks closer only where two of them are present.
 *
 * Resolutions: replace, which leaves the canonical tag alone of the whole set (recommended); keep the first;
 * where the second is not canonical, keep the second.
 */
export const synonym: RuleKindModule<SynonymRule> = {
  kind: 'synonym',
  compile(rule, dictionary) {
    const tagIds = tagIdsOf(dictionary, [rule.canonicalCode, ...rule.synonymCodes]);
    return {
      ruleId: rule.id,
      trigger: { kind: 'tags', tagIds, atLeast: 2 },
      check(customer, _nowSeconds, report) {
        let stayingId = 0;
        for (let rank = 0; rank < tagIds.length; rank += 1) {
          const tagId = tagIds[rank] ?? 0;
          if (!hasTag(customer, tagId)) continue;
          if (stayingId === 0) stayingId = tagId;
          else report(rule.id, tagId, stayingId);
        }
        return Number.POSITIVE_INFINITY;
      },
    };
  },
  resolutions(rule, finding, dictionary) {
    return finding.secondTagId === tagIdOf(dictionary, rule.canonicalCode)
      ? ['replace', 'keep-first']
      : ['replace', 'keep-second', 'keep-first'];
  },
  change(rule, finding, resolution, customer, dictionary) {
    if (resolution === 'keep-first') return changeOf(customer, { remove: [finding.secondTagId] });
    if (resolution === 'keep-second') return changeOf(customer, { remove: [finding.firstTagId] });
    if (resolution !== 'replace') return noChange;
    const canonicalId = tagIdOf(dictionary, rule.canonicalCode);
    const synonymIds = tagIdsOf(dictionary, rule.synonymCodes).filter((id) => id !== canonicalId);
    return changeOf(customer, { add: [canonicalId], remove: synonymIds });
  },
};
