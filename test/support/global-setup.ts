import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { mkdtemp, rm, chmod, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startPostgres, type PostgresServer } from '../../app/embedded/postgres.ts';
import { startTemporal } from '../../app/embedded/temporal.ts';
import { resolveTimeSkippingServer } from '../../app/embedded/temporal-programs.ts';
import { migrateDatabase, openDatabase } from '../../db/client.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection url of the test server's maintenance database. */
    readonly postgresUrl: string;
    /** host:port of the run's Temporal dev server. */
    readonly temporalAddress: string;
    /** Name of the migrated, empty database that each test's own is a copy of. */
    readonly databaseTemplate: string;
    /** All workflows as one script, as workers take them. */
    readonly workflowBundlePath: string;
  }
}

/** Starts what the project's tests share: each file makes a database or task queues of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'tagwarden-test-'));
  await chmod(directory, 0o755);
  if (project.name === 'workflows') await resolveTimeSkippingServer(say);
  const [postgres, temporal, workflowBundlePath] = await Promise.all([
    startMigratedPostgres(directory),
    startTemporal({ directory, ui: false, say }),
    bundleWorkflows(directory),
  ]);
  project.provide('databaseTemplate', databaseTemplate);
  project.provide('workflowBundlePath', workflowBundlePath);
  project.provide('postgresUrl', postgres.url);
  project.provide('temporalAddress', temporal.address);
  return async () => {
    await Promise.all([temporal.stop(), postgres.stop()]);
    await rm(directory, { recursive: true, force: true });
  };
}

const databaseTemplate = 'tagwarden_template';

async function startMigratedPostgres(directory: string): Promise<PostgresServer> {
  const server = await startPostgres({ directory, durable: false });
  const database = openDatabase(await server.openDatabase(databaseTemplate));
  await migrateDatabase(database);
  await database.close();
  return server;
}

/** Once for all files, since it takes seconds. */
async function bundleWorkflows(directory: string): Promise<string> {
  const pathOf = (name: string) =>
    fileURLToPath(new URL(`../../workflows/${name}.ts`, import.meta.url));
  const { code } = await bundleWorkflowCode({
    workflowsPath: pathOf('index'),
    workflowInterceptorModules: [pathOf('trace-headers')],
    logger: new DefaultLogger('ERROR'),
  });
  const bundlePath = join(directory, 'workflows.js');
  await writeFile(bundlePath, code);
  return bundlePath;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
