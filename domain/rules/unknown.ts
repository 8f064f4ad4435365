import { afterTag } from '../customer.ts';
import { isKnown } from '../dictionary.ts';
import { TagTable } from '../detect/tag-table.ts';
import type { UnknownRule } from '../rule.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * A tag that the source has and the dictionary does not, or has only as a proposal nobody has decided.
 *
 * Parameters: none.
 *
 * Findings: one for each such tag of a customer. First tag: the unknown one (its owner, if it has none, is the
 * first data admin). Second tag: 0.
 *
 * Cost: one look at each tag of customers that carry an unknown one.
 *
 * Resolutions: remove. Taking the tag into the dictionary is a tag request.
 */
export const unknown: RuleKindModule<UnknownRule> = {
  kind: 'unknown',
  compile(rule, dictionary) {
    const known = new TagTable(
      dictionary.tags.filter(isKnown).map((tag) => [tag.id, 1]),
      0,
    );
    return {
      ruleId: rule.id,
      trigger: { kind: 'unknown-tags' },
      check(customer, _nowSeconds, report) {
        for (let position = 0; position < customer.count; position = afterTag(customer, position)) {
          const tagId = customer.tagIds[position] ?? 0;
          if (known.get(tagId) === 0) report(rule.id, tagId, 0);
        }
        return Number.POSITIVE_INFINITY;
      },
    };
  },
  resolutions: () => ['remove'],
  change: (_rule, finding, resolution, customer) =>
    resolution === 'remove' ? changeOf(customer, { remove: [finding.firstTagId] }) : noChange,
};
