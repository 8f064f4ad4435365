import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configurationSchemas } from '../config/json-schemas.ts';

const folder = fileURLToPath(new URL('../sample/schemas/', import.meta.url));
await mkdir(folder, { recursive: true });
for (const [name, schema] of configurationSchemas()) {
  await writeFile(`${folder}${name}`, `${JSON.stringify(schema, null, 2)}\n`);
}
