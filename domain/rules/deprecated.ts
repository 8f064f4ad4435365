import { hasTag } from '../customer.ts';
import { tagIdOf } from '../dictionary.ts';
import type { DeprecatedRule } from '../rule.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * A tag that is deprecated or archived and still on a customer.
 *
 * Parameters: none; the tag's own status and successor.
 *
 * Findings: one for each such tag of a customer. First tag: that tag. Second tag: its successor, or 0.
 *
 * Cost: one look at each deprecated or archived tag, only for customers that carry one.
 *
 * Resolutions: replace by the successor where there is one (recommended), remove.
 */
export const deprecated: RuleKindModule<DeprecatedRule> = {
  kind: 'deprecated',
  compile(rule, dictionary) {
    const tags = dictionary.tags.filter(
      (tag) => tag.status === 'deprecated' || tag.status === 'archived',
    );
    const tagIds = tags.map((tag) => tag.id);
    const successorIds = tags.map((tag) => tagIdOf(dictionary, tag.successorCode));
    return {
      ruleId: rule.id,
      trigger: { kind: 'tags', tagIds, atLeast: 1 },
      check(customer, _nowSeconds, report) {
        for (let index = 0; index < tagIds.length; index += 1) {
          const tagId = tagIds[index] ?? 0;
          if (hasTag(customer, tagId)) report(rule.id, tagId, successorIds[index] ?? 0);
        }
        return Number.POSITIVE_INFINITY;
      },
    };
  },
  resolutions: (_rule, finding) => (finding.secondTagId === 0 ? ['remove'] : ['replace', 'remove']),
  change(_rule, finding, resolution, customer) {
    if (resolution === 'remove') return changeOf(customer, { remove: [finding.firstTagId] });
    if (resolution !== 'replace') return noChange;
    return changeOf(customer, { add: [finding.secondTagId], remove: [finding.firstTagId] });
  },
};
