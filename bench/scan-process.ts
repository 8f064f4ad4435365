import { MockActivityEnvironment } from '@temporalio/testing';
import { randomUUID } from 'node:crypto';
import { createScanActivities } from '../activities/scan.ts';
import { runMain } from '../app/lifetime.ts';
import { openDatabase } from '../db/client.ts';
import { runActivity } from './activity.ts';
import { scanMeasuredSchema, type ScanMeasured } from './scan-measured.ts';

/** As many as a worker takes on at once. */
const shardsAtOnce = 4;

/** A process of its own that runs one full scan of the database at its first argument, so that its memory can be told. */
await runMain(async (lifetime) => {
  const [url = ''] = process.argv.slice(2);
  const database = openDatabase(url);
  lifetime.onEnd(() => database.close());
  await database.sql`select 1`;
  const activities = createScanActivities({
    database,
    refreshCustomers: async () => {},
    warningStarter: { startOrSignal: async () => {} },
    now: Date.now,
  });
  const temporal = new MockActivityEnvironment({
    workflowExecution: { workflowId: 'scan', runId: randomUUID() },
  });
  lifetime.signal.addEventListener('abort', () => temporal.cancel(), { once: true });

  const startedAtMs = performance.now();
  const { scanId } = await runActivity(temporal, activities.beginScan, {
    kind: 'full',
    requestedBy: null,
  });
  const { shards, nowSeconds } = await runActivity(temporal, activities.planScan, { scanId });
  const plannedAtMs = performance.now();
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
  const lanes = Math.min(shards, shardsAtOnce);
  await Promise.all(Array.from({ length: lanes }, scanOneAfterAnother));
  const scannedAtMs = performance.now();
  const { open } = await runActivity(temporal, activities.reconcile, { scanId });
  await runActivity(temporal, activities.finishScan, { scanId });
  const endedAtMs = performance.now();

  const measured: ScanMeasured = {
    ...counts,
    findings: open,
    nowSeconds,
    planMs: plannedAtMs - startedAtMs,
    shardsMs: scannedAtMs - plannedAtMs,
    reconcileMs: endedAtMs - scannedAtMs,
    // Kilobytes on Linux and macOS alike: libuv sees to that.
    peakRssMb: process.resourceUsage().maxRSS / 1_024,
  };
  process.send?.(scanMeasuredSchema.parse(measured));
});
