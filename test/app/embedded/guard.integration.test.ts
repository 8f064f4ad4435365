import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from '../../../app/embedded/folder-lock.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tagwarden-guard-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(20);
}

/** A process that starts a guarded program which would run for an hour. */
function spawnParent(pidFile: string): ReturnType<typeof spawn> {
  const guarded = resolve('app/embedded/guarded-process.ts');
  const script = `import { startGuarded } from ${JSON.stringify(guarded)};
    await startGuarded({ command: 'sleep', args: ['3600'], logFile: ${JSON.stringify(join(directory, 'log'))},
      stopSignal: 'SIGINT', stopWithinMs: 1000, pidFile: ${JSON.stringify(pidFile)} });
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: 'ignore',
  });
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a guarded program ends when its parent ends by %s',
  async (signal) => {
    const pidFile = join(directory, 'pid');
    const parent = spawnParent(pidFile);
    const readPid = async (): Promise<number> =>
      Number(await readFile(pidFile, 'utf8').catch(() => '0'));
    await until(async () => (await readPid()) > 0);
    const pid = await readPid();
    expect(isAlive(pid)).toBe(true);
    parent.kill(signal);
    await once(parent, 'exit');
    await until(() => !isAlive(pid));
    expect(isAlive(pid)).toBe(false);
  },
);

test('one living process has a folder', async () => {
  const first = await lockFolder(directory);
  expect(first).not.toBeNull();
  expect(await lockFolder(directory)).toBeNull();
  await first?.release();
  const second = await lockFolder(directory);
  expect(second).not.toBeNull();
  await second?.release();
});

test('a lock of a process that died without a word is taken over', async () => {
  const script = `import { lockFolder } from ${JSON.stringify(resolve('app/embedded/folder-lock.ts'))};
    await lockFolder(${JSON.stringify(directory)});
    process.kill(process.pid, 'SIGKILL');`;
  const holder = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { stdio: 'ignore' },
  );
  await once(holder, 'exit');
  expect(await readFile(join(directory, 'start.lock'), 'utf8')).toContain('"port"');
  const lock = await lockFolder(directory);
  expect(lock).not.toBeNull();
  await lock?.release();
});
