import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { inject } from 'vitest';
import { readConfigurationOrThrow, sampleDirectory } from '../../app/configuration.ts';
import { readEnvironment } from '../../app/env.ts';
import { createHttp } from '../../app/http.ts';
import type { Lifetime } from '../../app/lifetime.ts';
import { createLogger } from '../../app/logger.ts';
import { ensureSearchAttributes } from '../../app/search-attributes.ts';
import { connectClient } from '../../app/temporal-client.ts';
import { runWorkers } from '../../app/workers.ts';
import { openFoundations, type Foundations } from '../../app/foundations.ts';
import { createConsole, createDoors } from '../../app/server-wiring.ts';
import { createApiToken } from '../../commands/create-api-token.ts';
import { startScan } from '../../commands/start-scan.ts';
import { applyConfiguration } from '../../db/stores/configuration.ts';
import type { ChatGroup } from '../../domain/chat-group.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { Person } from '../../domain/person.ts';
import { generateCrm } from '../../sample/crm/generate.ts';
import { PlainBrowser } from './console.ts';
import { createEmptyDatabase, createTestDatabase } from './database.ts';
import type { ChatPeople } from './slack-people.ts';
import './temporal.ts';
import { sharedWorkflowBundle } from './workflow-bundle.ts';

/** What the servers hold open to a platform, as the platform sees it. */
export interface PlatformConnections {
  readonly sockets: ReadonlySet<unknown>;
  socketsOpened(): number;
  /** The connection that carries the next answer breaks under it. */
  loseNextAnswer(): void;
  cutConnections(): void;
  /** The platform asks for new connections; where it has no such request, it cuts them. */
  refreshConnections(): void;
}

