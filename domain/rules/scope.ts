import { tagIdsOf } from '../dictionary.ts';
import { isWithin } from '../person.ts';
import type { ScopeRule } from '../rule.ts';
import { compilePutOnBy } from './put-on-by.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * A tag of some departments, put on by somebody of another.
 *
 * Parameters: `tagCodes` (@default [] every tag that names departments). The departments are the tag's own.
 *
 * Findings: a tag that a person of another department put on and nobody of its departments or below did, in any source. Where
 * a source names nobody, or nobody we know, nothing can be said. First tag: that tag. Second tag: 0.
 *
 * Cost: one look at each tag of customers that carry one with departments. Reads who put tags on.
 *
 * Resolutions: remove. Where the department should have the tag, its scope changes by a tag request.
 */
export const scope: RuleKindModule<ScopeRule> = {
  kind: 'scope',
  needsOrigins: true,
  compile(rule, dictionary) {
    const chosen = new Set(tagIdsOf(dictionary, rule.tagCodes));
    return compilePutOnBy({
      ruleId: rule.id,
      tags: dictionary.tags.filter(
        (tag) =>
          tag.departmentCodes.length > 0 && (rule.tagCodes.length === 0 || chosen.has(tag.id)),
      ),
      actors: dictionary.origins?.actors ?? [],
      rightOf: (tag) => tag.departmentCodes.join('/'),
      mayUse: (tag, { person }) => (person === null ? null : isWithin(person, tag.departmentCodes)),
    });
  },
  resolutions: () => ['remove'],
  change: (_rule, finding, resolution, customer) =>
    resolution === 'remove' ? changeOf(customer, { remove: [finding.firstTagId] }) : noChange,
};
