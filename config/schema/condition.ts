import { z } from 'zod';
import { attributeCodeSchema } from './values.ts';

/** Keys of a comparison, and the operator each stands for. `withinDays` is a condition of its own kind. */
export const comparisonOperators = {
  atLeast: '>=',
  moreThan: '>',
  atMost: '<=',
  lessThan: '<',
  equals: '=',
  isNot: '!=',
} as const;
export type ComparisonKey = keyof typeof comparisonOperators;

export const comparisonKeys = Object.keys(comparisonOperators) as readonly ComparisonKey[];

const boundSchema = z
  .union([z.number(), z.string()], 'a number, or for dates an instant such as 2026-01-01T00:00:00Z')
  .optional();
const valueSchema = z
  .union([z.number(), z.string(), z.boolean()], 'a number, a text, true or false')
  .optional();

const comparisonSchema = z
  .strictObject({
    attribute: attributeCodeSchema,
    atLeast: boundSchema,
    moreThan: boundSchema,
    atMost: boundSchema,
    lessThan: boundSchema,
    equals: valueSchema,
    isNot: valueSchema,
    withinDays: z
      .number()
      .int('a whole number of days')
      .min(1, 'at least 1 day')
      .max(36_500, 'at most 36500 days')
      .optional()
      .describe('The date lies no more than so many days back, and not in the future.'),
  })
  .refine(
    (comparison) => Object.keys(comparison).length === 2,
    `an attribute and one of ${[...comparisonKeys, 'withinDays'].join(', ')}`,
  )
  .meta({ minProperties: 2, maxProperties: 2 });

const partsSchema = z.lazy(() => z.array(conditionSchema).min(1, 'at least one condition'));

export type ComparisonEntry = z.infer<typeof comparisonSchema>;
export type ConditionEntry =
  | { all: ConditionEntry[] }
  | { any: ConditionEntry[] }
  | { not: ConditionEntry }
  | ComparisonEntry;

/** A condition as people write it: `{attribute: spend_12m, atLeast: 100000}`, joined by `all`, `any` and `not`. */
export const conditionSchema: z.ZodType<ConditionEntry> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: partsSchema }),
      z.strictObject({ any: partsSchema }),
      z.strictObject({ not: conditionSchema }),
      comparisonSchema,
    ]),
  )
  .meta({ id: 'condition' });
