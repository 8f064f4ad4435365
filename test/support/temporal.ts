import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { inject } from 'vitest';
import { resolveTimeSkippingServer } from '../../app/embedded/temporal-programs.ts';
import { temporalConfig } from '../../temporal.config.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** KEYWORD in temporal.api.enums.v1.IndexedValueType. */
const keywordType = 2;

/**
 * A Temporal of its own whose clock skips ahead while a workflow's result is awaited or on `sleep`. It knows no
 * schedules. Call `teardown()` when done.
 */
export async function createTimeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  const path = await resolveTimeSkippingServer(say);
  const environment = await startPatiently(() =>
    TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    }),
  );
  await environment.connection.operatorService.addSearchAttributes({
    namespace: environment.namespace ?? 'default',
    searchAttributes: Object.fromEntries(
      Object.values(temporalConfig.searchAttributes).map(({ name }) => [name, keywordType]),
    ),
  });
  return environment;
}

const startsMax = 5;

/** The SDK gives a server five seconds to start, which a busy machine may not. */
async function startPatiently<T>(start: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await start();
    } catch (error) {
      const isLate = error instanceof Error && error.message.includes('did not start within');
      if (!isLate || tried === startsMax) throw error;
    }
  }
}

/**
 * The run's real Temporal server with Tagwarden's search attributes, shared by all test files: use task queues and
 * workflow ids of your own. Call `teardown()` when done; the server goes on.
 */
export function connectToDevServer(): Promise<TestWorkflowEnvironment> {
  return TestWorkflowEnvironment.createFromExistingServer({
    address: inject('temporalAddress'),
    namespace: temporalConfig.namespace,
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
