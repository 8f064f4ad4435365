import { MockActivityEnvironment } from '@temporalio/testing';
import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createScanActivities } from '../activities/scan.ts';
import { openScanThreads } from '../activities/scan-threads.ts';
import { runMain } from '../app/lifetime.ts';
import { openDatabase } from '../db/client.ts';
import { runActivity } from './activity.ts';
import { scanMeasuredSchema, type ScanMeasured } from './scan-measured.ts';

const loopResolutionMs = 5;
const nanosecondsPerMs = 1_000_000;

/**
 * A process of its own that runs one scan of the database at its first argument, so that its memory can be told. Its
 * threads have started, as those of a worker have. The second argument is the kind, the third the number of threads.
 */
await runMain(async (lifetime) => {
  const [url = '', kind = '', threadCount = ''] = process.argv.slice(2);
  const database = openDatabase(url);
  lifetime.onEnd(() => database.close());
  await database.sql`select 1`;
  const threads = openScanThreads({ databaseUrl: url, threads: Number(threadCount) });
  lifetime.onEnd(() => threads.close());
  await threads.start();
  let countMs = 0;
  const activities = createScanActivities({
    database,
    refreshCustomers: async () => {},
    warningStarter: { startOrSignal: async () => {} },
    now: Date.now,
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
  lifetime.signal.addEventListener('abort', () => temporal.cancel(), { once: true });

  const startedAtMs = performance.now();
  const { scanId } = await runActivity(temporal, activities.beginScan, {
    kind: kind === 'incremental' ? 'incremental' : 'full',
    requestedBy: null,
  });
  const { shards, nowSeconds } = await runActivity(temporal, activities.planScan, { scanId });
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
  const lanes = Math.min(shards, Number(threadCount));
  await Promise.all(Array.from({ length: lanes }, scanOneAfterAnother));
  loop.disable();
  const scannedAtMs = performance.now();
  const { open } = await runActivity(temporal, activities.reconcile, { scanId });
  await runActivity(temporal, activities.finishScan, { scanId });
  const reconciledAtMs = performance.now();
  await threads.findCandidates(Date.now());
  const endedAtMs = performance.now();

  const measured: ScanMeasured = {
    ...counts,
    findings: open,
    nowSeconds,
    planMs: plannedAtMs - startedAtMs,
    shardsMs: scannedAtMs - plannedAtMs,
    countMs,
    reconcileMs: reconciledAtMs - scannedAtMs - countMs,
    suggestMs: endedAtMs - reconciledAtMs,
    // Kilobytes on Linux and macOS alike: libuv sees to that.
    peakRssMb: process.resourceUsage().maxRSS / 1_024,
    loopP99Ms: Math.max(0, loop.percentile(99) / nanosecondsPerMs - loopResolutionMs),
  };
  process.send?.(scanMeasuredSchema.parse(measured));
});
