import { MockActivityEnvironment } from '@temporalio/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSyncActivities, type SyncCounts } from '../activities/sync.ts';
import { readConfigurationOrThrow, sampleDirectory } from '../app/configuration.ts';
import { startPostgres } from '../app/embedded/postgres.ts';
import type { Connector } from '../crm/connector.ts';
import { createPostgresConnector } from '../crm/postgres/connector.ts';
import { postgresMappingSchema, type PostgresMapping } from '../crm/postgres/mapping.ts';
import { migrateDatabase, openDatabase, type Database } from '../db/client.ts';
import { createPromptSockets } from '../db/prompt-socket.ts';
import { applyConfiguration } from '../db/stores/configuration.ts';
import { generateCrm } from '../sample/crm/generate.ts';
import type { Manifest } from '../sample/crm/manifest.ts';
import { runActivity } from './activity.ts';
import type { BenchmarkContext } from './benchmark.ts';

/** The sample company on a PostgreSQL of its own, with settings as in `npm start`; its mirror is empty at first. */
export interface Company {
  /** Of the run; goes when it ends. */
  readonly directory: string;
  readonly databaseUrl: string;
  readonly database: Database;
  readonly crmUrl: string;
  readonly crmMapping: PostgresMapping;
  /** What is in the CRM. */
  readonly manifest: Manifest;
  /** The CRM by its source's code. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Reads the whole CRM into the mirror. */
  readCrm(): Promise<SyncCounts>;
}

/** A PostgreSQL of its own with Tagwarden's database, migrated and empty; lasts as long as the process. */
export async function openDatabaseServer({ lifetime, say }: BenchmarkContext) {
  const directory = await mkdtemp(join(tmpdir(), 'tagwarden-bench-'));
  lifetime.onEnd(() => rm(directory, { recursive: true, force: true }));
  say('Starting PostgreSQL …');
  const server = await startPostgres({ directory });
  lifetime.onEnd(() => server.stop());
  const databaseUrl = await server.openDatabase('tagwarden');
  const database = openDatabase(databaseUrl);
  lifetime.onEnd(() => database.close());
  await migrateDatabase(database);
  return { directory, server, databaseUrl, database };
}

/** Lasts as long as the process. */
export async function openCompany(customers: number, context: BenchmarkContext): Promise<Company> {
  const { lifetime, say } = context;
  const { directory, server, databaseUrl, database } = await openDatabaseServer(context);
  const crmUrl = await server.openDatabase('crm');

  const sample = await readConfigurationOrThrow(sampleDirectory);
  const [source] = sample.sources;
  if (source === undefined) throw new Error('The sample company has no source.');
  // What is measured is one CRM against its own baseline.
  const configuration = { ...sample, sources: [source] };
  const nowMs = Date.now();
  await applyConfiguration(database.query, configuration, { by: null, through: 'cli', nowMs });
  const crmMapping = postgresMappingSchema.parse(source.mapping);
  say(`Making a CRM of ${customers} customers …`);
  const manifest = await generateCrm({
    url: crmUrl,
    customers,
    nowMs,
    configuration,
    onProgress: (progress) => {
      lifetime.signal.throwIfAborted();
      say(`… ${progress.customers} of ${progress.of}`);
    },
  });
  say(`Made ${customers} customers with ${manifest.assignments} assignments.`);

  const connector = createPostgresConnector({
    code: source.code,
    url: crmUrl,
    socket: createPromptSockets(),
    mapping: crmMapping,
    attributes: configuration.attributes,
  });
  lifetime.onEnd(() => connector.close());
  const connectors = new Map([[source.code, connector]]);
  const { syncSource } = createSyncActivities({ database, connectors, now: Date.now });
  return {
    directory,
    databaseUrl,
    database,
    crmUrl,
    crmMapping,
    manifest,
    connectors,
    readCrm: () =>
      runActivity(new MockActivityEnvironment(), syncSource, {
        sourceCode: source.code,
        kind: 'full',
      }),
  };
}
