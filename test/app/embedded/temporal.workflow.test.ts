import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { temporalConfig } from '../../../temporal.config.ts';
import { connectToDevServer, createTimeSkippingEnvironment } from '../../support/temporal.ts';

let skipping: TestWorkflowEnvironment;
let real: TestWorkflowEnvironment;
beforeAll(async () => {
  [skipping, real] = await Promise.all([createTimeSkippingEnvironment(), connectToDevServer()]);
});
afterAll(async () => {
  await skipping.teardown();
  await real.teardown();
});

test('time skips', async () => {
  const before = await skipping.currentTimeMs();
  await skipping.sleep('26 hours');
  expect((await skipping.currentTimeMs()) - before).toBeGreaterThanOrEqual(26 * 3_600_000);
});

test('the dev server knows the search attributes', async () => {
  const { customAttributes } = await real.connection.operatorService.listSearchAttributes({
    namespace: temporalConfig.namespace,
  });
  const names = Object.values(temporalConfig.searchAttributes).map(({ name }) => name);
  expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(names));
});
