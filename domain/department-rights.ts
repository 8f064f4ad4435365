import type { RuleDefinition } from './configuration.ts';
import type { Dictionary } from './dictionary.ts';
import { heldRoles, holdsOver, type DepartmentRole, type Person, type Role } from './person.ts';
import { maySeeTag } from './rights.ts';
import type { Rule } from './rule.ts';
import { tagsOfRule } from './rule-tags.ts';
import type { SilenceScope } from './silence.ts';

/** Why a role does not let somebody do something: they have it not, or for departments that this goes beyond. */
export type RoleRefusal =
  | { readonly kind: 'role-needed'; readonly role: Role }
  | { readonly kind: 'beyond-departments'; readonly role: DepartmentRole };

/** For whoever may not do what takes this role for the company, or for whose it is. */
export function roleRefusal(person: Person, role: DepartmentRole): RoleRefusal {
  return heldRoles(person).includes(role)
    ? { kind: 'beyond-departments', role }
    : { kind: 'role-needed', role };
}

interface Known {
  readonly dictionary: Dictionary;
  readonly people: ReadonlyMap<string, Person>;
}

/** Ids of the tags that a data admin is one for, by their owners; null: all of them. */
export function administeredTags(
  person: Person,
  { dictionary, people }: Known,
): readonly number[] | null {
  if (person.roles.includes('data-admin')) return null;
  return dictionary.tags
    .filter(({ ownerCode }) => holdsOver(person, 'data-admin', people.get(ownerCode)))
    .map(({ id }) => id);
}

/** Whom warnings of a rule belong to: its owner, else the owners of the tags it looks at; of one tag's alone its owner. */
function answeringFor(
  rule: Rule,
  tagCode: string | null,
  { dictionary }: Known,
): readonly string[] {
  if (rule.ownerCode !== null) return [rule.ownerCode];
  const codes = tagCode === null ? tagsOfRule(rule, dictionary) : [tagCode];
  return dictionary.tags.filter(({ code }) => codes.includes(code)).map((tag) => tag.ownerCode);
}

/** Whether all warnings that rules would open are up to people whom a data admin is one for. */
function administersAll(
  person: Person,
  rules: readonly Rule[],
  tagCode: string | null,
  known: Known,
): boolean {
  const owners = rules.flatMap((rule) => answeringFor(rule, tagCode, known));
  return (
    owners.length > 0 &&
    owners.every((code) => holdsOver(person, 'data-admin', known.people.get(code)))
  );
}

/** Whether somebody may silence a scope: a data admin, of departments as far as it hides warnings of their people alone. */
export function maySilence(person: Person, scope: SilenceScope, known: Known): boolean {
  if (person.status !== 'active') return false;
  if (person.roles.includes('data-admin')) return true;
  const { ruleCode, tagCode, severity } = scope;
  const concerned = known.dictionary.rules.filter(
    (rule) =>
      (ruleCode === null || rule.code === ruleCode) &&
      (severity === null || rule.severity === severity) &&
      (tagCode === null || tagsOfRule(rule, known.dictionary).includes(tagCode)),
  );
  return administersAll(person, concerned, tagCode, known);
}

/**
 * Whether somebody may see what a rule would flag, with examples: a data admin, of departments where the rule, as it is
 * and as it is to be, is their people's and about tags that they may see.
 */
export function mayTestRule(person: Person, rule: RuleDefinition | string, known: Known): boolean {
  if (person.status !== 'active') return false;
  if (person.roles.includes('data-admin')) return true;
  const { dictionary, people } = known;
  const code = typeof rule === 'string' ? rule : rule.code;
  const versions: readonly Rule[] = [
    ...dictionary.rules.filter((one) => one.code === code),
    ...(typeof rule === 'string' ? [] : [{ ...rule, id: 0 }]),
  ];
  const codes = new Set(versions.flatMap((one) => tagsOfRule(one, dictionary)));
  return (
    versions.length > 0 &&
    versions.every((one) => administersAll(person, [one], null, known)) &&
    dictionary.tags.every((tag) => !codes.has(tag.code) || maySeeTag(person, tag, people))
  );
}
