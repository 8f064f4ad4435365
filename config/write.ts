import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Document, isMap, isPair, isScalar, visit } from 'yaml';
import type { Configuration } from '../domain/configuration.ts';
import { toEntries } from './entries.ts';
import { configurationSchemas } from './json-schemas.ts';

/** The five files' texts by name, as `readConfiguration` reads them. */
export function formatConfiguration(configuration: Configuration): ReadonlyMap<string, string> {
  const entries = toEntries(configuration);
  const { departments, calendars, people, tags, relations, rules, policy } = entries;
  const { attributes, sources } = entries;
  return new Map([
    ['people.yaml', formatFile('people', { departments, calendars, people })],
    ['tags.yaml', formatFile('tags', { tags, relations })],
    ['rules.yaml', formatFile('rules', { rules })],
    ['policy.yaml', formatFile('policy', policy)],
    ['sources.yaml', formatFile('sources', { attributes, sources })],
  ]);
}

/**
 * Writes the five files and the schemas that editors check them with into a folder, replacing those that are there;
 * each file is replaced whole or not at all.
 */
export async function writeConfiguration(
  directory: string,
  configuration: Configuration,
): Promise<void> {
  const schemas = join(directory, 'schemas');
  await mkdir(schemas, { recursive: true });
  for (const [name, text] of formatConfiguration(configuration)) {
    await replaceFile(join(directory, name), text);
  }
  for (const [name, schema] of configurationSchemas()) {
    await replaceFile(join(schemas, name), `${JSON.stringify(schema, null, 2)}\n`);
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text, 'utf8');
  await rename(temporary, path);
}

const lineCharsMax = 100;

function formatFile(name: string, content: object): string {
  const document = new Document(content, { aliasDuplicateObjects: false });
  visit(document, {
    // Lists of plain values and small maps read best on one line.
    Collection: (_key, node) => {
      const parts = node.items.map((item) => (isPair(item) ? item.value : item));
      const isPlain = parts.every((part) => isScalar(part));
      if (isPlain && (!isMap(node) || node.items.length <= 2)) node.flow = true;
    },
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return `# yaml-language-server: $schema=./schemas/${name}.schema.json\n\n${wrapLists(text)}`;
}

/** One list entry a line where a list would make its line too long. */
function wrapLists(text: string): string {
  return text.replaceAll(/^( *)((?:- )?)([\w-]+): \[(.*)\]$/gm, (line, indent, dash, key, list) => {
    if (line.length <= lineCharsMax || /["'{[]/.test(String(list))) return line;
    const inner = `\n${String(indent)}${' '.repeat(String(dash).length)}  - `;
    const parts = String(list).split(', ').join(inner);
    return `${String(indent)}${String(dash)}${String(key)}:${inner}${parts}`;
  });
}
