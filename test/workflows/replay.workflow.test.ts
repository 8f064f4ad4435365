import { Worker } from '@temporalio/worker';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { restoreHistory } from '../support/stored-history.ts';

const replayFolder = new URL('../replay/', import.meta.url);
const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
const names = readdirSync(replayFolder).filter((name) => name.endsWith('.json'));

test('there are stored histories', () => {
  expect(names.length).toBeGreaterThan(0);
});

// New ones: RECORD_HISTORIES=1 npx vitest run --project workflows test/workflows/warning.workflow.test.ts
test('running workflows go on under this code: every stored history replays', async () => {
  const histories = await Promise.all(
    names.map(async (name) => ({
      workflowId: name,
      history: restoreHistory(await readFile(new URL(name, replayFolder), 'utf8')),
    })),
  );
  const results: string[] = [];
  for await (const result of Worker.runReplayHistories({ workflowsPath }, histories)) {
    results.push(`${result.workflowId}: ${result.error?.message ?? 'replays'}`);
  }
  expect(results.sort()).toEqual(names.sort().map((name) => `${name}: replays`));
});
