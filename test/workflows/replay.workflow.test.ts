import { Worker } from '@temporalio/worker';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import * as workflows from '../../workflows/index.ts';
import { restoreHistory } from '../support/stored-history.ts';
import { sharedWorkflowBundle } from '../support/workflow-bundle.ts';

const replayFolder = new URL('../replay/', import.meta.url);
const names = readdirSync(replayFolder).filter((name) => name.endsWith('.json'));

test.each(Object.keys(workflows))('there is a stored history of %s', async (workflow) => {
  const types = (await readHistories()).map(
    ({ history }) => history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType,
  );
  expect(types.map((type) => type?.name)).toContain(workflow);
});

test('running workflows go on under this code: every stored history replays', async () => {
  const options = { workflowBundle: sharedWorkflowBundle() };
  const results: string[] = [];
  for await (const result of Worker.runReplayHistories(options, await readHistories())) {
    results.push(`${result.workflowId}: ${result.error?.message ?? 'replays'}`);
  }
  expect(results.sort()).toEqual(names.sort().map((name) => `${name}: replays`));
});

async function readHistories() {
  return Promise.all(
    names.map(async (name) => ({
      workflowId: name,
      history: restoreHistory(await readFile(new URL(name, replayFolder), 'utf8')),
    })),
  );
}
