import { afterTag, latestSince } from '../customer.ts';
import { tagIdsOf, type Dictionary } from '../dictionary.ts';
import { TagTable } from '../detect/tag-table.ts';
import type { StaleRule } from '../rule.ts';
import type { Tag } from '../tag.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

const daySeconds = 86_400;

/**
 * A tag that nobody has confirmed for as long as it allows. Putting it on again is confirming it.
 *
 * Parameters: `tagCodes` (@default [] every tag that must be confirmed). The period is the tag's own
 * `confirmEveryDays`, in days of 86,400 seconds.
 *
 * Findings: from the second since + confirmEveryDays × 86,400 on. Where two sources report it, the latest since
 * counts: either may confirm. An unknown since is never stale; one in the future is not stale.
 * First tag: the stale one. Second tag: 0.
 *
 * Cost: one look at each tag of customers that carry one to be confirmed.
 *
 * Resolutions: remove. Confirming is done in the source, or as an exception until a date.
 */
export const stale: RuleKindModule<StaleRule> = {
  kind: 'stale',
  compile(rule, dictionary) {
    const tags = limitedTags(rule, dictionary);
    const periodSeconds = new TagTable(
      tags.map((tag) => [tag.id, (tag.confirmEveryDays ?? Number.NaN) * daySeconds]),
      Number.NaN,
    );
    return {
      ruleId: rule.id,
      trigger: { kind: 'tags', tagIds: tags.map((tag) => tag.id), atLeast: 1 },
      check(customer, nowSeconds, report) {
        let dueSeconds = Number.POSITIVE_INFINITY;
        let position = 0;
        while (position < customer.count) {
          const next = afterTag(customer, position);
          const tagId = customer.tagIds[position] ?? 0;
          const endSeconds = latestSince(customer, position, next) + periodSeconds.get(tagId);
          if (nowSeconds >= endSeconds) report(rule.id, tagId, 0);
          else if (endSeconds < dueSeconds) dueSeconds = endSeconds;
          position = next;
        }
        return dueSeconds;
      },
    };
  },
  resolutions: () => ['remove'],
  change: (_rule, finding, resolution, customer) =>
    resolution === 'remove' ? changeOf(customer, { remove: [finding.firstTagId] }) : noChange,
};

function limitedTags(rule: StaleRule, dictionary: Dictionary): readonly Tag[] {
  const chosen = new Set(tagIdsOf(dictionary, rule.tagCodes));
  return dictionary.tags.filter(
    (tag) => tag.confirmEveryDays !== null && (rule.tagCodes.length === 0 || chosen.has(tag.id)),
  );
}
