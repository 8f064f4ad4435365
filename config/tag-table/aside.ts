import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { doTableWork, type TableWork, type TableWorkDone } from './table-work.ts';

/** Below this it takes some milliseconds, a thread takes hundreds to start; a workbook may be a thousand times larger inside. */
const inlineSizeMax = { read: 32 * 1024, plan: 128 * 1024 } as const;
/** What 50,000 rows of the longest cells need is a third of it; a file that wants more is no list of tags. */
const heapMegabytesMax = 2_048;
/** Each holds a core and its memory; who comes later waits. */
const threadsMax = 2;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Does it in a thread of its own where it is large, so that nobody else waits for it. Throws where the thread runs out
 * of memory.
 */
export async function doTableWorkAside(work: TableWork): Promise<TableWorkDone> {
  const size = work.kind === 'read' ? work.bytes.length : work.cells.length;
  if (size <= inlineSizeMax[work.kind]) return doTableWork(work);
  if (running >= threadsMax) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await inThread(work);
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

async function inThread(work: TableWork): Promise<TableWorkDone> {
  const worker = new Worker(new URL('./table-thread.mjs', import.meta.url), {
    execArgv: [],
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  });
  try {
    const [done] = (await once(worker, 'message')) as [TableWorkDone];
    return done;
  } finally {
    await worker.terminate();
  }
}
