import type { z } from 'zod';
import type { Configuration } from '../domain/configuration.ts';
import { crossCheck } from './checks/cross-check.ts';
import { readYaml, type YamlFile } from './document.ts';
import { draftOf } from './draft.ts';
import { configurationFiles } from './files.ts';
import type { ConfigurationProblem } from './problem.ts';
import { schemaProblems } from './schema-problems.ts';
import { toConfiguration } from './translate.ts';

export type ConfigurationReading =
  | { readonly kind: 'ok'; readonly configuration: Configuration }
  /** Every problem of every file, in the order of the files. */
  | { readonly kind: 'problems'; readonly problems: readonly ConfigurationProblem[] };

/** Reads and checks a whole folder: either everything is sound, or every problem is named and nothing comes back. */
export async function readConfiguration(directory: string): Promise<ConfigurationReading> {
  const [people, tags, rules, policy, sources] = await Promise.all([
    readChecked(directory, configurationFiles.people),
    readChecked(directory, configurationFiles.tags),
    readChecked(directory, configurationFiles.rules),
    readChecked(directory, configurationFiles.policy),
    readChecked(directory, configurationFiles.sources),
  ]);
  const draft = draftOf({
    people: people.file,
    tags: tags.file,
    rules: rules.file,
    policy: policy.file,
    sources: sources.file,
  });
  const problems = inFileOrder([
    ...[people, tags, rules, policy, sources].flatMap((file) => file.problems),
    ...crossCheck(draft),
  ]);
  if (problems.length > 0 || draft.policy === null) return { kind: 'problems', problems };
  return { kind: 'ok', configuration: toConfiguration(draft, draft.policy.value) };
}

interface CheckedFile {
  readonly file: YamlFile | null;
  readonly problems: readonly ConfigurationProblem[];
}

async function readChecked(
  directory: string,
  { name, schema }: { readonly name: string; readonly schema: z.ZodType },
): Promise<CheckedFile> {
  const reading = await readYaml(directory, name);
  if (reading.kind === 'problems') return { file: null, problems: reading.problems };
  return { file: reading.file, problems: schemaProblems(reading.file, schema) };
}

function inFileOrder(problems: readonly ConfigurationProblem[]): readonly ConfigurationProblem[] {
  const order = Object.values(configurationFiles).map(({ name }) => name as string);
  return problems.toSorted(
    (a, b) =>
      order.indexOf(a.file) - order.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}
