import { reviveWarnings } from '../commands/revive-warnings.ts';
import { sayReady } from './parent-process.ts';
import { readEnvironment } from './env.ts';
import { startTracing } from './tracing.ts';
import { runMain } from './lifetime.ts';
import { createLogger } from './logger.ts';
import { installRuntime, runWorkers } from './workers.ts';
import { openFoundations } from './foundations.ts';

/** A production process: runs workflows and activities until it is stopped. May run many times. */
await runMain(async (lifetime) => {
  const environment = readEnvironment();
  const logger = createLogger(environment.logLevel, 'worker');
  await startTracing({ endpoint: environment.tracingEndpoint, process: 'worker', lifetime });
  const foundations = await openFoundations({ environment, logger, lifetime });
  installRuntime(logger);
  await reviveWarnings(foundations);
  await runWorkers(foundations, lifetime, () => {
    logger.info('working');
    sayReady();
  });
});
