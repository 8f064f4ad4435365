import type { Command } from 'commander';
import type { CommandResult, Actor } from '../../commands/command.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { openDatabase, type Database } from '../../db/client.ts';
import { loadPeople } from '../../db/stores/people.ts';
import type { Locale } from '../../domain/locale.ts';
import { findAdmin } from '../admin.ts';
import { readRunningSystem } from '../embedded/running-system.ts';
import { EnvironmentError, readEnvironment, systemEnvironment, type Environment } from '../env.ts';
import type { Lifetime } from '../lifetime.ts';
import { createLogger } from '../logger.ts';
import type { Foundations } from '../foundations.ts';

/** What every subcommand works with. */
export interface Tool {
  readonly lifetime: Lifetime;
  /** The environment; addresses come from a running embedded system where they are not set. */
  environment(): Promise<Environment>;
  database(): Promise<Database>;
  foundations(): Promise<Foundations>;
  /** Who acts: `--as`, or the first data admin. */
  actor(): Promise<Actor>;
  readonly locale: Locale;
  /** Prints lines for people, or the value as JSON where `--json` was given. */
  print(lines: readonly string[], value: unknown): void;
  /** The value of a command that was done. Throws the refusal in words. */
  expectDone<T>(result: CommandResult<T>): Promise<T>;
  /** Done, but the answer is no: exit code 2. */
  answerNo(): void;
}

/** Not done and why; exit code 1. */
const exitCodes = { failed: 1, no: 2 } as const;

interface GlobalOptions {
  readonly json?: boolean;
  readonly as?: string;
}

export function createTool(program: Command, lifetime: Lifetime): Tool {
  const options = (): GlobalOptions => program.opts<GlobalOptions>();
  const locale: Locale = /^zh/i.test(systemEnvironment().all['LANG'] ?? '') ? 'zh-CN' : 'en';
  const environment = once(readConnectedEnvironment);
  const database = once(async () => {
    const { databaseUrl } = await environment();
    if (databaseUrl === null) throw new EnvironmentError(notRunning);
    const opened = openDatabase(databaseUrl);
    lifetime.onEnd(() => opened.close());
    return opened;
  });
  const foundations = once(async () => {
    const found = await environment();
    if (found.databaseUrl === null || found.temporal === null) {
      throw new EnvironmentError(notRunning);
    }
    const { openFoundations } = await import('../foundations.ts');
    return openFoundations({
      environment: found,
      logger: createLogger('silent', 'start'),
      lifetime,
    });
  });
  const actor = once(async (): Promise<Actor> => {
    const { as: code } = options();
    if (code === undefined) return findAdmin({ database: await database() });
    const person = (await loadPeople((await database()).query)).get(code);
    if (person === undefined) throw new Error(`There is nobody with the code ${code}.`);
    return { person, through: 'cli' };
  });
  return {
    lifetime,
    environment,
    database,
    foundations,
    actor,
    locale,
    print: (lines, value) => {
      const text = options().json === true ? JSON.stringify(value) : lines.join('\n');
      if (text !== '') process.stdout.write(`${text}\n`);
    },
    expectDone: async (result) => {
      if (result.kind !== 'refused') return result;
      const people = await loadPeople((await database()).query);
      throw new Error(describeRefusal(result.refusal, locale, people));
    },
    answerNo: () => {
      process.exitCode = exitCodes.no;
    },
  };
}

const notRunning =
  'No Tagwarden runs here: start it with "npm start", or set DATABASE_URL and TEMPORAL_ADDRESS.';

async function readConnectedEnvironment(): Promise<Environment> {
  const environment = readEnvironment();
  if (environment.databaseUrl !== null) return environment;
  const running = await readRunningSystem(environment.dataDirectory);
  if (running === null) return environment;
  return readEnvironment({
    ...systemEnvironment().all,
    DATABASE_URL: running.databaseUrl,
    CRM_DATABASE_URL: running.crmDatabaseUrl,
    MARKETING_DATABASE_URL: running.marketingDatabaseUrl ?? '',
    TEMPORAL_ADDRESS: running.temporalAddress,
    PUBLIC_URL: running.consoleUrl,
  });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
