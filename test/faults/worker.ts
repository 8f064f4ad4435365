import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../app/env.ts';
import { runMain } from '../../app/lifetime.ts';
import { createLogger } from '../../app/logger.ts';
import { sayReady } from '../../app/parent-process.ts';
import { runWorkers } from '../../app/workers.ts';
import { openFoundations } from '../../app/wiring.ts';
import { reviveWarnings } from '../../commands/revive-warnings.ts';

/** A worker like production's, that misses the dead sooner. */
await runMain(async (lifetime) => {
  const environment = readEnvironment();
  const logger = createLogger(environment.logLevel, 'worker');
  const foundations = await openFoundations({ environment, logger, lifetime });
  await reviveWarnings(foundations);
  await runWorkers(foundations, lifetime, sayReady, {
    workflowModules: [fileURLToPath(new URL('./hasty.ts', import.meta.url))],
  });
});
