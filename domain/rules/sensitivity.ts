import { tagIdsOf, type Actor } from '../dictionary.ts';
import type { SensitivityRule } from '../rule.ts';
import type { Tag } from '../tag.ts';
import { compilePutOnBy } from './put-on-by.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * A sensitive tag, put on by somebody without the right to.
 *
 * Parameters: `tagCodes` (@default [] every sensitive tag), `departmentCodes` (whose people may; @default [] the tag's
 * own departments, and where it names none every person we know), `actorNames` (systems and others that may, as the
 * sources name them; @default []). A tag's owner always may.
 *
 * Findings: a tag that somebody named put on without the right, and nobody with the right did, in any source. A name
 * nobody knows has no right; where the source names nobody, nothing can be said. First tag: that tag. Second tag: 0.
 *
 * Cost: one look at each tag of customers that carry a sensitive one. Reads who put tags on.
 *
 * Resolutions: remove.
 */
export const sensitivity: RuleKindModule<SensitivityRule> = {
  kind: 'sensitivity',
  needsOrigins: true,
  compile(rule, dictionary) {
    const chosen = new Set(tagIdsOf(dictionary, rule.tagCodes));
    return compilePutOnBy({
      ruleId: rule.id,
      tags: dictionary.tags.filter((tag) =>
        rule.tagCodes.length === 0 ? tag.sensitive : chosen.has(tag.id),
      ),
      actors: dictionary.origins?.actors ?? [],
      rightOf: (tag) => [tag.ownerCode, ...departmentsOf(rule, tag)].join('/'),
      mayUse: (tag, actor) => mayUse(rule, tag, actor),
    });
  },
  resolutions: () => ['remove'],
  change: (_rule, finding, resolution, customer) =>
    resolution === 'remove' ? changeOf(customer, { remove: [finding.firstTagId] }) : noChange,
};

function departmentsOf(rule: SensitivityRule, tag: Tag): readonly string[] {
  return rule.departmentCodes.length > 0 ? rule.departmentCodes : tag.departmentCodes;
}

function mayUse(rule: SensitivityRule, tag: Tag, { name, person }: Actor): boolean {
  if (rule.actorNames.includes(name)) return true;
  if (person === null) return false;
  const departments = departmentsOf(rule, tag);
  return (
    person.code === tag.ownerCode ||
    departments.length === 0 ||
    departments.includes(person.departmentCode)
  );
}
