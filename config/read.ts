import type { z } from 'zod';
import type { Configuration } from '../domain/configuration.ts';
import { crossCheck } from './checks/cross-check.ts';
import { namingProblems } from './checks/naming.ts';
import { parseYaml, readYaml, type YamlFile, type YamlReading } from './document.ts';
import { draftOf } from './draft.ts';
import { configurationFiles } from './files.ts';
import type { ConfigurationProblem } from './problem.ts';
import { schemaProblems } from './schema-problems.ts';
import { toConfiguration } from './translate.ts';

export type ConfigurationReading =
  | {
      readonly kind: 'ok';
      readonly configuration: Configuration;
      /** What is sound and still not as the company wants it, such as names against its convention. */
      readonly advice: readonly ConfigurationProblem[];
    }
  /** Every problem of every file, in the order of the files. */
  | { readonly kind: 'problems'; readonly problems: readonly ConfigurationProblem[] };

/** Reads and checks a whole folder: either everything is sound, or every problem is named and nothing comes back. */
export async function readConfiguration(directory: string): Promise<ConfigurationReading> {
  const [people, tags, rules, policy, sources] = await Promise.all([
    readYaml(directory, configurationFiles.people.name),
    readYaml(directory, configurationFiles.tags.name),
    readYaml(directory, configurationFiles.rules.name),
    readYaml(directory, configurationFiles.policy.name),
    readYaml(directory, configurationFiles.sources.name),
  ]);
  return check({ people, tags, rules, policy, sources });
}

/** As `readConfiguration`, of texts at hand. */
export function parseConfiguration(
  texts: Readonly<Record<keyof typeof configurationFiles, string>>,
): ConfigurationReading {
  return check({
    people: parseYaml(configurationFiles.people.name, texts.people),
    tags: parseYaml(configurationFiles.tags.name, texts.tags),
    rules: parseYaml(configurationFiles.rules.name, texts.rules),
    policy: parseYaml(configurationFiles.policy.name, texts.policy),
    sources: parseYaml(configurationFiles.sources.name, texts.sources),
  });
}

function check(
  readings: Readonly<Record<keyof typeof configurationFiles, YamlReading>>,
): ConfigurationReading {
  const draft = draftOf({
    people: fileOf(readings.people),
    tags: fileOf(readings.tags),
    rules: fileOf(readings.rules),
    policy: fileOf(readings.policy),
    sources: fileOf(readings.sources),
  });
  const naming = namingProblems(draft);
  const problems = inFileOrder([
    ...problemsOf(readings.people, configurationFiles.people.schema),
    ...problemsOf(readings.tags, configurationFiles.tags.schema),
    ...problemsOf(readings.rules, configurationFiles.rules.schema),
    ...problemsOf(readings.policy, configurationFiles.policy.schema),
    ...problemsOf(readings.sources, configurationFiles.sources.schema),
    ...crossCheck(draft),
    ...(naming.enforce === 'error' ? naming.problems : []),
  ]);
  if (problems.length > 0 || draft.policy === null) return { kind: 'problems', problems };
  return {
    kind: 'ok',
    configuration: toConfiguration(draft, draft.policy.value),
    advice: inFileOrder(naming.problems),
  };
}

function fileOf(reading: YamlReading): YamlFile | null {
  return reading.kind === 'ok' ? reading.file : null;
}

function problemsOf(reading: YamlReading, schema: z.ZodType): readonly ConfigurationProblem[] {
  return reading.kind === 'ok' ? schemaProblems(reading.file, schema) : reading.problems;
}

function inFileOrder(problems: readonly ConfigurationProblem[]): readonly ConfigurationProblem[] {
  const order = Object.values(configurationFiles).map(({ name }) => name as string);
  return problems.toSorted(
    (a, b) =>
      order.indexOf(a.file) - order.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}
