import { join } from 'node:path';
import { startChild } from '../app/child-process.ts';
import { findFreePort } from '../app/embedded/port.ts';
import { startTemporal } from '../app/embedded/temporal.ts';
import { systemEnvironment } from '../app/env.ts';
import type { BenchmarkContext } from './benchmark.ts';
import type { Company } from './company.ts';

/** The server process that people run, for a company; lasts as long as the benchmark. Returns its address. */
export async function startServer(
  { directory, databaseUrl, crmUrl }: Company,
  { lifetime, say }: BenchmarkContext,
): Promise<string> {
  say('Starting Temporal and the server …');
  const temporal = await startTemporal({ directory, ui: false, say });
  lifetime.onEnd(() => temporal.stop());
  const port = await findFreePort();
  await startChild({
    file: 'server.ts',
    args: ['--sample-people'],
    env: {
      PATH: systemEnvironment().path,
      DATABASE_URL: databaseUrl,
      CRM_DATABASE_URL: crmUrl,
      TEMPORAL_ADDRESS: temporal.address,
      PORT: String(port),
      DATA_DIR: directory,
      LOG_LEVEL: 'warn',
      // One token and one session bring the load of a whole company.
      API_CHECKS_PER_MINUTE: '100000000',
      API_CALLS_PER_MINUTE: '100000000',
      PAGES_PER_MINUTE: '100000000',
    },
    logFile: join(directory, 'server.log'),
    lifetime,
  });
  return `http://127.0.0.1:${port}`;
}
