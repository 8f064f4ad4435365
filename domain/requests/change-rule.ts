import { canonicalJson } from '../canonical-json.ts';
import type { RuleDefinition } from '../configuration.ts';
import type { Rule } from '../rule.ts';
import { tagsNamedBy } from '../rule-tags.ts';
import { partChanges } from './part-change.ts';
import { invalid, notFound, sound, type RequestKind } from './request-kind.ts';
import { rulePartValues } from './rule-parts.ts';
import { codeFault, nameFault } from './tag-words.ts';

/** A rule that is new, another threshold or severity, a pair that may stand, or a rule turned off. */
export const changeRule: RequestKind<'change-rule'> = {
  tags: () => [],
  rules: ({ after }) => [after.code],
  changesCustomers: () => false,
  changes: ({ before, after }) =>
    partChanges(before === null ? {} : rulePartValues(before), rulePartValues(after)),
  prepare({ kind, after }, known) {
    const present = known.rules.find(({ code }) => code === after.code);
    const before = present === undefined ? null : definitionOf(present);
    if (before !== null && before.kind !== after.kind) {
      return invalid('rule', `a rule of the kind ${before.kind}, as it is; or another code`);
    }
    if (before !== null && canonicalJson(before) === canonicalJson(after)) {
      return invalid('change', 'at least one part that is to be other than it is');
    }
    const unknown = tagsNamedBy(after).find(
      (code) => !known.tags.some((tag) => tag.code === code && tag.status !== 'archived'),
    );
    if (unknown !== undefined) return notFound('tag', unknown);
    if (after.ownerCode !== null && known.people.get(after.ownerCode)?.status !== 'active') {
      return notFound('person', after.ownerCode);
    }
    return codeFault(after.code) ?? nameFault(after.name) ?? sound({ kind, before, after });
  },
};

/** A rule as rules.yaml would declare it. */
export function definitionOf(rule: Rule): RuleDefinition {
  const { id: _, ...definition } = rule;
  return definition;
}
