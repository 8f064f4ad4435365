import { assertNever } from '../assert-never.ts';
import type { RuleDefinition } from '../configuration.ts';
import type { Severity } from '../severity.ts';

/** What of a rule people ask to change without writing the rule anew. */
export type RuleEdit =
  | { readonly kind: 'turn'; readonly on: boolean }
  | { readonly kind: 'severity'; readonly severity: Severity }
  | { readonly kind: 'threshold'; readonly value: number }
  /** These two tags may stand together. */
  | { readonly kind: 'allow-pair'; readonly pair: readonly [string, string] };

/** The rule as it would be; null where a rule of its kind has no such thing, or would have nothing left to find. */
export function editRule(rule: RuleDefinition, edit: RuleEdit): RuleDefinition | null {
  switch (edit.kind) {
    case 'turn':
      return { ...rule, enabled: edit.on };
    case 'severity':
      return { ...rule, severity: edit.severity };
    case 'threshold':
      return withThreshold(rule, edit.value);
    case 'allow-pair':
      return withPair(rule, edit.pair);
    default:
      return assertNever(edit);
  }
}

function withThreshold(rule: RuleDefinition, value: number): RuleDefinition | null {
  if (rule.kind === 'population-jump') return value > 0 ? { ...rule, deviationsMax: value } : null;
  if (!Number.isInteger(value) || value < 0) return null;
  switch (rule.kind) {
    case 'overload':
      return rule.tagsMax === null
        ? { ...rule, temporaryTagsMax: value }
        : { ...rule, tagsMax: value };
    case 'no-definition':
      return { ...rule, definitionCharsMin: value };
    case 'unused':
      return { ...rule, daysMin: value };
    case 'exclusive':
    case 'dominance':
    case 'synonym':
    case 'time-to-live':
    case 'stale':
    case 'criteria':
    case 'unknown':
    case 'deprecated':
    case 'implied':
    case 'scope':
    case 'sensitivity':
    case 'mismatch':
    case 'unowned':
      return null;
    default:
      return assertNever(rule);
  }
}

function withPair(
  rule: RuleDefinition,
  [one, other]: readonly [string, string],
): RuleDefinition | null {
  const has = (codes: readonly string[]) => codes.includes(one) && codes.includes(other);
  const others = (codes: readonly string[]) =>
    codes.filter((code) => code !== one && code !== other);
  if (rule.kind === 'exclusive') {
    return has(rule.tagCodes)
      ? { ...rule, allowedPairs: [...rule.allowedPairs, [one, other]] }
      : null;
  }
  if (rule.kind === 'dominance') {
    const dominatedCodes = others(rule.dominatedCodes);
    return has([rule.dominantCode, ...rule.dominatedCodes]) && dominatedCodes.length > 0
      ? { ...rule, dominatedCodes }
      : null;
  }
  if (rule.kind !== 'synonym') return null;
  const synonymCodes = others(rule.synonymCodes);
  return has([rule.canonicalCode, ...rule.synonymCodes]) && synonymCodes.length > 0
    ? { ...rule, synonymCodes }
    : null;
}
