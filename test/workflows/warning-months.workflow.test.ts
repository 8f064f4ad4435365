import { WorkflowNotFoundError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Warning } from '../../domain/warning.ts';
import { warningWorkflowId, type WarningUpdate } from '../../workflows/messages.ts';
import { settleCompany } from '../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startLifecycle, type Lifecycle } from '../support/lifecycle.ts';
import { createTimeSkippingEnvironment } from '../support/temporal.ts';

/** At the rate of a thousand clicks a year. What bounds a history does not depend on how many runs there are. */
const days = 36;
const clicks = 100;
/** The workflow starts afresh after 1,000 events; what is under way then may still add some. */
const historyEventsMax = 1_200;
const historyBytesMax = 1_000_000;
const attemptsMax = 5;

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
  await life?.endAll();
  await life?.stop();
  await environment?.teardown();
  await testDatabase?.drop();
});

/** As the commands do: a click that meets the end of a run goes to the next one. */
async function click(warning: Warning, update: WarningUpdate): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await life.act(warning, 'li-lei', update);
      return;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || attempt === attemptsMax) throw error;
    }
  }
}

test('a warning that lives for weeks, with a daily scan and clicks every day, starts afresh before its history grows', async () => {
  const warning = await life.open();
  const handle = life.client.workflow.getHandle(warningWorkflowId(warning.fingerprint));
  const runs = new Set<string>();
  let longest = 0;
  let largest = 0;
  let clicked = 0;
  for (let day = 1; day <= days; day += 1) {
    await life.pass('1 day');
    await life.news(warning, 100 + day);
    while (clicked < Math.round((clicks * day) / days / 2) * 2) {
      await click(warning, { kind: 'claim' });
      await click(warning, { kind: 'release' });
      clicked += 2;
    }
    const { runId, historyLength, historySize } = await handle.describe();
    runs.add(runId);
    longest = Math.max(longest, historyLength);
    largest = Math.max(largest, historySize ?? 0);
  }
  expect(clicked).toBe(clicks);
  expect(runs.size).toBeGreaterThan(1);
  expect(longest).toBeLessThan(historyEventsMax);
  expect(largest).toBeLessThan(historyBytesMax);
  const now = await life.until(warning, ({ customers }) => customers === 100 + days);
  expect(now).toMatchObject({ state: { kind: 'open' }, level: 2 });
  const actions = await life.audit(warning);
  const count = (action: string) => actions.filter((one) => one === action).length;
  expect([count('warning.claimed'), count('warning.released')]).toEqual([clicks / 2, clicks / 2]);
  expect(count('warning.escalated')).toBe(2);
}, 300_000);
