import { assertNever } from '../assert-never.ts';
import type { RuleDefinition } from '../configuration.ts';
import type { PartName, PartValue } from './part-change.ts';

type Values = Partial<Record<PartName, PartValue | null>>;

/** A rule's parts as people read them. */
export function rulePartValues(rule: RuleDefinition): Values {
  const { name, severity, ownerCode, enabled, autoFix } = rule;
  return {
    name: { kind: 'words', words: name },
    severity: { kind: 'severity', severity },
    ownerCode: ownerCode === null ? null : { kind: 'owner', code: ownerCode },
    enabled: { kind: 'yes-no', yes: enabled },
    autoFix: autoFix === undefined ? null : { kind: 'auto-fix', ...autoFix },
    ...parametersOf(rule),
  };
}

function parametersOf(rule: RuleDefinition): Values {
  switch (rule.kind) {
    case 'exclusive':
      return {
        tagCodes: tags(rule.tagCodes),
        precedence: tags(rule.precedence),
        allowedPairs:
          rule.allowedPairs.length === 0 ? null : { kind: 'pairs', pairs: rule.allowedPairs },
      };
    case 'dominance':
      return { dominantCode: tags([rule.dominantCode]), dominatedCodes: tags(rule.dominatedCodes) };
    case 'synonym':
      return { canonicalCode: tags([rule.canonicalCode]), synonymCodes: tags(rule.synonymCodes) };
    case 'criteria':
      return {
        tagCodes: tags([rule.tagCode]),
        direction: { kind: 'direction', direction: rule.direction },
      };
    case 'overload':
      return { tagsMax: number(rule.tagsMax), temporaryTagsMax: number(rule.temporaryTagsMax) };
    case 'implied':
      return {
        tagCodes: tags(rule.tagCodes ?? []),
        singleChoiceCodes: tags(rule.singleChoiceCodes),
      };
    case 'sensitivity':
      return {
        tagCodes: tags(rule.tagCodes),
        scopeDepartmentCodes:
          rule.departmentCodes.length === 0
            ? null
            : { kind: 'departments', codes: rule.departmentCodes },
        actorNames: rule.actorNames.length === 0 ? null : { kind: 'names', names: rule.actorNames },
      };
    case 'no-definition':
      return { definitionCharsMin: number(rule.definitionCharsMin) };
    case 'unused':
      return {
        customersMax: number(rule.customersMax),
        daysMin: { kind: 'days', days: rule.daysMin },
      };
    case 'population-jump':
      return {
        tagCodes: tags(rule.tagCodes),
        deviationsMax: number(rule.deviationsMax),
        shareMin: { kind: 'share', share: rule.shareMin },
        customersMin: number(rule.customersMin),
      };
    case 'time-to-live':
    case 'stale':
    case 'scope':
    case 'mismatch':
      return { tagCodes: tags(rule.tagCodes) };
    case 'unknown':
    case 'deprecated':
    case 'unowned':
      return {};
    default:
      return assertNever(rule);
  }
}

function tags(codes: readonly string[]): PartValue | null {
  return codes.length === 0 ? null : { kind: 'tags', codes };
}

function number(value: number | null): PartValue | null {
  return value === null ? null : { kind: 'number', value };
}
