import { compareNumbers } from '../compare-numbers.ts';
import { afterTag, latestSince, type CustomerTags } from '../customer.ts';
import { tagIndex, type Dictionary } from '../dictionary.ts';
import { TagTable } from '../detect/tag-table.ts';
import type { OverloadRule } from '../rule.ts';
import type { TagLevel } from '../tag.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * More tags on one customer than anybody can use.
 *
 * Parameters: `tagsMax` (different tags, unknown ones included; null: no limit), `temporaryTagsMax` (different
 * tags of level temporary; null: no limit). Exactly the limit is fine.
 *
 * Findings: one for a customer, whichever limit is passed. First and second tag: 0.
 *
 * Cost: one comparison for customers under the limits, one look at each tag for the others.
 *
 * Resolutions: remove the weakest: as many as the limits ask for, temporary tags first, then those the
 * dictionary does not know, sub tags, main tags; among equals the longest unconfirmed, an unknown since first.
 */
export const overload: RuleKindModule<OverloadRule> = {
  kind: 'overload',
  compile(rule, dictionary) {
    const tagsMax = rule.tagsMax ?? Number.POSITIVE_INFINITY;
    const temporaryTagsMax = rule.temporaryTagsMax ?? Number.POSITIVE_INFINITY;
    const smallestLimit = Math.min(tagsMax, temporaryTagsMax);
    const temporary = temporaryTable(dictionary);
    return {
      ruleId: rule.id,
      trigger: { kind: 'every-customer' },
      check(customer, _nowSeconds, report) {
        if (customer.count <= smallestLimit) return Number.POSITIVE_INFINITY;
        let different = 0;
        let differentTemporary = 0;
        for (let position = 0; position < customer.count; position = afterTag(customer, position)) {
          different += 1;
          differentTemporary += temporary.get(customer.tagIds[position] ?? 0);
        }
        if (different > tagsMax || differentTemporary > temporaryTagsMax) report(rule.id, 0, 0);
        return Number.POSITIVE_INFINITY;
      },
    };
  },
  resolutions: () => ['remove-weakest'],
  change(rule, _finding, resolution, customer, dictionary) {
    if (resolution !== 'remove-weakest') return noChange;
    const weakestFirst = tagsByWeakness(customer, dictionary);
    const temporaryTags = weakestFirst.filter((tag) => tag.level === 'temporary').length;
    const excess = weakestFirst.length - (rule.tagsMax ?? weakestFirst.length);
    const temporaryExcess = temporaryTags - (rule.temporaryTagsMax ?? temporaryTags);
    // Temporary tags are the weakest, so one cut at the front serves both limits.
    const removed = weakestFirst.slice(0, Math.max(0, excess, temporaryExcess));
    return changeOf(customer, { remove: removed.map((tag) => tag.tagId) });
  },
};

interface WeighedTag {
  readonly tagId: number;
  readonly level: TagLevel | 'unknown';
  readonly sinceSeconds: number;
}

const strengthOfLevel: Readonly<Record<WeighedTag['level'], number>> = {
  temporary: 0,
  unknown: 1,
  sub: 2,
  main: 3,
};

function tagsByWeakness(customer: CustomerTags, dictionary: Dictionary): readonly WeighedTag[] {
  const { byId } = tagIndex(dictionary);
  const tags: WeighedTag[] = [];
  let position = 0;
  while (position < customer.count) {
    const next = afterTag(customer, position);
    const tagId = customer.tagIds[position] ?? 0;
    const since = latestSince(customer, position, next);
    tags.push({
      tagId,
      level: byId.get(tagId)?.level ?? 'unknown',
      sinceSeconds: Number.isNaN(since) ? Number.NEGATIVE_INFINITY : since,
    });
    position = next;
  }
  return tags.sort(
    (left, right) =>
      strengthOfLevel[left.level] - strengthOfLevel[right.level] ||
      compareNumbers(left.sinceSeconds, right.sinceSeconds) ||
      left.tagId - right.tagId,
  );
}

function temporaryTable(dictionary: Dictionary): TagTable {
  const temporaryTags = dictionary.tags.filter((tag) => tag.level === 'temporary');
  return new TagTable(
    temporaryTags.map((tag) => [tag.id, 1]),
    0,
  );
}
