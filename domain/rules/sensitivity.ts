import { automaticActor } from '../automatic-fix.ts';
import type { Actor, Dictionary } from '../dictionary.ts';
import { isWithin } from '../person.ts';
import { usingDepartments } from '../rights.ts';
import type { SensitivityRule } from '../rule.ts';
import type { Tag } from '../tag.ts';
import { compilePutOnBy } from './put-on-by.ts';
import type { RuleKindModule } from './rule-kind.ts';
import { changeOf, noChange } from './tag-change.ts';

/**
 * A sensitive tag, put on by somebody without the right to.
 *
 * Parameters: `tagCodes` (@default [] every sensitive tag), `departmentCodes` (whose people may; @default [] the tag's
 * own departments, and where it names none its owner's; where a tag that `tagCodes` names is not sensitive, every
 * person we know), `actorNames` (systems and others that may, as the sources name them; @default []). A tag's owner
 * always may, and so may Tagwarden, whose rules put on no more than their owners may; whoever may only see it may not.
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
    return compilePutOnBy({
      ruleId: rule.id,
      tags: dictionary.tags.filter((tag) => looksAt(rule, tag)),
      actors: dictionary.origins?.actors ?? [],
      rightOf: (tag) =>
        [tag.ownerCode, ...(departmentsOf(rule, tag, dictionary) ?? ['*'])].join('/'),
      mayUse: (tag, actor) => mayPutOn(rule, tag, actor, dictionary),
    });
  },
  resolutions: () => ['remove'],
  change: (_rule, finding, resolution, customer) =>
    resolution === 'remove' ? changeOf(customer, { remove: [finding.firstTagId] }) : noChange,
};

export function looksAt({ tagCodes }: SensitivityRule, tag: Tag): boolean {
  return tagCodes.length === 0 ? tag.sensitive : tagCodes.includes(tag.code);
}

/** Null: everybody we know. */
function departmentsOf(
  rule: SensitivityRule,
  tag: Tag,
  dictionary: Dictionary,
): readonly string[] | null {
  return rule.departmentCodes.length > 0
    ? rule.departmentCodes
    : usingDepartments(tag, dictionary.origins?.departmentOf.get(tag.ownerCode));
}

/** Whether a rule has nothing against somebody putting a tag on. */
export function mayPutOn(
  rule: SensitivityRule,
  tag: Tag,
  { name, person }: Pick<Actor, 'name' | 'person'>,
  dictionary: Dictionary,
): boolean {
  if (name === automaticActor || rule.actorNames.includes(name)) return true;
  if (person === null) return false;
  const departments = departmentsOf(rule, tag, dictionary);
  return person.code === tag.ownerCode || departments === null || isWithin(person, departments);
}
