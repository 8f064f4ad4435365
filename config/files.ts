import { peopleFileSchema } from './schema/people.ts';
import { policyFileSchema } from './schema/policy.ts';
import { rulesFileSchema } from './schema/rules.ts';
import { sourcesFileSchema } from './schema/sources.ts';
import { tagsFileSchema } from './schema/tags.ts';

/** The five files of a configuration folder, in the order in which problems are told. */
export const configurationFiles = {
  people: { name: 'people.yaml', schema: peopleFileSchema },
  tags: { name: 'tags.yaml', schema: tagsFileSchema },
  rules: { name: 'rules.yaml', schema: rulesFileSchema },
  policy: { name: 'policy.yaml', schema: policyFileSchema },
  sources: { name: 'sources.yaml', schema: sourcesFileSchema },
} as const;
