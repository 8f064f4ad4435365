import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { startChild } from '../app/child-process.ts';
import { startTemporal } from '../app/embedded/temporal.ts';
import { readEnvironment } from '../app/env.ts';
import { connectClient } from '../app/temporal-client.ts';
import { taskQueues } from '../workflows/messages.ts';
import { rounded, type BenchmarkContext } from './benchmark.ts';
import type { LargeCompany } from './large-company.ts';

const pollMs = 20;

/**
 * The shards of a full scan through Temporal, done by one worker process and then by `workers` of them with one
 * scanning thread each, as workers on several machines share them. Milliseconds from the plan to the last shard's end.
 */
export async function timeScanByWorkers(
  company: LargeCompany,
  workers: number,
  context: BenchmarkContext,
): Promise<{ readonly oneWorkerMs: number; readonly workersMs: number }> {
  const { lifetime, say } = context;
  say('Starting Temporal …');
  const temporal = await startTemporal({ directory: company.directory, ui: false, say });
  lifetime.onEnd(() => temporal.stop());
  const variables = {
    ...process.env,
    DATABASE_URL: company.databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    LOG_LEVEL: 'error',
    SCAN_THREADS: '1',
  };
  const { temporal: connection } = readEnvironment(variables);
  if (connection === null) throw new Error('Temporal has no address.');
  const client = await connectClient(connection);
  lifetime.onEnd(() => client.connection.close());
  const scan = (count: number) => scanWith({ workers: count, company, variables, client }, context);
  return { oneWorkerMs: await scan(1), workersMs: await scan(workers) };
}

async function scanWith(
  run: {
    readonly workers: number;
    readonly company: LargeCompany;
    readonly variables: Readonly<Record<string, string | undefined>>;
    readonly client: Client;
  },
  { lifetime, say }: BenchmarkContext,
): Promise<number> {
  const { workers, company, variables: env, client } = run;
  const ends: (() => Promise<void>)[] = [];
  const onEnd = (step: () => Promise<void>) => ends.push(step);
  const start = (index: number) =>
    startChild({
      file: './worker.ts',
      args: [],
      env,
      logFile: join(company.directory, `worker-${index}.log`),
      lifetime: { ...lifetime, onEnd },
    });
  await Promise.all(Array.from({ length: workers }, (_, index) => start(index)));
  const handle = await client.workflow.start('scan', {
    workflowId: `scan-by-${workers}-${randomUUID()}`,
    taskQueue: taskQueues.scans,
    args: [{ kind: 'full', requestedBy: null }],
  });
  const ms = await untilScanned(company, handle.firstExecutionRunId, lifetime.signal);
  say(`Shards by ${workers === 1 ? 'one worker' : `${workers} workers`}: ${rounded(ms, 0)} ms.`);
  await handle.terminate('measured');
  await Promise.all(ends.map((end) => end()));
  return ms;
}

async function untilScanned(
  { database }: LargeCompany,
  runId: string,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    const [row] = await database.sql<{ planned_at: number; done_at: number; open: number }[]>`
      select s.planned_at, max(h.done_at) as done_at, count(*) filter (where h.done_at is null) as open
      from scan s join scan_shard h on h.scan_id = s.id
      where s.run_id = ${runId}
      group by s.planned_at`;
    if (row?.open === 0) return row.done_at - row.planned_at;
    await delay(pollMs, undefined, { signal });
  }
}
