import { assertNever } from './assert-never.ts';
import type { FindingReason } from './finding-reason.ts';
import { locales } from './locale.ts';
import { ownerFault } from './owner-fault.ts';
import type { Rule } from './rule.ts';
import { isDefinedIn } from './rules/no-definition.ts';
import { populationJumpOf } from './rules/population-jump.ts';
import type { DictionaryFacts } from './rules/rule-kind.ts';
import type { Tag } from './tag.ts';

/** Why a rule on the dictionary finds a tag, as things are now; empty where it no longer would. */
export function tagFindingReasons(
  rule: Rule,
  tag: Tag,
  { people, customers, history, sinceSeconds }: Omit<DictionaryFacts, 'nowSeconds'>,
): readonly FindingReason[] {
  switch (rule.kind) {
    case 'no-definition':
      return locales
        .filter((locale) => !isDefinedIn(locale, tag, rule.definitionCharsMin))
        .map((locale) => ({ kind: 'definition', locale, text: tag.definition[locale].trim() }));
    case 'unowned': {
      const fault = ownerFault(tag.ownerCode, people);
      if (fault === null) return [];
      return [{ kind: 'owner', owner: people.get(tag.ownerCode)?.name ?? tag.ownerCode, fault }];
    }
    case 'unused': {
      const since = sinceSeconds.get(tag.id);
      const sinceMs = since === undefined ? null : since * 1000;
      return [{ kind: 'unused', customers: customers.get(tag.id) ?? 0, sinceMs }];
    }
    case 'population-jump': {
      const present = customers.get(tag.id) ?? 0;
      const jump = populationJumpOf(history.get(tag.id) ?? [], present);
      return jump === null ? [] : [{ kind: 'jump', usual: jump.usual, customers: present }];
    }
    case 'exclusive':
    case 'dominance':
    case 'synonym':
    case 'time-to-live':
    case 'stale':
    case 'criteria':
    case 'overload':
    case 'unknown':
    case 'deprecated':
    case 'implied':
    case 'scope':
    case 'sensitivity':
    case 'mismatch':
      return [];
    default:
      return assertNever(rule);
  }
}
