import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readyMessage } from '../../app/parent-process.ts';
import { bundleWorkflows } from '../../app/workers.ts';

/** What a worker that waits is told to begin with. */
export interface WorkerOrders {
  readonly bundlePath: string;
  /** Where it dies: points such as `after deliver`. */
  readonly strikeAt: readonly string[];
}

export interface WorkerProcess {
  /** Of its connections to Tagwarden's database. */
  readonly applicationName: string;
  /** As if its machine had lost power. Resolves when it is gone. */
  kill(): Promise<void>;
  /** As when a new version is rolled out: it finishes what it can. Resolves when it is gone. */
  stop(): Promise<void>;
}

interface WorkersOptions {
  /** For what all of them share. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
}

interface Spawned extends WorkerProcess {
  readonly child: ChildProcess;
}

export type Workers = Awaited<ReturnType<typeof openWorkers>>;

/** Workers that end without having been struck, such as for a fault of the test. */
const endedByThemselvesMax = 5;

/**
 * Workers as processes of their own. One is always kept waiting, so that the next works as soon as one is dead. Call
 * `killAll()` when done.
 */
export async function openWorkers({ directory, variables }: WorkersOptions) {
  const { code } = await bundleWorkflows([fileURLToPath(new URL('./hasty.ts', import.meta.url))]);
  const bundlePath = join(directory, 'workflows.js');
  await writeFile(bundlePath, code);
  const running = new Set<Spawned>();
  const struck = new Set<string>();
  let spawned = 0;
  let endedByThemselves = 0;
  let isOver = false;
  let waiting = spawn();

  function spawn(): Spawned {
    spawned += 1;
    const applicationName = `tagwarden-worker-${spawned}`;
    const child = fork(resolve('test/faults/worker.ts'), [], {
      execArgv: ['--import', 'tsx'],
      env: { PATH: process.env['PATH'] ?? '', ...variables, PGAPPNAME: applicationName },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const ended = once(child, 'exit');
    const end = (signal: 'SIGKILL' | 'SIGTERM') => async () => {
      child.kill(signal);
      await ended;
    };
    const worker: Spawned = {
      applicationName,
      child,
      kill: end('SIGKILL'),
      stop: end('SIGTERM'),
    };
    running.add(worker);
    child.once('exit', () => running.delete(worker));
    return worker;
  }

  function begin(strikeAt: readonly string[]): Spawned {
    const worker = waiting;
    waiting = spawn();
    const orders: WorkerOrders = { bundlePath, strikeAt };
    worker.child.send(orders);
    return worker;
  }

  /** Resolves when it works; throws where it ends before. */
  async function start(): Promise<WorkerProcess> {
    const worker = begin([]);
    const { child } = worker;
    const first = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (first[0] !== readyMessage) {
      throw new Error(`The worker did not come up: ${String(first[0])}.`);
    }
    return worker;
  }

  /** Works through deaths at all of the points, one after another, and then on until `killAll`. */
  function startDying(points: readonly string[]): void {
    const { child } = begin(points.filter((point) => !struck.has(point)));
    let wasStruck = false;
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null || !('struck' in message)) return;
      wasStruck = true;
      struck.add(String(message.struck));
    });
    child.once('exit', () => {
      if (!wasStruck) endedByThemselves += 1;
      if (!isOver && endedByThemselves <= endedByThemselvesMax) startDying(points);
    });
  }

  return {
    start,
    startDying,
    /** Points at which a worker has died. */
    struck: struck as ReadonlySet<string>,
    killAll: async () => {
      isOver = true;
      await Promise.all([...running].map((worker) => worker.kill()));
    },
  };
}
