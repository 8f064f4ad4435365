import { afterTag, earliestSince } from '../customer.ts';
import { tagIdOf, tagIdsOf, type Dictionary } from '../dictionary.ts';
import { TagTable } from '../detect/tag-table.ts';
import type { TimeToLiveRule } from '../rule.ts';
import type { Tag } from '../tag.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

const daySeconds = 86_400;

/**
 * A tag that has outlived its `lifeDays`: a new customer is not new for ever.
 *
 * Parameters: `tagCodes` (@default [] every tag with a life). The life is the tag's own `lifeDays`, in days of
 * 86,400 seconds.
 *
 * Findings: a tag is due exactly at its since + lifeDays × 86,400 and found from that second on. Where two
 * sources report it, the earliest since counts: handing a tag on does not make it young. An unknown since
 * never expires; one in the future is not expired. First tag: the expired one. Second tag: its successor, or 0.
 *
 * Cost: one look at each tag of customers that carry one with a life.
 *
 * Resolutions: replace by the successor where there is one (recommended), remove.
 */
export const timeToLive: RuleKindModule<TimeToLiveRule> = {
  kind: 'time-to-live',
  compile(rule, dictionary) {
    const tags = limitedTags(rule, dictionary);
    const lifeSeconds = new TagTable(
      tags.map((tag) => [tag.id, (tag.lifeDays ?? Number.NaN) * daySeconds]),
      Number.NaN,
    );
    const successors = new TagTable(
      tags.map((tag) => [tag.id, tagIdOf(dictionary, tag.successorCode)]),
      0,
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
          const endSeconds = earliestSince(customer, position, next) + lifeSeconds.get(tagId);
          if (nowSeconds >= endSeconds) report(rule.id, tagId, successors.get(tagId));
          else if (endSeconds < dueSeconds) dueSeconds = endSeconds;
          position = next;
        }
        return dueSeconds;
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

function limitedTags(rule: TimeToLiveRule, dictionary: Dictionary): readonly Tag[] {
  const chosen = new Set(tagIdsOf(dictionary, rule.tagCodes));
  return dictionary.tags.filter(
    (tag) => tag.lifeDays !== null && (rule.tagCodes.length === 0 || chosen.has(tag.id)),
  );
}
