import { Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { startTemporal } from '../app/embedded/temporal.ts';
import { readEnvironment } from '../app/env.ts';
import { createLogger } from '../app/logger.ts';
import { connectWorker, namespaceOf } from '../app/temporal-client.ts';
import { bundleWorkflows, installRuntime, runWorkers } from '../app/workers.ts';
import { openFoundations, type Foundations } from '../app/foundations.ts';
import { openWarning } from '../db/stores/warnings.ts';
import type { Warning } from '../domain/warning.ts';
import {
  findingsChangedSignal,
  taskQueues,
  warningUpdate,
  warningWorkflowId,
} from '../workflows/messages.ts';
import { rounded, type Benchmark, type BenchmarkContext } from './benchmark.ts';
import { openCompany } from './company.ts';

const atOnce = 40;
const turns = 4;
const bareQueue = 'bare';
const bareActivitiesMax = 50;
const hourMs = 3_600_000;

/**
 * Warnings from open over claimed to closed, with projection, audit trail and a card in the inbox, through production's
 * workers. Held against a workflow that does nothing in as many events, on the same Temporal.
 */
export const lifecycle: Benchmark<'warnings'> = {
  summary: 'warnings from open to closed, against bare workflows with as many events',
  options: {
    warnings: { default: 400, min: 10, max: 100_000, meaning: 'how many are opened and closed' },
  },
  async run({ warnings }, context) {
    const { say } = context;
    const foundations = await openSystem(context);
    const working = await work(foundations, context);
    try {
      say('Warming up …');
      const { events } = await live(foundations, { first: 0, count: atOnce });
      say(`Opening and closing ${warnings} warnings, beside bare workflows of ${events} events …`);
      const { perSecond, barePerSecond } = await takeTurns(foundations, { warnings, events });
      return {
        warnings,
        perSecond: rounded(perSecond, 1),
        barePerSecond: rounded(barePerSecond, 1),
        ratioToBare: rounded(perSecond / barePerSecond, 2),
      };
    } finally {
      await working.stop();
    }
  },
};

async function openSystem(context: BenchmarkContext): Promise<Foundations> {
  const { lifetime, say } = context;
  const { directory, databaseUrl, crmUrl } = await openCompany(100, context);
  say('Starting Temporal …');
  const temporal = await startTemporal({ directory, ui: false, say });
  lifetime.onEnd(() => temporal.stop());
  const environment = readEnvironment({
    DATABASE_URL: databaseUrl,
    CRM_DATABASE_URL: crmUrl,
    TEMPORAL_ADDRESS: temporal.address,
    LOG_LEVEL: 'error',
  });
  const logger = createLogger(environment.logLevel, 'worker');
  installRuntime(logger);
  return openFoundations({ environment, logger, lifetime });
}

async function work(
  foundations: Foundations,
  { lifetime }: BenchmarkContext,
): Promise<{ stop(): Promise<void> }> {
  const abort = new AbortController();
  const signal = AbortSignal.any([abort.signal, lifetime.signal]);
  let running = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    running = runWorkers(foundations, { ...lifetime, signal }, resolve);
    running.catch(reject);
  });
  return {
    stop: async () => {
      abort.abort();
      await running;
    },
  };
}

/** How many of either a second. They take turns, so that what else the machine does slows both. */
async function takeTurns(
  foundations: Foundations,
  { warnings, events }: { readonly warnings: number; readonly events: number },
): Promise<{ readonly perSecond: number; readonly barePerSecond: number }> {
  return withBareWorker(foundations, events, async (bare) => {
    await bare({ first: 0, count: atOnce });
    let liveMs = 0;
    let bareMs = 0;
    for (let turn = 0; turn < turns; turn += 1) {
      const first = Math.round((warnings * turn) / turns);
      const count = Math.round((warnings * (turn + 1)) / turns) - first;
      const some = { first: atOnce + first, count };
      liveMs += (await live(foundations, some)).elapsedMs;
      bareMs += (await bare(some)).elapsedMs;
    }
    return {
      perSecond: (warnings * 1_000) / liveMs,
      barePerSecond: (warnings * 1_000) / bareMs,
    };
  });
}

interface Some {
  readonly first: number;
  readonly count: number;
}

/** How long they take, and how long their histories are in the middle. */
async function live(
  foundations: Foundations,
  { first, count }: Some,
): Promise<{ readonly elapsedMs: number; readonly events: number }> {
  const lengths: number[] = [];
  const elapsedMs = await inParallel(count, async (index) => {
    lengths.push(await liveOne(foundations, first + index));
  });
  lengths.sort((a, b) => a - b);
  return { elapsedMs, events: lengths[Math.floor(lengths.length / 2)] ?? 0 };
}

/** Opened by a scan, claimed by its owner, closed because the next scan finds nothing. Answers its number of events. */
async function liveOne({ database, temporal }: Foundations, index: number): Promise<number> {
  const { warning } = await database.query.transaction((transaction) =>
    openWarning(transaction, newWarning(index), Date.now()),
  );
  const handle = await temporal.workflow.signalWithStart('warning', {
    workflowId: warningWorkflowId(warning.fingerprint),
    taskQueue: taskQueues.warnings,
    args: [{ warningId: warning.id }],
    signal: findingsChangedSignal,
    signalArgs: [{ warningId: warning.id, customers: warning.customers }],
  });
  await handle.executeUpdate(warningUpdate, {
    args: [
      {
        warningId: warning.id,
        by: { personCode: warning.ownerCode, through: 'inbox' },
        update: { kind: 'claim' },
      },
    ],
  });
  await handle.signal(findingsChangedSignal, { warningId: warning.id, customers: 0 });
  await handle.result();
  return (await handle.describe()).historyLength;
}

/** Each with a fingerprint of its own. */
function newWarning(index: number): Parameters<typeof openWarning>[1] {
  const severity: Warning['severity'] = 'high';
  return {
    ruleId: 1,
    ruleCode: `bench-${index}`,
    severity,
    ownerCode: 'li-lei',
    secondLineCode: 'han-meimei',
    managerCode: null,
    customers: 3,
    claimWithinMs: 2 * hourMs,
    closeWithinMs: 24 * hourMs,
  };
}

async function withBareWorker<T>(
  { environment, temporal }: Foundations,
  events: number,
  use: (bare: (some: Some) => Promise<{ readonly elapsedMs: number }>) => Promise<T>,
): Promise<T> {
  const connection = await connectWorker(environment.temporal);
  const worker = await Worker.create({
    connection,
    namespace: namespaceOf(environment.temporal),
    taskQueue: bareQueue,
    workflowBundle: await bundleWorkflows(
      [],
      fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
    ),
    activities: { nothing: async () => {} },
    maxConcurrentActivityTaskExecutions: bareActivitiesMax,
  });
  const runOne = (index: number) =>
    temporal.workflow.execute('bare', {
      workflowId: `bare/${index}`,
      taskQueue: bareQueue,
      args: [{ events }],
    });
  const done = await worker.runUntil(() =>
    use(async ({ first, count }) => ({
      elapsedMs: await inParallel(count, (index) => runOne(first + index)),
    })),
  );
  await connection.close();
  return done;
}

/** Answers how long it took, in milliseconds. */
async function inParallel(
  count: number,
  one: (index: number) => Promise<unknown>,
): Promise<number> {
  const startedAtMs = performance.now();
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) await one(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
  return performance.now() - startedAtMs;
}
