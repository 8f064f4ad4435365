import { parentPort, workerData } from 'node:worker_threads';
import { doTableWork, type TableWork } from './table-work.ts';

/** One thread of `aside.ts`: does one piece of work and ends. */
if (parentPort === null) throw new Error('table-thread.ts runs as a thread of aside.ts.');
parentPort.postMessage(await doTableWork(workerData as TableWork));
