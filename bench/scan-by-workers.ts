import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Client, WorkflowHandle } from '@temporalio/client';
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
 * scanning thread each, as workers on several machines share them. Where there are as many cores and Linux's taskset,
 * each worker has one core to itself and the database as many as there are workers: otherwise one worker and its
 * database would have all cores busy already. Milliseconds from the plan to the last shard's end, in each worker's
 * second scan. That the workers share a scan is shown by the shards that each did, also where other work keeps the
 * cores busy and the milliseconds say little.
 */
export async function timeScanByWorkers(
  company: LargeCompany,
  workers: number,
  context: BenchmarkContext,
): Promise<{
  readonly oneWorkerMs: number;
  readonly workersMs: number;
  /** How many shards each of `workers` did, the most first. */
  readonly shardsByWorker: readonly number[];
  /** 0: they shared what cores there are. */
  readonly coresPerWorker: 0 | 1;
}> {
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
  const cores = await coresFor(workers);
  const scan = (count: number) =>
    scanWith({ workers: count, cores, company, variables, client }, context);
  const one = await scan(1);
  const all = await scan(workers);
  return {
    oneWorkerMs: one.ms,
    workersMs: all.ms,
    shardsByWorker: all.shardsByWorker,
    coresPerWorker: cores === null ? 0 : 1,
  };
}

/** The cores that this process may use; null where there are fewer than `workers` or processes cannot be confined. */
async function coresFor(workers: number): Promise<readonly number[] | null> {
  try {
    const status = await readFile('/proc/self/status', 'utf8');
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
    const cores = list.split(',').flatMap((range) => {
      const [from = 0, until = from] = range.split('-').map(Number);
      return Array.from({ length: until - from + 1 }, (_, index) => from + index);
    });
    if (cores.length < workers) return null;
    await confine(process.pid, cores);
    return cores;
  } catch {
    return null;
  }
}

/** What the process starts or forks from now on is confined with it. */
async function confine(pid: number, cores: readonly number[]): Promise<void> {
  await promisify(execFile)('taskset', ['-cp', cores.join(','), String(pid)]);
}

async function readPostgresPid({ directory }: LargeCompany): Promise<number> {
  const [pid = ''] = (await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8')).split(
    '\n',
  );
  return Number(pid);
}

interface Timed {
  readonly ms: number;
  readonly shardsByWorker: readonly number[];
}

async function scanWith(
  run: {
    readonly workers: number;
    /** null: whichever the system gives. */
    readonly cores: readonly number[] | null;
    readonly company: LargeCompany;
    readonly variables: Readonly<Record<string, string | undefined>>;
    readonly client: Client;
  },
  { lifetime, say }: BenchmarkContext,
): Promise<Timed> {
  const { workers, cores, company, variables: env, client } = run;
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
  if (cores !== null) await confine(await readPostgresPid(company), cores.slice(0, workers));
  for (let index = 0; index < workers; index += 1) {
    if (cores !== null) await confine(process.pid, cores.slice(index, index + 1));
    await start(index);
  }
  if (cores !== null) await confine(process.pid, cores);
  const time = async () => {
    const handle = await client.workflow.start('scan', {
      workflowId: `scan-by-${workers}-${randomUUID()}`,
      taskQueue: taskQueues.scans,
      args: [{ kind: 'full', requestedBy: null }],
    });
    const ms = await untilScanned(company, handle.firstExecutionRunId, lifetime.signal);
    const history = await handle.fetchHistory();
    await handle.terminate('measured');
    return { ms, shardsByWorker: countShards(history) };
  };
  // A worker that has just started spends most of its first scan on compiling what it runs.
  await time();
  const timed = await time();
  const { ms, shardsByWorker } = timed;
  const by = workers === 1 ? 'one worker' : `${workers} workers`;
  say(`Shards by ${by} (${shardsByWorker.join(' and ')}): ${rounded(ms, 0)} ms.`);
  await Promise.all(ends.map((end) => end()));
  return timed;
}

/** A worker has an identity of its own. */
function countShards({
  events,
}: Awaited<ReturnType<WorkflowHandle['fetchHistory']>>): readonly number[] {
  const scheduled = new Set<string>();
  const byWorker = new Map<string, number>();
  for (const { eventId, ...event } of events ?? []) {
    const { activityType } = event.activityTaskScheduledEventAttributes ?? {};
    if (activityType?.name === 'scanShard') scheduled.add(String(eventId));
    const { identity, scheduledEventId } = event.activityTaskStartedEventAttributes ?? {};
    if (typeof identity !== 'string' || !scheduled.has(String(scheduledEventId))) continue;
    byWorker.set(identity, (byWorker.get(identity) ?? 0) + 1);
  }
  return [...byWorker.values()].toSorted((a, b) => b - a);
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
