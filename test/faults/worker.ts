import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../app/env.ts';
import { runMain } from '../../app/lifetime.ts';
import { createLogger } from '../../app/logger.ts';
import { sayReady } from '../../app/parent-process.ts';
import { runWorkers } from '../../app/workers.ts';
import { openFoundations } from '../../app/wiring.ts';
import { reviveWarnings } from '../../commands/revive-warnings.ts';

/** Points such as `after deliver`; those struck already are left alone. */
const wanted = new Set((process.env['STRIKE_AT'] ?? '').split(','));
const struck = new Set((process.env['STRUCK'] ?? '').split(','));
let isDying = false;

/**
 * Kills this process as a power cut would: before an activity has done anything, or when it has done everything and
 * has not said so yet.
 */
async function strike(point: string): Promise<void> {
  if (!isDying) {
    if (struck.has(point) || !wanted.has(point)) return;
    isDying = true;
    await new Promise((resolve) => process.send?.({ struck: point }, resolve));
    process.kill(process.pid, 'SIGKILL');
  }
  await new Promise(() => {});
}

/** A worker like production's, but for its deaths. */
await runMain(async (lifetime) => {
  const environment = readEnvironment();
  const logger = createLogger(environment.logLevel, 'worker');
  const foundations = await openFoundations({ environment, logger, lifetime });
  await reviveWarnings(foundations);
  await runWorkers(foundations, lifetime, sayReady, {
    interceptors: {
      activity: [
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
    },
    workflowModules: [fileURLToPath(new URL('./hasty.ts', import.meta.url))],
  });
});
