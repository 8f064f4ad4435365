import { assertNever } from '../assert-never.ts';
import type { Attribute, Condition } from '../condition.ts';
import { invalid } from './request-kind.ts';

/** Codes of the attributes a condition looks at, each once. */
export function attributesOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
    case 'at-least':
      return [...new Set(condition.conditions.flatMap(attributesOf))];
    case 'not':
      return attributesOf(condition.condition);
    case 'compare':
    case 'within-days':
    case 'within-months':
      return [condition.attribute];
    default:
      return assertNever(condition);
  }
}

/** A condition over attributes that no source has would be unknown of everybody. */
export function conditionFault(
  field: 'criteria' | 'criterion',
  condition: Condition,
  attributes: readonly Attribute[],
) {
  const known = attributes.map(({ code }) => code);
  const unknown = attributesOf(condition).find((code) => !known.includes(code));
  return unknown === undefined
    ? null
    : invalid(field, `attributes that a source has (${known.join(', ')}), not “${unknown}”`);
}
