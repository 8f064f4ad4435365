import { z } from 'zod';
import { severities } from '../../domain/severity.ts';
import { codeSchema, namesShape } from './values.ts';

const ruleShape = {
  code: codeSchema,
  ...namesShape,
  severity: z.enum(severities),
  owner: codeSchema
    .optional()
    .describe('Person who gets the warnings; the owner of the tag unless said.'),
  enabled: z.boolean().optional().describe('true unless said.'),
};

const limitSchema = z
  .number()
  .int('a whole number')
  .min(0, 'at least 0')
  .max(10_000, 'at most 10000');

export const ruleEntry = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('exclusive'),
      ...ruleShape,
      tags: z.array(codeSchema).min(2, 'at least two tags'),
      precedence: z
        .array(codeSchema)
        .optional()
        .describe('Tags from strongest to weakest: the strongest on a customer is kept.'),
      allowedPairs: z
        .array(z.tuple([codeSchema, codeSchema]))
        .optional()
        .describe('Pairs of the group that may stand together after all.'),
    })
    .describe('At most one tag of the group on one customer.'),
  z
    .strictObject({
      kind: z.literal('dominance'),
      ...ruleShape,
      dominant: codeSchema,
      dominated: z.array(codeSchema).min(1, 'at least one tag'),
    })
    .describe('Where the dominant tag is present, the dominated ones must go.'),
  z
    .strictObject({
      kind: z.literal('synonym'),
      ...ruleShape,
      canonical: codeSchema,
      synonyms: z.array(codeSchema).min(1, 'at least one tag'),
    })
    .describe('Tags that mean the same; the canonical one is kept.'),
  z
    .strictObject({
      kind: z.literal('time-to-live'),
      ...ruleShape,
      tags: z.array(codeSchema).optional().describe('Every tag with lifeDays unless said.'),
    })
    .describe('A tag older than its life.'),
  z
    .strictObject({
      kind: z.literal('stale'),
      ...ruleShape,
      tags: z.array(codeSchema).optional().describe('Every tag with confirmEveryDays unless said.'),
    })
    .describe('A tag that nobody has confirmed for too long.'),
  z
    .strictObject({
      kind: z.literal('criteria'),
      ...ruleShape,
      tag: codeSchema,
      direction: z
        .enum(['unmet', 'missing', 'both'])
        .describe(
          'unmet: the tag is there though its criteria are not met; missing: they are met and it is not there.',
        ),
    })
    .describe("The tag's criteria against the customer's attributes."),
  z
    .strictObject({
      kind: z.literal('overload'),
      ...ruleShape,
      tagsMax: limitSchema.optional(),
      temporaryTagsMax: limitSchema.optional(),
    })
    .describe('Too many tags on one customer.'),
  z
    .strictObject({ kind: z.literal('unknown'), ...ruleShape })
    .describe('A tag that is not in the dictionary.'),
  z
    .strictObject({ kind: z.literal('deprecated'), ...ruleShape })
    .describe('A tag that is deprecated or archived.'),
]);

/** rules.yaml */
export const rulesFileSchema = z.strictObject({ rules: z.array(ruleEntry) });

export type RuleEntry = z.infer<typeof ruleEntry>;
