import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startChild } from './child-process.ts';
import { explainFailure } from './embedded/full-disk.ts';
import { lockFolder } from './embedded/folder-lock.ts';
import { isPortFree } from './embedded/port.ts';
import {
  readRunningSystem,
  removeRunningSystem,
  writeRunningSystem,
} from './embedded/running-system.ts';
import { prepareData } from './embedded/prepare-data.ts';
import { startServices } from './embedded/services.ts';
import { readEnvironment, systemEnvironment, type Environment } from './env.ts';
import { runMain, untilStopped, type Lifetime } from './lifetime.ts';
import { portDefault } from './foundations.ts';

const portsTriedMax = 100;
const customersDefault = 20_000;
const customersMax = 20_000_000;

/**
 * `npm start`: everything on this machine. Real PostgreSQL and Temporal, the sample company, worker and server as
 * processes of their own; data stays in the data folder.
 */
await runMain(async (lifetime) => {
  const environment = readEnvironment();
  try {
    await runEverything(environment, lifetime);
  } catch (error) {
    throw await explainFailure(environment.dataDirectory, error);
  }
});

async function runEverything(environment: Environment, lifetime: Lifetime): Promise<void> {
  const startedAtMs = Date.now();
  const port = await choosePort(environment);
  await takeFolder(environment.dataDirectory, lifetime);
  const services = await startServices(environment, { lifetime, say });
  const publicUrl = environment.publicUrl ?? `http://localhost:${port}`;
  const childEnvironment = {
    ...systemEnvironment().all,
    DATABASE_URL: services.databaseUrl,
    CRM_DATABASE_URL: services.crmDatabaseUrl,
    MARKETING_DATABASE_URL: services.marketingDatabaseUrl ?? '',
    TEMPORAL_ADDRESS: services.temporalAddress,
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    DATA_DIR: environment.dataDirectory,
  };
  const data = await prepareData(readEnvironment(childEnvironment), {
    lifetime,
    say,
    customers: readCustomersOption(),
    ownCrm: environment.variable('CRM_DATABASE_URL') === null,
  });
  const logFile = join(environment.dataDirectory, 'tagwarden.log');
  say('Starting worker and server …');
  const children = await Promise.all([
    startChild({ file: 'worker.ts', args: [], env: childEnvironment, logFile, lifetime }),
    startChild({
      file: 'server.ts',
      args: data.isSample ? ['--sample-people'] : [],
      env: childEnvironment,
      logFile,
      lifetime,
    }),
  ]);
  await data.firstScan();
  await writeRunningSystem(environment.dataDirectory, {
    pid: process.pid,
    databaseUrl: services.databaseUrl,
    crmDatabaseUrl: services.crmDatabaseUrl,
    marketingDatabaseUrl: services.marketingDatabaseUrl,
    temporalAddress: services.temporalAddress,
    temporalUiUrl: services.temporalUiUrl,
    consoleUrl: publicUrl,
    apiToken: await data.createApiToken(),
  });
  lifetime.onEnd(() => removeRunningSystem(environment.dataDirectory));

  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  say('');
  say(`Tagwarden is ready (${seconds} s): ${await data.countWaiting()}.`);
  say(`  Console   ${publicUrl}`);
  if (!data.isSample) {
    const { token, personName } = await data.createSignIn();
    say(`  Sign in   ${publicUrl}/sign-in/${token} (as ${personName}; works once, for 15 minutes)`);
  }
  if (services.temporalUiUrl !== null) say(`  Temporal  ${services.temporalUiUrl}`);
  say(`  Data      ${environment.dataDirectory}`);
  say('Ctrl-C stops everything.');

  const ended = await Promise.race([
    untilStopped(lifetime.signal).then(() => null),
    services.ended.then(
      (name) => `${name} has ended by itself; its log is in ${environment.dataDirectory}.`,
    ),
    Promise.race(children.map((child) => child.ended)).then(
      () => `A process has ended by itself; see ${logFile}.`,
    ),
  ]);
  if (!lifetime.signal.aborted && ended !== null) throw new Error(ended);
  say('Stopping …');
}

/** `npm start -- --customers 100000`: how big the sample CRM is made. */
function readCustomersOption(): number {
  const { values } = parseArgs({ options: { customers: { type: 'string' } } });
  const { customers = String(customersDefault) } = values;
  const number = Number(customers);
  if (Number.isInteger(number) && number >= 1 && number <= customersMax) return number;
  throw new Error(
    `--customers should be a whole number from 1 to ${customersMax}, but is ${customers}.`,
  );
}

async function choosePort(environment: Environment): Promise<number> {
  const { port } = environment;
  if (port !== null) {
    if (await isPortFree(port)) return port;
    throw new Error(`Port ${port} is in use. Set PORT to another one, or stop what listens there.`);
  }
  for (let candidate = portDefault; candidate < portDefault + portsTriedMax; candidate += 1) {
    if (!(await isPortFree(candidate))) continue;
    if (candidate !== portDefault) say(`Port ${portDefault} is in use; using ${candidate}.`);
    return candidate;
  }
  throw new Error(`No port from ${portDefault} on is free. Set PORT.`);
}

async function takeFolder(directory: string, lifetime: Lifetime): Promise<void> {
  const lock = await lockFolder(directory);
  if (lock === null) {
    const running = await readRunningSystem(directory);
    const where = running === null ? '' : `: ${running.consoleUrl}`;
    throw new Error(
      `Tagwarden already runs in ${directory}${where}. Stop it first, or set DATA_DIR.`,
    );
  }
  lifetime.onEnd(() => lock.release());
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
