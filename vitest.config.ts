import { defineConfig } from 'vitest/config';

/**
 * For tests that wait for real servers: a busy machine may take its time, and what fails once is run again and named
 * in the summary of `npm test`.
 */
const patient = { retry: 1, expect: { poll: { timeout: 60_000 } } };

/** Modules take longer to load than most tests to run: a process runs many files. Nothing of a module outlives its file's end. */
const loadedOnce = { pool: 'forks', isolate: false } as const;

/** unit: no I/O. workflows: skipped time, one file after another. integration: real PostgreSQL, real servers. e2e: a real browser. faults: minutes of injected faults (npm run test:faults). */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          ...loadedOnce,
          testTimeout: 60_000,
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [
            'test/**/*.workflow.test.ts',
            'test/**/*.integration.test.ts',
            'test/**/*.e2e.test.ts',
            'test/**/*.fault.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'workflows',
          ...patient,
          ...loadedOnce,
          include: ['test/**/*.workflow.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          ...patient,
          ...loadedOnce,
          include: ['test/**/*.integration.test.ts'],
          // Much of it waits, for heartbeats, deadlines and the platforms' limits: three files at a time, also on two cores.
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/**/*.fault.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'e2e',
          ...patient,
          include: ['test/**/*.e2e.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          globalSetup: ['test/support/e2e-setup.ts'],
        },
      },
    ],
  },
});
