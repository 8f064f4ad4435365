import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type ActivityInterceptorsFactory,
  type LogLevel as TemporalLogLevel,
  type WorkerOptions as TemporalWorkerOptions,
  type WorkflowBundleOption,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import { fileURLToPath } from 'node:url';
import { temporalConfig } from '../temporal.config.ts';
import type { Lifetime } from './lifetime.ts';
import { connectWorker, namespaceOf } from './temporal-client.ts';
import { tracedActivities } from './tracing.ts';
import type { Foundations } from './foundations.ts';
import { countScanThreads, createActivities, runDispatcher } from './worker-wiring.ts';

const traceHeadersPath = fileURLToPath(new URL('../workflows/trace-headers.ts', import.meta.url));
const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** Clicks are short and many. */
const warningActivitiesMax = 50;
/** Reading sources and writing to them are long and heavy on the database. */
const scanActivitiesMax = 4;
const stopWithinMs = 10_000;
/** Activities beat seldom enough by themselves; a beat held back would be missed. */
const heartbeatHeldBackMs = 1_000;

export interface WorkerOptions {
  /** @default all workflows, bundled at start */
  readonly workflowBundle?: WorkflowBundleOption;
  /** Around every activity. */
  readonly activityInterceptors?: readonly ActivityInterceptorsFactory[];
  /** What Temporal's workers do differently. */
  readonly settings?: Pick<TemporalWorkerOptions, 'stickyQueueScheduleToStartTimeout'>;
}

/**
 * Runs a worker on each task queue, and the dispatcher of cards, until the process is asked to stop; `onReady` is
 * called when all poll. The process installs Temporal's runtime before.
 */
export async function runWorkers(
  foundations: Foundations,
  lifetime: Lifetime,
  onReady: () => void,
  options: WorkerOptions = {},
): Promise<void> {
  const { environment } = foundations;
  const [connection, workflowBundle, activities] = await Promise.all([
    connectWorker(environment.temporal),
    options.workflowBundle ?? bundleWorkflows(),
    createActivities(foundations, lifetime),
  ]);
  lifetime.onEnd(() => connection.close());
  const { taskQueues } = temporalConfig;
  const withoutWorkflows = {
    connection,
    namespace: namespaceOf(environment.temporal),
    activities,
    shutdownGraceTime: stopWithinMs,
    maxHeartbeatThrottleInterval: heartbeatHeldBackMs,
    ...options.settings,
    interceptors: {
      activity: [tracedActivities, ...(options.activityInterceptors ?? [])],
    },
  };
  const shared = { ...withoutWorkflows, workflowBundle };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: taskQueues.warnings,
      maxConcurrentActivityTaskExecutions: warningActivitiesMax,
    }),
    Worker.create({
      ...shared,
      taskQueue: taskQueues.scans,
      maxConcurrentActivityTaskExecutions: scanActivitiesMax,
    }),
    Worker.create({
      ...withoutWorkflows,
      taskQueue: taskQueues.threads,
      maxConcurrentActivityTaskExecutions: countScanThreads(environment),
    }),
  ]);
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = Promise.all([
    ...workers.map((worker) => worker.run()),
    runDispatcher(foundations, lifetime.signal),
  ]);
  lifetime.signal.addEventListener('abort', stop, { once: true });
  lifetime.allowToFinish(stopWithinMs + 2_000);
  onReady();
  if (lifetime.signal.aborted) stop();
  await runs.finally(stop);
}

/** All workflows of a module as one script; ends with an error where one imports what cannot be replayed. */
export function bundleWorkflows(
  interceptorModules: readonly string[] = [],
  path: string = workflowsPath,
): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: path,
    workflowInterceptorModules: [traceHeadersPath, ...interceptorModules],
    logger: new DefaultLogger('ERROR'),
  });
}

const pinoLevels: Readonly<
  Record<TemporalLogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>
> = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' };

/** Temporal's part that a process has once: its logs go to ours. Throws where it is installed. */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    // The process has its own handler, which stops the workers in order.
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      logger[pinoLevels[level]]({ temporal: meta }, message);
    }),
  });
}
