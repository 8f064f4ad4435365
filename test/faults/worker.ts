import { once } from 'node:events';
import { readEnvironment } from '../../app/env.ts';
import { runMain } from '../../app/lifetime.ts';
import { createLogger } from '../../app/logger.ts';
import { sayReady } from '../../app/parent-process.ts';
import { installRuntime, runWorkers } from '../../app/workers.ts';
import { openFoundations } from '../../app/foundations.ts';
import { reviveWarnings } from '../../commands/revive-warnings.ts';
import type { WorkerOrders } from './workers.ts';

/** Sooner than by default, workflows of a dead worker go on elsewhere. */
const stickyWithinMs = 1_000;

/**
 * A worker like production's, but that it waits for orders, that the dead are missed sooner, and that it dies where it
 * is told to: before an activity has done anything, or when it has done everything and has not said so yet.
 */
await runMain(async (lifetime) => {
  const environment = readEnvironment();
  const logger = createLogger(environment.logLevel, 'worker');
  const foundations = await openFoundations({ environment, logger, lifetime });
  installRuntime(logger);
  const [orders] = (await once(process, 'message')) as [WorkerOrders];
  const strike = createStrike(new Set(orders.strikeAt));
  await reviveWarnings(foundations);
  await runWorkers(foundations, lifetime, sayReady, {
    workflowBundle: { codePath: orders.bundlePath },
    settings: { stickyQueueScheduleToStartTimeout: stickyWithinMs },
    activityInterceptors: [
      ({ info }) => ({
        inbound: {
          execute: async (input, next) => {
            await strike(`before ${info.activityType}`);
            const result: unknown = await next(input);
            await strike(`after ${info.activityType}`);
            return result;
          },
        },
      }),
    ],
  });
});

function createStrike(wanted: ReadonlySet<string>) {
  let isDying = false;
  return async (point: string): Promise<void> => {
    if (!isDying && !wanted.has(point)) return;
    if (!isDying) {
      isDying = true;
      await new Promise((resolve) => process.send?.({ struck: point }, resolve));
      process.kill(process.pid, 'SIGKILL');
    }
    await new Promise(() => {});
  };
}
