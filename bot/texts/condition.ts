import { assertNever } from '../../domain/assert-never.ts';
import type { Attribute, Condition } from '../../domain/condition.ts';
import type { Locale } from '../../domain/locale.ts';
import { requestWords } from './request-words.ts';

/** A condition as people read it, with attributes by name. */
export function conditionWords(
  condition: Condition,
  attributes: readonly Attribute[],
  locale: Locale,
): string {
  const words = requestWords[locale].condition;
  const attribute = (code: string) =>
    attributes.find((known) => known.code === code)?.name[locale] ?? code;
  const nested = (part: Condition): string => {
    const text = conditionWords(part, attributes, locale);
    return 'conditions' in part ? words.nested(text) : text;
  };
  switch (condition.kind) {
    case 'all':
      return condition.conditions.map(nested).join(words.all);
    case 'any':
      return condition.conditions.map(nested).join(words.any);
    case 'not':
      return `${words.not}${nested(condition.condition)}`;
    case 'compare':
      return `${attribute(condition.attribute)} ${operatorSigns[condition.operator]} ${comparedWords(condition.value, locale)}`;
    case 'at-least':
      return words.atLeast(
        String(condition.count),
        condition.conditions.map(nested).join(words.between),
      );
    case 'within-days':
      return words.withinDays(attribute(condition.attribute), condition.days);
    case 'within-months':
      return words.withinMonths(attribute(condition.attribute), condition.months);
    default:
      return assertNever(condition);
  }
}

export const operatorSigns = {
  '<': '<',
  '<=': '≤',
  '=': '=',
  '!=': '≠',
  '>=': '≥',
  '>': '>',
} as const;

export function comparedWords(value: number | string | boolean, locale: Locale): string {
  if (typeof value === 'boolean') return requestWords[locale].value.yesNo(value);
  return typeof value === 'number' ? value.toLocaleString(locale) : value;
}
