import { assertNever } from './assert-never.ts';
import type { Rule } from './rule.ts';

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
