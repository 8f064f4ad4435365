import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

test('a program ends in order when npm ends the shell it was started in', async () => {
  // The shell waits, as npm's does, since a command follows.
  const shell = spawn('sh', ['-c', 'node scripts/run.mjs test/support/waits-to-be-ended.ts; :'], {
    env: { ...process.env, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = (await once(shell.stdout, 'data')) as [Buffer];
  expect(first.toString()).toBe('up\n');
  let said = '';
  shell.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const closed = once(shell.stdout, 'close');
  shell.kill('SIGTERM');
  await closed;
  expect(said).toBe('ended in order\n');
});
