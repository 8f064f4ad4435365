import { assertNever } from './assert-never.ts';
import type { Dictionary } from './dictionary.ts';
import type { Rule } from './rule.ts';
import type { Tag } from './tag.ts';

type Named<R> = R extends Rule ? Omit<R, 'id'> : never;

/** Codes of the tags that a rule names itself; a rule about every tag of some sort names none. */
export function tagsNamedBy(rule: Named<Rule>): readonly string[] {
  switch (rule.kind) {
    case 'exclusive':
    case 'time-to-live':
    case 'stale':
    case 'scope':
    case 'sensitivity':
    case 'mismatch':
    case 'population-jump':
      return rule.tagCodes;
    case 'implied':
      return [...(rule.tagCodes ?? []), ...rule.singleChoiceCodes];
    case 'dominance':
      return [rule.dominantCode, ...rule.dominatedCodes];
    case 'synonym':
      return [rule.canonicalCode, ...rule.synonymCodes];
    case 'criteria':
      return [rule.tagCode];
    case 'overload':
    case 'unknown':
    case 'deprecated':
    case 'no-definition':
    case 'unowned':
    case 'unused':
      return [];
    default:
      return assertNever(rule);
  }
}

/** Codes of the tags a rule is about. */
export function tagsOfRule(rule: Rule, dictionary: Dictionary): readonly string[] {
  const codesOf = (wanted: (tag: Tag) => boolean) =>
    dictionary.tags.filter(wanted).map((tag) => tag.code);
  const named = tagsNamedBy(rule);
  switch (rule.kind) {
    case 'time-to-live':
      return named.length > 0 ? named : codesOf((tag) => tag.lifeDays !== null);
    case 'stale':
      return named.length > 0 ? named : codesOf((tag) => tag.confirmEveryDays !== null);
    case 'implied':
      return rule.tagCodes === null ? codesOf((tag) => tag.parentCode !== null) : named;
    case 'scope':
      return named.length > 0 ? named : codesOf((tag) => tag.departmentCodes.length > 0);
    case 'sensitivity':
      return named.length > 0 ? named : codesOf((tag) => tag.sensitive);
    case 'deprecated':
      return codesOf((tag) => tag.status === 'deprecated' || tag.status === 'archived');
    case 'exclusive':
    case 'dominance':
    case 'synonym':
    case 'criteria':
    case 'mismatch':
    case 'population-jump':
    case 'overload':
    case 'unknown':
    case 'no-definition':
    case 'unowned':
    case 'unused':
      return named;
    default:
      return assertNever(rule);
  }
}

/** Whether a rule's warnings say something that not everybody may know. */
export function isAboutSensitiveTags(rule: Rule, dictionary: Dictionary): boolean {
  const codes = new Set(tagsOfRule(rule, dictionary));
  return dictionary.tags.some((tag) => tag.sensitive && codes.has(tag.code));
}
