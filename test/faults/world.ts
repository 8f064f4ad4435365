import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { readConfigurationOrThrow, sampleDirectory } from '../../app/configuration.ts';
import { startPostgres } from '../../app/embedded/postgres.ts';
import { startTemporal } from '../../app/embedded/temporal.ts';
import { readEnvironment } from '../../app/env.ts';
import type { Lifetime } from '../../app/lifetime.ts';
import { createLogger } from '../../app/logger.ts';
import { openFoundations } from '../../app/foundations.ts';
import { createDoors } from '../../app/server-wiring.ts';
import { migrateDatabase } from '../../db/client.ts';
import { applyConfiguration } from '../../db/stores/configuration.ts';
import { generateCrm } from '../../sample/crm/generate.ts';
import { startScan } from '../../commands/start-scan.ts';
import { startChat } from './chat.ts';
import { openWorkers } from './workers.ts';

/** Generous: several workers may die on the way, and CI has two slow cores. */
const settleWithinMs = 600_000;
const pollMs = 100;
const askedTimesMax = 10;
/** Small, so that a fix is many batches. */
const batchCustomers = 5;

type Doors = Awaited<ReturnType<typeof createDoors>>;

export type World = Awaited<ReturnType<typeof startWorld>>;

/**
 * All of Tagwarden on a PostgreSQL, a Temporal, a Slack and a Feishu of its own; the first two can be taken down and brought
 * back under the same address. Workers are processes of their own; a worker that dies is followed by the next, as under any
 * process manager. Call `stop()` when done.
 */
export async function startWorld(options: { readonly customers: number }) {
  const steps: (() => Promise<unknown>)[] = [];
  const abort = new AbortController();
  const lifetime: Lifetime = {
    onEnd: (step) => void steps.push(step),
    signal: abort.signal,
    allowToFinish: () => {},
  };
  const stop = async () => {
    abort.abort();
    for (const step of steps.splice(0).toReversed()) await step();
  };
  try {
    return { ...(await build(options.customers, lifetime)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(customers: number, lifetime: Lifetime) {
  const directory = await mkdtemp(join(tmpdir(), 'tagwarden-faults-'));
  await chmod(directory, 0o755);
  lifetime.onEnd(() => rm(directory, { recursive: true, force: true }));
  let server = await startPostgres({ directory, durable: false });
  lifetime.onEnd(() => server.stop());
  let temporal = await startTemporal({ directory, ui: false, say: () => {} });
  lifetime.onEnd(() => temporal.stop());
  const databaseUrl = await server.openDatabase('tagwarden');
  const crmUrl = await server.openDatabase('crm');

  const company = await readConfigurationOrThrow(sampleDirectory);
  // Every write is looked for in one CRM.
  const sample = { ...company, sources: company.sources.slice(0, 1) };
  const { policy } = sample;
  const configuration = {
    ...sample,
    policy: { ...policy, fix: { ...policy.fix, batchCustomers } },
  };
  let doors: Doors = new Map();
  const chat = await startChat({
    people: sample.people,
    deliver: async (request) => {
      const door = doors.get(new URL(request.url).pathname);
      return door === undefined ? new Response(null, { status: 503 }) : door(request);
    },
  });
  lifetime.onEnd(() => chat.close());
  const variables = {
    DATABASE_URL: databaseUrl,
    CRM_DATABASE_URL: crmUrl,
    TEMPORAL_ADDRESS: temporal.address,
    PUBLIC_URL: 'http://localhost',
    DATA_DIR: directory,
    LOG_LEVEL: 'silent',
    ...chat.variables,
  };
  const environment = readEnvironment(variables);
  const logger = createLogger(environment.logLevel, 'server');
  const foundations = await openFoundations({ environment, logger, lifetime });
  const { database } = foundations;
  await migrateDatabase(database);
  const nowMs = Date.now();
  await applyConfiguration(database.query, configuration, { by: null, through: 'cli', nowMs });
  await generateCrm({ url: crmUrl, customers, nowMs, configuration: sample });
  const crm = postgres(crmUrl, { max: 2, onnotice: () => {} });
  lifetime.onEnd(() => crm.end());
  doors = await createDoors(foundations, lifetime);

  const people = new Map(sample.people.map((person) => [person.code, person]));
  const actorOf = (code: string) => {
    const person = people.get(code);
    if (person === undefined) throw new Error(`The sample company has no ${code}.`);
    return { person, through: 'cli' } as const;
  };
  const workers = await openWorkers({ directory, variables });
  lifetime.onEnd(() => workers.killAll());

  return {
    foundations,
    sql: database.sql,
    crm,
    chat,
    workers,
    actorOf,
    /** As when its machine is started anew. */
    restartPostgres: async () => {
      const { port } = server;
      await server.stop();
      server = await startPostgres({ directory, durable: false, port });
    },
    restartTemporal: async (whileDown: () => Promise<unknown> = async () => {}) => {
      const port = Number(temporal.address.split(':')[1]);
      await temporal.stop();
      await whileDown();
      temporal = await startTemporal({ directory, ui: false, port, say: () => {} });
    },
    /** Somebody who is told that nothing answers now asks again, and joins what has begun. */
    scan: async (kind: 'full' | 'incremental' = 'full') => {
      for (let tries = 1; ; tries += 1) {
        const started = await startScan(foundations, actorOf('hu-bin'), { kind });
        if (started.kind !== 'refused') return started.scanId;
        if (started.refusal.kind !== 'unavailable' || tries === askedTimesMax) {
          throw new Error(`No scan: ${started.refusal.kind}.`);
        }
      }
    },
  };
}

/** Asks until it is so; what cannot be asked while something is down is asked again. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  let last: unknown = false;
  for (const endMs = Date.now() + settleWithinMs; Date.now() < endMs; ) {
    last = await isSo().catch((error: unknown) => error);
    if (last === true) return;
    await delay(pollMs);
  }
  throw new Error(`Not within ${settleWithinMs / 1000} s: ${what}. Last: ${String(last)}`);
}

export async function count(query: PromiseLike<readonly postgres.Row[]>): Promise<number> {
  const [row] = await query;
  return Number(row?.['count']);
}
