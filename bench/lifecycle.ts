import { Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { startTemporal } from '../app/embedded/temporal.ts';
import { readEnvironment } from '../app/env.ts';
import { createLogger } from '../app/logger.ts';
import { connectWorker, namespaceOf } from '../app/temporal-client.ts';
import { bundleWorkflows, installRuntime, runWorkers } from '../app/workers.ts';
import { openFoundations, type Foundations } from '../app/wiring.ts';
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
      await live(foundations, { first: 0, count: atOnce });
      say(`Opening and closing ${warnings} warnings …`);
      const { perSecond, events } = await live(foundations, { first: atOnce, count: warnings });
      say(`${rounded(perSecond, 1)} a second, ${events} events each. Bare workflows …`);
      const barePerSecond = await liveBare(foundations, { count: warnings, events });
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

/** How many a second, and how long their histories are in the middle. */
async function live(
  foundations: Foundations,
  warnings: { readonly first: number; readonly count: number },
): Promise<{ readonly perSecond: number; readonly events: number }> {
  const lengths: number[] = [];
  const startedAtMs = performance.now();
  await inParallel(warnings.count, async (index) => {
    lengths.push(await liveOne(foundations, warnings.first + index));
  });
  const seconds = (performance.now() - startedAtMs) / 1_000;
  lengths.sort((a, b) => a - b);
  return {
    perSecond: warnings.count / seconds,
    events: lengths[Math.floor(lengths.length / 2)] ?? 0,
  };
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

/** How many a second. */
async function liveBare(
  { environment, temporal }: Foundations,
  bare: { readonly count: number; readonly events: number },
): Promise<number> {
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
  const perSecond = await worker.runUntil(async () => {
    const run = (index: number) =>
      temporal.workflow.execute('bare', {
        workflowId: `bare/${index}`,
        taskQueue: bareQueue,
        args: [{ events: bare.events }],
      });
    await inParallel(atOnce, (index) => run(-index - 1));
    const startedAtMs = performance.now();
    await inParallel(bare.count, run);
    return bare.count / ((performance.now() - startedAtMs) / 1_000);
  });
  await connection.close();
  return perSecond;
}

async function inParallel(count: number, one: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) await one(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
}
