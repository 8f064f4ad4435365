import type { TestProject } from 'vitest/node';
import { findFreePort } from '../../app/embedded/port.ts';
import type { RunningSystem } from '../../app/embedded/running-system.ts';
import { resolveChromium } from './chromium.ts';
import { runTagwarden } from './running-tagwarden.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The whole product as `npm start` runs it; only in end-to-end tests. */
    readonly system: RunningSystem;
    /** The browser's program; only in end-to-end tests. */
    readonly chromiumPath: string;
  }
}

const customers = 2_000;

/** One running product and one browser's program for all end-to-end tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide(
    'chromiumPath',
    await resolveChromium((line) => process.stderr.write(`${line}\n`)),
  );
  const tagwarden = await runTagwarden({ customers, port: await findFreePort() });
  project.provide('system', tagwarden.system);
  return () => tagwarden.stop();
}
