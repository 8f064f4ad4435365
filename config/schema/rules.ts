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
  autoFix: z
    .strictObject({
      mode: z
        .enum(['dry-run', 'automatic'])
        .describe('dry-run: says what it would change. automatic: changes it, within the limits.'),
      customersMax: z
        .number()
        .int('a whole number')
        .min(1, 'at least 1')
        .max(1_000_000, 'at most 1000000')
        .optional()
        .describe('More customers are left to a person; 100 unless said.'),
      shareMax: z
        .number()
        .min(0, 'at least 0')
        .max(1, 'at most 1')
        .optional()
        .describe(
          'A larger part of the customers with the tag is too; 0.05 (a twentieth) unless said.',
        ),
    })
    .optional()
    .describe(
      'What the rule resolves by itself after a scan; a person decides on everything unless said.',
    ),
};

const limitSchema = z
  .number()
  .int('a whole number')
  .min(0, 'at least 0')
  .max(10_000, 'at most 10000');

/** What parameters are unless said; the descriptions repeat them. */
export const autoFixDefaults = { customersMax: 100, shareMax: 0.05 } as const;
export const ruleDefaults = {
  definitionCharsMin: 6,
  customersMax: 0,
  daysMin: 30,
  deviationsMax: 3.5,
  shareMin: 0.2,
  customersMin: 50,
} as const;

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
  z
    .strictObject({
      kind: z.literal('implied'),
      ...ruleShape,
      tags: z
        .array(codeSchema)
        .optional()
        .describe(
          'Tags that call for another, their main tag or what a relation says they imply; every such tag unless said, none where singleChoice is.',
        ),
      singleChoice: z
        .array(codeSchema)
        .min(1, 'at least one tag')
        .optional()
        .describe('Main tags of whose sub tags a customer may carry only one.'),
    })
    .describe('A sub tag without its main tag, or several of a choice of one.'),
  z
    .strictObject({
      kind: z.literal('scope'),
      ...ruleShape,
      tags: z.array(codeSchema).optional().describe('Every tag with departments unless said.'),
    })
    .describe('A tag put on by somebody of a department that may not use it.'),
  z
    .strictObject({
      kind: z.literal('sensitivity'),
      ...ruleShape,
      tags: z.array(codeSchema).optional().describe('Every sensitive tag unless said.'),
      departments: z
        .array(codeSchema)
        .optional()
        .describe("Departments whose people may put them on; the tag's own unless said."),
      actors: z
        .array(z.string().min(1, 'a name'))
        .optional()
        .describe('Systems and others that may put them on, as the sources name them.'),
    })
    .describe('A sensitive tag put on by somebody without the right to.'),
  z
    .strictObject({
      kind: z.literal('mismatch'),
      ...ruleShape,
      tags: z
        .array(codeSchema)
        .optional()
        .describe('Every tag that a source lists under masterTags unless said.'),
    })
    .describe("Another source disagrees with the tag's master source."),
  z
    .strictObject({
      kind: z.literal('no-definition'),
      ...ruleShape,
      definitionCharsMin: z
        .number()
        .int('a whole number')
        .min(1, 'at least 1')
        .max(200, 'at most 200')
        .optional()
        .describe('6 unless said.'),
    })
    .describe('In the dictionary: a tag whose definition says nothing.'),
  z
    .strictObject({ kind: z.literal('unowned'), ...ruleShape })
    .describe('In the dictionary: a tag whose owner has left or is no owner.'),
  z
    .strictObject({
      kind: z.literal('unused'),
      ...ruleShape,
      customersMax: z
        .number()
        .int('a whole number')
        .min(0, 'at least 0')
        .optional()
        .describe('As many customers still count as unused; 0 unless said.'),
      daysMin: limitSchema.optional().describe('Days a new tag is given; 30 unless said.'),
    })
    .describe('In the dictionary: a tag that nobody carries.'),
  z
    .strictObject({
      kind: z.literal('population-jump'),
      ...ruleShape,
      tags: z.array(codeSchema).optional().describe('Every tag unless said.'),
      deviationsMax: z
        .number()
        .min(1, 'at least 1')
        .max(100, 'at most 100')
        .optional()
        .describe('Deviations from the usual number that are still usual; 3.5 unless said.'),
      shareMin: z
        .number()
        .min(0, 'at least 0')
        .max(100, 'at most 100')
        .optional()
        .describe('Smallest change, as part of the usual number; 0.2 unless said.'),
      customersMin: z
        .number()
        .int('a whole number')
        .min(1, 'at least 1')
        .optional()
        .describe('Smallest change in customers; 50 unless said.'),
    })
    .describe('In the dictionary: a tag whose number of customers leaves its own history.'),
]);

/** rules.yaml */
export const rulesFileSchema = z.strictObject({ rules: z.array(ruleEntry) });

export type RuleEntry = z.infer<typeof ruleEntry>;
