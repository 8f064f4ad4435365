import { canonicalJson } from '../canonical-json.ts';
import type { RuleDefinition } from '../configuration.ts';
import type { Rule } from '../rule.ts';
import { ruleMisfits } from '../rule-fit.ts';
import { tagsNamedBy } from '../rule-tags.ts';
import { partChanges } from './part-change.ts';
import { faulty, invalid, notFound, sound, type Known, type RequestKind } from './request-kind.ts';
import { rulePartValues } from './rule-parts.ts';
import { codeFault, nameFault } from './tag-words.ts';

/** A rule that is new, another threshold or severity, a pair that may stand, or a rule turned off. */
export const changeRule: RequestKind<'change-rule'> = {
  tags: () => [],
  rules: ({ after }) => [after.code],
  putsOn: () => [],
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
    const { ownerCode } = after;
    if (ownerCode !== null && !mayOwnRules(ownerCode, known)) return notFound('person', ownerCode);
    return (
      codeFault(after.code) ??
      nameFault(after.name) ??
      fitFault({ before, after }, known) ??
      sound({ kind, before, after })
    );
  },
};

/** People who work here, and duties whose members take turns; everybody at once is no owner. */
export function mayOwnRules(code: string, { people, duties }: Pick<Known, 'people' | 'duties'>) {
  const duty = duties.get(code);
  return duty === undefined
    ? people.get(code)?.status === 'active'
    : duty.rotation.kind !== 'everybody';
}

/** What does not fit already is no reason to refuse another change, and nothing has to fit a rule that is off. */
function fitFault(
  { before, after }: { readonly before: RuleDefinition | null; readonly after: RuleDefinition },
  known: Known,
) {
  if (!after.enabled) return null;
  const standing = before === null ? [] : ruleMisfits(before, known).map(canonicalJson);
  const misfit = ruleMisfits(after, known).find((one) => !standing.includes(canonicalJson(one)));
  return misfit === undefined ? null : faulty({ kind: 'rule-misfit', misfit });
}

/** A rule as rules.yaml would declare it. */
export function definitionOf(rule: Rule): RuleDefinition {
  const { id: _, ...definition } = rule;
  return definition;
}
