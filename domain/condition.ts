/**
 * A condition over a customer's attributes. Evaluated with three values: an attribute the customer
 * lacks makes a comparison `unknown`, never true or false.
 */
export type Condition =
  | { readonly kind: 'all'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  /** So many of the conditions hold, whichever they are. */
  | {
      readonly kind: 'at-least';
      readonly count: number;
      readonly conditions: readonly Condition[];
    }
  | {
      readonly kind: 'compare';
      readonly attribute: string;
      readonly operator: '<' | '<=' | '=' | '!=' | '>=' | '>';
      readonly value: number | string | boolean;
    }
  /** The date attribute lies no more than `days` before now (and not in the future). */
  | { readonly kind: 'within-days'; readonly attribute: string; readonly days: number }
  /** The same in calendar months of UTC: from 31 January one month reaches to the last day of February. */
  | { readonly kind: 'within-months'; readonly attribute: string; readonly months: number };

/** What an attribute of a customer holds. Dates are stored as epoch milliseconds, booleans as 0 and 1. */
export const attributeTypes = ['number', 'text', 'date', 'boolean'] as const;
export type AttributeType = (typeof attributeTypes)[number];

export interface Attribute {
  readonly code: string;
  readonly type: AttributeType;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
  /** Position in `CustomerTags.numbers` (number, date, boolean) or `CustomerTags.texts` (text). */
  readonly slot: number;
}