/** A chat platform's loopback stand-in. */
export interface ChatPlatform {
  readonly people: ChatPeople;
  readonly connections: PlatformConnections;
  /** What points the system at it. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts a platform that knows these people and groups and sends its events to `deliver`. */
export type StartPlatform = (options: {
  readonly people: readonly Person[];
  readonly groups: readonly ChatGroup[];
  readonly deliver: (request: Request) => Promise<Response>;
}) => Promise<ChatPlatform>;

export interface SystemOptions {
  readonly startPlatform: StartPlatform;
  /** Of the sample CRM. @default 2000 */
  readonly customers?: number;
  /** Changes the sample company's configuration. */
  readonly configure?: (configuration: Configuration) => Configuration;
  /** Processes of console, API and doors; requests come to the first. @default 1 */
  readonly servers?: number;
  /** false: workers are started by the test itself. @default true */
  readonly work?: boolean;
}

const pollMs = 100;
const settleWithinMs = 90_000;
const retentionSeconds = 86_400;

/**
 * The whole of Tagwarden as production runs it, in this process: wiring, workers, console, doors. Databases, Temporal
 * namespace and chat platform are its own, so that nothing disturbs another system. Call `stop()` when done.
 */
export async function startSystem(options: SystemOptions) {
  const end = createEnd();
  try {
    return await bringUp(options, end);
  } catch (error) {
    await end.stop();
    throw error;
  }
}

export type System = Awaited<ReturnType<typeof startSystem>>;

async function bringUp(options: SystemOptions, end: ReturnType<typeof createEnd>) {
  const { lifetime } = end;
  const nowMs = Date.now();
  const sample = await readConfigurationOrThrow(sampleDirectory);
  const configuration = options.configure?.(sample) ?? sample;

  const own = await createTestDatabase();
  lifetime.onEnd(() => own.drop());
  const crmDatabase = await createEmptyDatabase();
  lifetime.onEnd(() => crmDatabase.drop());
  const by = { by: null, through: 'cli', nowMs } as const;
  await applyConfiguration(own.database.query, configuration, by);
  await generateCrm({
    url: crmDatabase.url,
    customers: options.customers ?? 2000,
    nowMs,
    configuration: sample,
  });
  const crm = postgres(crmDatabase.url, { max: 2, onnotice: () => {} });
  lifetime.onEnd(() => crm.end());

  let fetchHttp: (request: Request) => Promise<Response> = () =>
    Promise.reject(new Error('The system is not up yet.'));
  const people = new Map(configuration.people.map((one) => [one.code, one]));
  const platform = await options.startPlatform({
    people: [...people.values()],
    groups: configuration.policy.groups,
    deliver: (request) => fetchHttp(request),
  });
  lifetime.onEnd(() => platform.close());
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tagwarden-system-'));
  lifetime.onEnd(() => rm(dataDirectory, { recursive: true, force: true }));
  const namespace = `system-${randomUUID()}`;
  const variables = {
    DATABASE_URL: own.url,
    CRM_DATABASE_URL: crmDatabase.url,
    MARKETING_DATABASE_URL: crmDatabase.url,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
    PUBLIC_URL: 'http://localhost',
    DATA_DIR: dataDirectory,
    LOG_LEVEL: 'warn',
    ...platform.variables,
  };
  const environment = readEnvironment(variables);
  await createNamespace(namespace);
  const logger = createLogger(environment.logLevel, 'server');
  const foundations = await openFoundations({ environment, logger, lifetime });
  await within('register search attributes', () => ensureSearchAttributes(foundations.temporal));

  const http = createHttp({
    web: createConsole(foundations, true),
    doors: await createDoors(foundations, lifetime),
    dependencies: new Map(),
    metrics: { sql: foundations.database.sql, readBacklogs: async () => new Map() },
  });
  fetchHttp = async (request) => http.fetch(request);
  for (let server = 1; server < (options.servers ?? 1); server += 1) {
    await createDoors(await openFoundations({ environment, logger, lifetime }), lifetime);
  }
  if (options.work !== false) await startWorkers(foundations, end);

  function person(code: string): Person {
    const found = people.get(code);
    if (found === undefined) throw new Error(`The sample company has no ${code}.`);
    return found;
  }

  /** A bearer token's view of the JSON API. */
  async function api(code: string) {
    const actor = { person: person(code), through: 'cli' } as const;
    const { roles } = actor.person;
    const made = await createApiToken(foundations, actor, { name: 'test', roles, lifeDays: 1 });
    if (made.kind !== 'done') throw new Error(`No API token for ${code}.`);
    return async (method: 'GET' | 'POST', path: string, body?: object) => {
      const response = await http.request(`http://localhost/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${made.token}`,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    };
  }

  async function browser(code: string): Promise<PlainBrowser> {
    const opened = new PlainBrowser(
      http as unknown as ConstructorParameters<typeof PlainBrowser>[0],
    );
    await opened.signInAs(code);
    return opened;
  }

  async function scan(): Promise<void> {
    const admin = { person: person('hu-bin'), through: 'cli' } as const;
    const started = await startScan(foundations, admin, { kind: 'full' });
    if (started.kind === 'refused') throw new Error(`No scan: ${started.refusal.kind}.`);
    const { sql } = foundations.database;
    const [ended] = await until(
      'the scan is over',
      () => sql<{ state: string; error: string | null }[]>`
        select state, error from scan where id = ${started.scanId} and state <> 'running'`,
      (rows) => rows.length > 0,
    );
    if (ended?.state !== 'done') throw new Error(`The scan failed: ${ended?.error}`);
  }

  return {
    ...foundations,
    variables,
    people: platform.people,
    connections: platform.connections,
    person,
    crm,
    http,
    api,
    browser,
    scan,
    stop: end.stop,
  };
}

/** Reads again and again until it is so, and answers what was read; fails with the last reading. */
export async function until<T>(
  what: string,
  read: () => Promise<T>,
  isSo: (value: T) => boolean,
): Promise<T> {
  let last: unknown = null;
  for (const deadlineMs = Date.now() + settleWithinMs; Date.now() < deadlineMs; ) {
    const value = await read();
    if (isSo(value)) return value;
    last = value;
    await delay(pollMs);
  }
  const seen = JSON.stringify(last)?.slice(0, 2000);
  throw new Error(`Not within ${settleWithinMs / 1000} s: ${what}. Last seen: ${seen}`);
}

/** Steps of the end, the last first; the first failure is thrown when all have run. */
function createEnd() {
  const steps: (() => Promise<unknown>)[] = [];
  const abort = new AbortController();
  const lifetime: Lifetime = {
    onEnd: (step) => void steps.push(step),
    signal: abort.signal,
    allowToFinish: () => {},
  };
  async function stop(): Promise<void> {
    abort.abort();
    const failures: unknown[] = [];
    for (const step of steps.splice(0).toReversed()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
  return { lifetime, stop };
}

async function startWorkers(
  foundations: Foundations,
  { lifetime }: ReturnType<typeof createEnd>,
): Promise<void> {
  const connections = createEnd();
  let running = Promise.resolve();
  const ready = new Promise<void>((resolve) => {
    const part: Lifetime = {
      ...lifetime,
      onEnd: (step) => connections.lifetime.onEnd(step),
    };
    running = runWorkers(foundations, part, resolve, { workflowBundle: sharedWorkflowBundle() });
  });
  // Workers come to their end before what they work with is closed.
  lifetime.onEnd(async () => {
    await running;
    await connections.stop();
  });
  await Promise.race([ready, running]);
}

async function createNamespace(namespace: string): Promise<void> {
  const client = await connectClient({
    address: inject('temporalAddress'),
    namespace,
    apiKey: null,
    tls: null,
  });
  try {
    await client.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: retentionSeconds } as never,
    });
    await within('know the namespace', () =>
      client.workflowService.describeNamespace({ namespace }),
    );
  } finally {
    await client.connection.close();
  }
}

/** Temporal knows a new namespace in every part of it only after a moment. */
async function within<T>(what: string, attempt: () => Promise<T>): Promise<void> {
  await until(
    what,
    () =>
      attempt().then(
        () => 'done',
        (error: unknown) => String(error),
      ),
    (result) => result === 'done',
  );
}
