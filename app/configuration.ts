import { fileURLToPath } from 'node:url';
import { describeProblems } from '../config/problem.ts';
import { readConfiguration } from '../config/read.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { Environment } from './env.ts';

/** The folder of the sample company. */
export const sampleDirectory = fileURLToPath(new URL('../sample', import.meta.url));

export function configurationDirectory(environment: Environment): string {
  return environment.configDirectory ?? sampleDirectory;
}

/** A configuration folder did not pass; one line a problem. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** Reads and checks a folder. Throws a ConfigurationError. */
export async function readConfigurationOrThrow(directory: string): Promise<Configuration> {
  const reading = await readConfiguration(directory);
  if (reading.kind === 'problems') throw new ConfigurationError(describeProblems(reading.problems));
  return reading.configuration;
}
