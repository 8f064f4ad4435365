import { MockActivityEnvironment } from '@temporalio/testing';
import { randomUUID } from 'node:crypto';
import { on } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createScanActivities } from '../activities/scan.ts';
import { openScanThreads, type ScanThreads } from '../activities/scan-threads.ts';
import { runMain } from '../app/lifetime.ts';
import { openDatabase, type Database } from '../db/client.ts';
import { runActivity } from './activity.ts';
import { scanAskedSchema, type ScanAsked, type ScanMeasured } from './scan-measured.ts';

const loopResolutionMs = 5;
const nanosecondsPerMs = 1_000_000;
const microsecondsPerMs = 1_000;

/**
 * A process of its own that scans the database at its first argument with as many threads as the second says, so that
 * its memory can be told: each message asks for a scan, and is answered with what was measured. It has started
 * and is warm for the second scan as a worker is.
 */
await runMain(async (lifetime) => {
  const [url = '', threadCount = ''] = process.argv.slice(2);
  const database = openDatabase(url);
  lifetime.onEnd(() => database.close());
  await database.sql`select 1`;
  const threads = openScanThreads({ databaseUrl: url, threads: Number(threadCount) });
  lifetime.onEnd(() => threads.close());
  await threads.start();
  const asked = on(process, 'message', { signal: lifetime.signal });
  process.send?.('ready');
  for await (const [message] of asked) {
    const lanes = Number(threadCount);
    const scan = scanAskedSchema.parse(message);
    process.send?.(await measureScan(scan, { database, threads, lanes }));
  }
});

async function measureScan(
  { kind, nowMs }: ScanAsked,
  {
    database,
    threads,
    lanes,
  }: { readonly database: Database; readonly threads: ScanThreads; readonly lanes: number },
): Promise<ScanMeasured> {
  let countMs = 0;
  const activities = createScanActivities({
    database,
    refreshCustomers: async () => {},
    warningStarter: { startOrSignal: async () => {} },
    now: () => nowMs,
    runner: {
      runShard: (order, control) => threads.runShard(order, control),
      countPopulation: async (order) => {
        const startedAtMs = performance.now();
        await threads.countPopulation(order);
        countMs = performance.now() - startedAtMs;
      },
    },
  });
  const temporal = new MockActivityEnvironment({
    workflowExecution: { workflowId: 'scan', runId: randomUUID() },
  });

  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  const { scanId } = await runActivity(temporal, activities.beginScan, { kind, requestedBy: null });
  const plan = await runActivity(temporal, activities.planScan, { scanId });
  const { shards, nowSeconds } = plan;
  const isCounted = !plan.coversAll;
  const plannedAtMs = performance.now();
  const loop = monitorEventLoopDelay({ resolution: loopResolutionMs });
  loop.enable();
  const counts = { customers: 0, assignments: 0 };
  let next = 0;
  async function scanOneAfterAnother(): Promise<void> {
    while (next < shards) {
      const shard = next;
      next += 1;
      const done = await runActivity(temporal, activities.scanShard, { scanId, shard, nowSeconds });
      counts.customers += done.customers;
      counts.assignments += done.assignments;
    }
  }
  await Promise.all([
    ...Array.from({ length: Math.min(shards, lanes) }, scanOneAfterAnother),
    isCounted ? runActivity(temporal, activities.countChanges, { scanId }) : null,
  ]);
  loop.disable();
  if (isCounted) countMs = 0;
  const scannedAtMs = performance.now();
  const { open } = await runActivity(temporal, activities.reconcile, { scanId, isCounted });
  await runActivity(temporal, activities.finishScan, { scanId });
  const reconciledAtMs = performance.now();
  const cpu = process.cpuUsage(cpuBefore);
  const peakRssMb = readPeakRssMb();
  if (kind === 'full') await threads.findCandidates(nowMs);
  const endedAtMs = performance.now();
  return {
    ...counts,
    findings: open,
    nowSeconds,
    planMs: plannedAtMs - startedAtMs,
    shardsMs: scannedAtMs - plannedAtMs,
    countMs,
    reconcileMs: reconciledAtMs - scannedAtMs - countMs,
    suggestMs: endedAtMs - reconciledAtMs,
    cpuMs: (cpu.user + cpu.system) / microsecondsPerMs,
    peakRssMb,
    peakRssWithSuggestionsMb: readPeakRssMb(),
    loopP99Ms: Math.max(0, loop.percentile(99) / nanosecondsPerMs - loopResolutionMs),
  };
}

/** Kilobytes on Linux and macOS alike: libuv sees to that. */
function readPeakRssMb(): number {
  return process.resourceUsage().maxRSS / 1_024;
}
