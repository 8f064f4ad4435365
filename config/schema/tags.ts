import { z } from 'zod';
import { relationKinds, tagCategories, tagLevels, tagStatuses } from '../../domain/tag.ts';
import { conditionSchema } from './condition.ts';
import { codeSchema, longTextSchema, namesShape } from './values.ts';

const daysSchema = z
  .number()
  .int('a whole number of days')
  .min(1, 'at least 1 day')
  .max(36_500, 'at most 36500 days');

export const tagEntry = z.strictObject({
  code: codeSchema,
  ...namesShape,
  definition: longTextSchema.describe('What the tag says of a customer, in Chinese.'),
  definitionEn: longTextSchema.describe('What the tag says of a customer, in English.'),
  level: z.enum(tagLevels),
  category: z.enum(tagCategories),
  parent: codeSchema.optional().describe('The main tag a sub tag belongs to.'),
  departments: z
    .array(codeSchema)
    .optional()
    .describe(
      'Departments that may put the tag on, with those below them; unless said every one, and of a sensitive tag its owner’s.',
    ),
  owner: codeSchema.describe('Person who gets its warnings.'),
  status: z.enum(tagStatuses).optional().describe('active unless said.'),
  lifeDays: daysSchema.optional().describe('Days since it was put on after which it has to go.'),
  successor: codeSchema
    .optional()
    .describe('Tag that replaces it at the end of its life or when it is deprecated.'),
  confirmEveryDays: daysSchema
    .optional()
    .describe('Days after which somebody has to confirm it again.'),
  criteria: conditionSchema.optional().describe('When a customer should carry it.'),
  sensitive: z
    .boolean()
    .optional()
    .describe(
      'Only for its owner, departments that may put it on, those of seenBy, and data admins.',
    ),
  seenBy: z
    .array(codeSchema)
    .optional()
    .describe('Departments that may see a sensitive tag without putting it on.'),
});

export const relationEntry = z.strictObject({
  kind: z.enum(relationKinds),
  from: codeSchema,
  to: codeSchema,
});

/** tags.yaml */
export const tagsFileSchema = z.strictObject({
  tags: z.array(tagEntry),
  relations: z.array(relationEntry).optional(),
});

export type TagEntry = z.infer<typeof tagEntry>;
export type RelationEntry = z.infer<typeof relationEntry>;
