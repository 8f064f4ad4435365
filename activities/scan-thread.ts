import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../db/client.ts';
import { createScanRunner } from './scan-runner.ts';
import type { ThreadAnswer, ThreadData, ThreadOrder } from './scan-threads.ts';

/** One thread of `openScanThreads`: does one piece of work at a time, on connections of its own. */
const port = parentPort;
if (port === null) throw new Error('scan-thread.ts runs as a thread of scan-threads.ts.');

const { databaseUrl } = workerData as ThreadData;
const database = openDatabase(databaseUrl);
const runner = createScanRunner(database);
let controller = new AbortController();

const answer = (message: ThreadAnswer): void => port.postMessage(message);

port.on('message', (order: ThreadOrder) => {
  if (order.kind === 'stop') {
    controller.abort();
    return;
  }
  controller = new AbortController();
  work(order, controller.signal).then(answer, (error: unknown) => {
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
});
answer({ kind: 'ready' });

async function work(
  order: Exclude<ThreadOrder, { kind: 'stop' }>,
  signal: AbortSignal,
): Promise<ThreadAnswer> {
  if (order.kind === 'population') {
    await runner.countPopulation(order.order);
    return { kind: 'done', counts: null };
  }
  if (order.kind === 'candidates') {
    await runner.findCandidates(order.nowMs);
    return { kind: 'done', counts: null };
  }
  if (order.kind === 'table') {
    await runner.takeInTable(order.order, { signal });
    return { kind: 'done', counts: null };
  }
  const onProgress = (customers: number) => answer({ kind: 'progress', customers });
  return { kind: 'done', counts: await runner.runShard(order.order, { signal, onProgress }) };
}
