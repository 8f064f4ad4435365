import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DeliverySubject } from '../../bot/channel.ts';
import { taskQueues } from '../../workflows/messages.ts';
import { recordHistory } from '../support/stored-history.ts';
import { createTimeSkippingEnvironment } from '../support/temporal.ts';
import { sharedWorkflowBundle } from '../support/workflow-bundle.ts';

let environment: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<unknown>;
let readers: readonly string[] = [];
const made: string[] = [];
const delivered: number[] = [];
/** What the activities heard of whether the reader asked. */
const asked = new Set<boolean>();
let unreachableId = 0;

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
  worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: taskQueues.warnings,
    workflowBundle: sharedWorkflowBundle(),
    activities: {
      listDueReaders: async () => readers,
      makeDigest: async (input: { personCode: string; isAskedFor: boolean }) => {
        asked.add(input.isAskedFor);
        return made.push(input.personCode);
      },
      deliver: async (input: { subject: DeliverySubject; isAskedFor: boolean }) => {
        const { subject } = input;
        asked.add(input.isAskedFor);
        if (subject.id === unreachableId) throw new Error('The chat is down.');
        delivered.push(subject.id);
      },
    },
  });
  running = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await running;
  await environment.teardown();
});

beforeEach(() => {
  made.length = 0;
  delivered.length = 0;
  asked.clear();
  unreachableId = 0;
});

function sendDigests(personCode: string | null, how: { readonly isSent?: boolean } = {}) {
  return environment.client.workflow.start('digest', {
    workflowId: `digest-${personCode ?? 'due'}`,
    taskQueue: taskQueues.warnings,
    args: [{ personCode, ...how }],
  });
}

test('whoever asked gets a digest, whatever the hour', async () => {
  readers = ['zhao-lin'];
  const handle = await sendDigests('li-lei');
  expect(await handle.result()).toEqual([1]);
  expect(made).toEqual(['li-lei']);
  expect(delivered).toEqual([1]);
  expect([...asked]).toEqual([true]);
});

test('one that is to be read where it was asked for is made and sent to nobody', async () => {
  const handle = await sendDigests('li-lei', { isSent: false });
  expect(await handle.result()).toEqual([1]);
  expect(made).toEqual(['li-lei']);
  expect(delivered).toEqual([]);
});

test('everybody whose hour it is gets one; a chat that is down keeps nobody else from theirs', async () => {
  readers = ['zhao-lin', 'han-meimei', 'li-lei'];
  unreachableId = 2;
  const handle = await sendDigests(null);
  expect(await handle.result()).toEqual([1, 2, 3]);
  expect(made).toEqual(['zhao-lin', 'han-meimei', 'li-lei']);
  expect(new Set(delivered)).toEqual(new Set([1, 3]));
  expect([...asked]).toEqual([false]);
  await recordHistory('digest-one-chat-down', handle);
});
