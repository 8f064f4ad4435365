import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { createApiToken } from '../../commands/create-api-token.ts';
import { createSignInLink } from '../../commands/create-sign-in-link.ts';
import { startScan } from '../../commands/start-scan.ts';
import { migrateDatabase, type Database } from '../../db/client.ts';
import { applyConfiguration, loadConfiguration } from '../../db/stores/configuration.ts';
import { generateCrm } from '../../sample/crm/generate.ts';
import { configurationDirectory, readConfigurationOrThrow } from '../configuration.ts';
import { findAdmin } from '../admin.ts';
import type { Environment } from '../env.ts';
import type { Lifetime } from '../lifetime.ts';
import { createLogger } from '../logger.ts';
import { ensureSchedules } from '../schedules.ts';
import { openFoundations, type Foundations } from '../foundations.ts';
import type { Say } from './program-cache.ts';

interface SignIn {
  readonly token: string;
  readonly personName: string;
}

export interface PreparedData {
  /** The sample company's people, tags and CRM: anybody may sign in as anybody. */
  readonly isSample: boolean;
  /** Scans everything, unless a scan went well before. Needs a worker. */
  firstScan(): Promise<void>;
  /** A token for the JSON API that acts as the first data admin. */
  createApiToken(): Promise<string>;
  /** A one-time link for the first data admin, who may have no chat yet to ask for one. */
  createSignIn(): Promise<SignIn>;
  /** In words, such as "61 warnings wait in the inbox". */
  countWaiting(): Promise<string>;
}

/** What is planted in the sample CRM, as JSON lines in the data folder. */
export const sampleManifestName = 'sample-crm.jsonl';

/** Brings schema, configuration, sample CRM and schedules to where worker and server can start. */
export async function prepareData(
  environment: Environment,
  options: {
    readonly lifetime: Lifetime;
    readonly say: Say;
    /** Of the sample CRM, where it has to be made. */
    readonly customers: number;
    /** Whether the CRM's database is one of our own, so that the sample may be made in it. */
    readonly ownCrm: boolean;
  },
): Promise<PreparedData> {
  const { lifetime, say } = options;
  const logger = createLogger('silent', 'start');
  const foundations = await openFoundations({ environment, logger, lifetime });
  const { database } = foundations;
  await migrateDatabase(database);
  await ensureConfiguration(foundations, say);
  const isSample = environment.configDirectory === null;
  if (isSample && options.ownCrm) await ensureSampleCrm(foundations, options);
  const configuration = await loadConfiguration(database.query);
  if (configuration !== null) await ensureSchedules(foundations.temporal, configuration.policy);
  return {
    isSample,
    firstScan: () => firstScan(foundations, say),
    createApiToken: () => createToken(foundations),
    createSignIn: () => createSignIn(foundations),
    countWaiting: () => countWaiting(database),
  };
}

async function ensureConfiguration(
  { database, environment, now }: Foundations,
  say: Say,
): Promise<void> {
  if ((await loadConfiguration(database.query)) !== null) return;
  const directory = configurationDirectory(environment);
  say(`Applying the configuration in ${directory} …`);
  const wanted = await readConfigurationOrThrow(directory);
  await applyConfiguration(database.query, wanted, { by: null, through: 'cli', nowMs: now() });
}

/** The manifest of what was planted comes last: without it the CRM is made anew. */
async function ensureSampleCrm(
  { environment, now }: Foundations,
  { say, customers }: { readonly say: Say; readonly customers: number },
): Promise<void> {
  const manifestFile = join(environment.dataDirectory, sampleManifestName);
  if ((await stat(manifestFile).catch(() => null)) !== null) return;
  say(`Making a sample CRM of ${customers} customers …`);
  const url = environment.variable('CRM_DATABASE_URL') ?? '';
  await dropUnfinishedCrm(url);
  const unfinished = `${manifestFile}.unfinished`;
  await generateCrm({
    url,
    customers,
    nowMs: now(),
    configuration: await readConfigurationOrThrow(configurationDirectory(environment)),
    manifestFile: unfinished,
    onProgress: (progress) => say(`… ${progress.customers} of ${progress.of} customers`),
  });
  await rename(unfinished, manifestFile);
}

async function dropUnfinishedCrm(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client`drop schema if exists crm, marketing cascade`;
  } finally {
    await client.end();
  }
}

const scanPollMs = 250;

async function firstScan(foundations: Foundations, say: Say): Promise<void> {
  const { sql } = foundations.database;
  const [done] = await sql`select 1 from scan where kind = 'full' and state = 'done' limit 1`;
  if (done !== undefined) return;
  say('Scanning every customer …');
  const result = await startScan(foundations, await findAdmin(foundations), { kind: 'full' });
  if (result.kind === 'refused')
    throw new Error(`The scan could not start: ${result.refusal.kind}.`);
  for (;;) {
    const [scan] = await sql`
      select state, error, customers, findings_open from scan where id = ${result.scanId}`;
    if (scan?.['state'] === 'done') {
      say(`Scanned ${scan['customers']} customers: ${scan['findings_open']} findings.`);
      return;
    }
    if (scan?.['state'] !== 'running') {
      say(`The scan did not come to its end: ${scan?.['error'] ?? 'it was cancelled'}`);
      return;
    }
    await delay(scanPollMs);
  }
}

const tokenLifeDays = 30;

async function createToken(foundations: Foundations): Promise<string> {
  const admin = await findAdmin(foundations);
  const { roles } = admin.person;
  const result = await createApiToken(foundations, admin, {
    name: 'npm start',
    roles,
    lifeDays: tokenLifeDays,
  });
  if (result.kind === 'refused') throw new Error(`No API token: ${result.refusal.kind}.`);
  return result.token;
}

async function createSignIn(foundations: Foundations): Promise<SignIn> {
  const admin = await findAdmin(foundations);
  const result = await createSignInLink(foundations, admin);
  if (result.kind === 'refused') throw new Error(`No sign-in link: ${result.refusal.kind}.`);
  return { token: result.token, personName: admin.person.name.en };
}

async function countWaiting({ sql }: Database): Promise<string> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from warning where state <> 'closed'`;
  const count = row?.count ?? 0;
  return count === 1 ? '1 warning waits in the inbox' : `${count} warnings wait in the inbox`;
}
