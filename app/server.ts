import { serve } from '@hono/node-server';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { sayReady } from './parent-process.ts';
import { readEnvironment } from './env.ts';
import { createHttp } from './http.ts';
import { readBacklogs } from './task-queues.ts';
import { startTracing } from './tracing.ts';
import { runMain, untilStopped } from './lifetime.ts';
import { createLogger } from './logger.ts';
import { openFoundations, portDefault } from './foundations.ts';
import { createConsole, createDoors } from './server-wiring.ts';

/** Open connections, such as of pages that wait for changes, are cut after this long. */
const closeWithinMs = 3_000;

/**
 * A production process: console, API and the doors of the chat platforms, until it is stopped. May run many times.
 * `--sample-people` lets anybody sign in as anybody, and then only this machine is listened to.
 */
await runMain(async (lifetime) => {
  const environment = readEnvironment();
  const logger = createLogger(environment.logLevel, 'server');
  const { values } = parseArgs({
    options: { 'sample-people': { type: 'boolean', default: false } },
  });
  const embedded = values['sample-people'];
  await startTracing({ endpoint: environment.tracingEndpoint, process: 'server', lifetime });
  const foundations = await openFoundations({ environment, logger, lifetime });
  const { database, temporal } = foundations;
  const http = createHttp({
    web: createConsole(foundations, embedded),
    doors: await createDoors(foundations, lifetime),
    dependencies: new Map([
      ['postgres', async () => void (await database.sql`select 1`)],
      ['temporal', async () => void (await temporal.workflowService.getSystemInfo({}))],
    ]),
    metrics: { sql: database.sql, readBacklogs: () => readBacklogs(temporal) },
  });
  const port = environment.port ?? portDefault;
  const server = serve({ fetch: http.fetch, port, ...(embedded ? { hostname: '127.0.0.1' } : {}) });
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]: { code?: string }[]) => {
      throw new Error(
        error?.code === 'EADDRINUSE'
          ? `Port ${port} is in use. Set PORT to another one, or stop what listens there.`
          : `Cannot listen on port ${port} (${error?.code ?? 'error'}).`,
      );
    }),
  ]);
  lifetime.onEnd(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    const cut = setTimeout(() => {
      if ('closeAllConnections' in server) server.closeAllConnections();
    }, closeWithinMs);
    await closed;
    clearTimeout(cut);
  });
  logger.info({ port }, 'listening');
  sayReady();
  await untilStopped(lifetime.signal);
});
