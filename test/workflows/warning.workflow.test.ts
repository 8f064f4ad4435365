import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settleCompany } from '../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startLifecycle, type Lifecycle } from '../support/lifecycle.ts';
import { createTimeSkippingEnvironment } from '../support/temporal.ts';

let environment: TestWorkflowEnvironment;
let testDatabase: TestDatabase;
let life: Lifecycle;

beforeAll(async () => {
  [environment, testDatabase] = await Promise.all([
    createTimeSkippingEnvironment(),
    createTestDatabase(),
  ]);
  await settleCompany(testDatabase.database);
  life = await startLifecycle({ environment, database: testDatabase.database });
});
afterAll(async () => {
  await life?.stop();
  await environment?.teardown();
  await testDatabase?.drop();
});

test('nobody claims within two hours: the second line has the card and the first card says so', async () => {
  const warning = await life.open();
  await life.until(warning, (now) => now.version > 0);
  await environment.sleep('119 minutes');
  expect((await life.read(warning)).level).toBe(0);
  await environment.sleep('2 minutes');
  await life.until(warning, (now) => now.level === 1);
  await environment.sleep('1 minute');
  expect(life.inbox.cardOf('han-meimei')?.blocks).toEqual(life.inbox.cardOf('li-lei')?.blocks);
  expect(JSON.stringify(life.inbox.cardOf('li-lei')?.blocks)).toContain('level 1');
});
