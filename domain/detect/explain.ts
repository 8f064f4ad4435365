import { assertNever } from '../assert-never.ts';
import type { Attribute, Condition } from '../condition.ts';
import type { CustomerTags } from '../customer.ts';
import { compileCondition, type Truth } from '../rules/condition-evaluation.ts';

/** A comparison or window that decided an answer, and what the customer has there. */
export interface ConditionPart {
  readonly condition: Extract<Condition, { kind: 'compare' | 'within-days' | 'within-months' }>;
  readonly answer: Truth;
  /** As stored: dates are epoch milliseconds, booleans 0 and 1; null where missing. */
  readonly found: number | string | null;
}

/**
 * The parts of a condition that make it what it is for this customer: why criteria are not met, or are, or
 * which missing attribute leaves it open. `nowSeconds` is a whole epoch second.
 */
export function explainCondition(
  condition: Condition,
  attributes: readonly Attribute[],
  customer: CustomerTags,
  nowSeconds: number,
): { readonly answer: Truth; readonly because: readonly ConditionPart[] } {
  const answer = compileCondition(condition, attributes).evaluate(customer, nowSeconds);
  const explain = (part: Condition): readonly ConditionPart[] => {
    const partAnswer = compileCondition(part, attributes).evaluate(customer, nowSeconds);
    switch (part.kind) {
      case 'all':
      case 'any':
      case 'at-least':
        // Parts that answer as the whole does carry it; the others made no difference.
        return part.conditions.filter((inner) => answerOf(inner) === partAnswer).flatMap(explain);
      case 'not':
        return explain(part.condition);
      case 'compare':
      case 'within-days':
      case 'within-months':
        return [{ condition: part, answer: partAnswer, found: valueOf(part.attribute) }];
      default:
        return assertNever(part);
    }
  };
  const answerOf = (part: Condition): Truth =>
    compileCondition(part, attributes).evaluate(customer, nowSeconds);
  const valueOf = (code: string): number | string | null => {
    const attribute = attributes.find((candidate) => candidate.code === code);
    if (attribute === undefined) return null;
    if (attribute.type === 'text') return customer.texts[attribute.slot] ?? null;
    const found = customer.numbers[attribute.slot] ?? Number.NaN;
    return Number.isNaN(found) ? null : found;
  };
  return { answer, because: explain(condition) };
}
