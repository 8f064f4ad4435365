import { z } from 'zod';
import { postgresMappingSchema } from '../../crm/postgres/mapping.ts';
import { attributeTypes } from '../../domain/condition.ts';
import { attributeCodeSchema, codeSchema, namesShape, variableSchema } from './values.ts';

export const attributeEntry = z.strictObject({
  code: attributeCodeSchema,
  ...namesShape,
  type: z.enum(attributeTypes),
});

export const sourceEntry = z.strictObject({
  code: codeSchema,
  ...namesShape,
  kind: z.enum(['postgres']),
  urlVariable: variableSchema('CRM_DATABASE_URL', 'url').describe(
    'Environment variable that holds the connection url.',
  ),
  masterTags: z
    .array(codeSchema)
    .optional()
    .describe('Tags on which this source is right when sources disagree.'),
  mapping: postgresMappingSchema.describe(
    'Which tables and columns hold customers, tags and assignments, and how to write.',
  ),
});

/** sources.yaml */
export const sourcesFileSchema = z.strictObject({
  attributes: z.array(attributeEntry).describe('What is known of customers, for criteria.'),
  sources: z.array(sourceEntry),
});

export type AttributeEntry = z.infer<typeof attributeEntry>;
export type SourceEntry = z.infer<typeof sourceEntry>;
