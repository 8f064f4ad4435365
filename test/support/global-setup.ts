import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../app/embedded/postgres.ts';
import { startTemporal } from '../../app/embedded/temporal.ts';
import { resolveTimeSkippingServer } from '../../app/embedded/temporal-programs.ts';
import { resolveChromium } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection url of the test server's maintenance database. */
    readonly postgresUrl: string;
    /** host:port of the run's Temporal dev server. */
    readonly temporalAddress: string;
    /** The browser's program; only in end-to-end tests, otherwise empty. */
    readonly chromiumPath: string;
  }
}

/** Starts what the project's tests share: each file makes a database or task queues of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'tagwarden-test-'));
  await chmod(directory, 0o755);
  if (project.name === 'workflows') await resolveTimeSkippingServer(say);
  const chromiumPath = project.name === 'e2e' ? await resolveChromium(say) : '';
  project.provide('chromiumPath', chromiumPath);
  const [postgres, temporal] = await Promise.all([
    startPostgres({ directory, durable: false }),
    startTemporal({ directory, ui: false, say }),
  ]);
  project.provide('postgresUrl', postgres.url);
  project.provide('temporalAddress', temporal.address);
  return async () => {
    await Promise.all([temporal.stop(), postgres.stop()]);
    await rm(directory, { recursive: true, force: true });
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
