import { z } from 'zod';
import { attributeCodeSchema } from './values.ts';

/** Keys of a comparison, and the operator each stands for. `withinDays` and `withinMonths` are conditions of their own kinds. */
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

/** Keys of how far back a date may lie. */
export const windowKeys = ['withinDays', 'withinMonths'] as const;

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
    withinMonths: z
      .number()
      .int('a whole number of months')
      .min(1, 'at least 1 month')
      .max(1_200, 'at most 1200 months')
      .optional()
      .describe('The date lies no more than so many calendar months back, and not in the future.'),
  })
  .refine(
    (comparison) => Object.keys(comparison).length === 2,
    `an attribute and one of ${[...comparisonKeys, ...windowKeys].join(', ')}`,
  )
  .meta({ minProperties: 2, maxProperties: 2 });

const partsSchema = z.lazy(() => z.array(conditionSchema).min(1, 'at least one condition'));

export type ComparisonEntry = z.infer<typeof comparisonSchema>;
export type ConditionEntry =
  | { all: ConditionEntry[] }
  | { any: ConditionEntry[] }
  | { not: ConditionEntry }
  | { atLeast: number; of: ConditionEntry[] }
  | ComparisonEntry;

/** A condition as people write it: `{attribute: spend_12m, atLeast: 100000}`, joined by `all`, `any`, `not` and `{atLeast: 2, of: […]}`. */
export const conditionSchema: z.ZodType<ConditionEntry> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: partsSchema }),
      z.strictObject({ any: partsSchema }),
      z.strictObject({ not: conditionSchema }),
      z
        .strictObject({
          atLeast: z.number().int('a whole number').min(1, 'at least 1'),
          of: partsSchema,
        })
        .refine(({ atLeast, of }) => atLeast <= of.length, {
          path: ['atLeast'],
          message: 'no more than there are conditions under of',
        }),
      comparisonSchema,
    ]),
  )
  .meta({ id: 'condition' });
