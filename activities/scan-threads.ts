import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { assertNever } from '../domain/assert-never.ts';
import type {
  PopulationOrder,
  ScanRunner,
  ShardCounts,
  ShardOrder,
  TableOrder,
} from './scan-runner.ts';

export interface ThreadData {
  readonly databaseUrl: string;
}

export type ThreadOrder =
  | { readonly kind: 'shard'; readonly order: ShardOrder }
  | { readonly kind: 'population'; readonly order: PopulationOrder }
  | { readonly kind: 'candidates'; readonly nowMs: number }
  | { readonly kind: 'table'; readonly order: TableOrder }
  /** Give up what is under way. */
  | { readonly kind: 'stop' };

export type ThreadAnswer =
  /** Once, when it has started. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly customers: number }
  /** `counts`: of a shard, otherwise null. */
  | { readonly kind: 'done'; readonly counts: ShardCounts | null }
  | { readonly kind: 'failed'; readonly message: string };

type Work = Exclude<ThreadOrder, { kind: 'stop' }>;

interface Task {
  readonly work: Work;
  readonly signal: AbortSignal | null;
  readonly onProgress: (customers: number) => void;
  readonly resolve: (counts: ShardCounts | null) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  task: Task | null;
}

export interface ScanThreads extends ScanRunner {
  /** Starts all threads now instead of when the first work comes. */
  start(): Promise<void>;
  /** Gives up what is under way and ends the threads. */
  close(): Promise<void>;
}

/** A scan keeps next to nothing, so a third of the usual does, and each thread takes so much less memory. */
const youngGenerationMbMax = 16;

/**
 * Runs shards, counts, finds candidates and takes in tables of tags in threads of their own, so that neither clicks
 * nor heartbeats wait for them. Threads start when they are first needed; one that dies fails its shard, which is then done again. More work than threads waits
 * in turn.
 */
export function openScanThreads(options: {
  readonly databaseUrl: string;
  /** How many, 1 or more. */
  readonly threads: number;
}): ScanThreads {
  const threads = new Set<Thread>();
  const waiting: Task[] = [];
  let isClosed = false;

  function assign(): void {
    while (waiting.length > 0) {
      const thread = idleThread();
      const task = thread === null ? undefined : waiting.shift();
      if (thread === null || task === undefined) return;
      if (task.signal?.aborted === true) {
        task.reject(task.signal.reason);
        continue;
      }
      thread.task = task;
      thread.worker.postMessage(task.work);
      task.signal?.addEventListener('abort', () => stop(thread, task), { once: true });
    }
  }

  function idleThread(): Thread | null {
    for (const thread of threads) if (thread.task === null) return thread;
    return threads.size < options.threads ? startThread() : null;
  }

  function startThread(): Thread {
    const worker = new Worker(new URL('./scan-thread.mjs', import.meta.url), {
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMbMax },
      workerData: { databaseUrl: options.databaseUrl } satisfies ThreadData,
    });
    const thread: Thread = { worker, task: null };
    threads.add(thread);
    worker.on('message', (answer: ThreadAnswer) => hear(thread, answer));
    worker.on('error', (error) => lose(thread, error));
    worker.on('exit', () => lose(thread, new Error('A scanning thread ended.')));
    return thread;
  }

  function hear(thread: Thread, answer: ThreadAnswer): void {
    const { task } = thread;
    if (task === null) return;
    switch (answer.kind) {
      case 'ready':
        return;
      case 'progress':
        task.onProgress(answer.customers);
        return;
      case 'done':
      case 'failed':
        thread.task = null;
        if (answer.kind === 'done') task.resolve(answer.counts);
        else task.reject(task.signal?.reason ?? new Error(answer.message));
        assign();
        return;
      default:
        assertNever(answer);
    }
  }

  function lose(thread: Thread, error: unknown): void {
    threads.delete(thread);
    thread.task?.reject(error);
    thread.task = null;
    if (!isClosed) assign();
  }

  function run(work: Work, control: Pick<Task, 'signal' | 'onProgress'>) {
    return new Promise<ShardCounts | null>((resolve, reject) => {
      if (isClosed) throw new Error('The scanning threads have ended.');
      waiting.push({ work, ...control, resolve, reject });
      assign();
    });
  }

  return {
    runShard: async (order, control) => {
      const counts = await run({ kind: 'shard', order }, control);
      if (counts === null) throw new Error('A shard was answered without its counts.');
      return counts;
    },
    countPopulation: async (order) => {
      await run({ kind: 'population', order }, { signal: null, onProgress: () => {} });
    },
    findCandidates: async (nowMs) => {
      await run({ kind: 'candidates', nowMs }, { signal: null, onProgress: () => {} });
    },
    takeInTable: async (order, { signal }) => {
      await run({ kind: 'table', order }, { signal, onProgress: () => {} });
    },
    start: async () => {
      const started: Promise<unknown>[] = [];
      while (threads.size < options.threads) started.push(once(startThread().worker, 'message'));
      await Promise.all(started);
    },
    close: async () => {
      isClosed = true;
      for (const task of waiting.splice(0)) task.reject(new Error('The scan was stopped.'));
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

function stop(thread: Thread, task: Task): void {
  if (thread.task !== task) return;
  thread.worker.postMessage({ kind: 'stop' } satisfies ThreadOrder);
}
