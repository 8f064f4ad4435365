import { z } from 'zod';
import { configurationFiles } from './files.ts';

/** The JSON Schema of each configuration file by the schema's file name, for editors to complete and check with. */
export function configurationSchemas(): ReadonlyMap<string, object> {
  return new Map(
    Object.entries(configurationFiles).map(([key, { name, schema }]) => [
      `${key}.schema.json`,
      {
        title: `Tagwarden ${name}`,
        ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }),
      },
    ]),
  );
}
