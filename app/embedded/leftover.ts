import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const pollMs = 100;
const goesByItselfWithinMs = 3_000;
const stopsWithinMs = 15_000;

/**
 * Makes sure that a server of an earlier run, whose guard may have been killed too, no longer uses our files. The
 * process is ours only if its command line names `marker`, a path of ours; process ids are used again by others.
 */
export async function stopLeftover(
  pid: number,
  marker: string,
  signal: 'SIGINT' | 'SIGTERM',
): Promise<void> {
  if (await endsWithin(goesByItselfWithinMs)) return;
  process.kill(pid, signal);
  if (await endsWithin(stopsWithinMs)) return;
  process.kill(pid, 'SIGKILL');
  await endsWithin(stopsWithinMs);

  async function endsWithin(milliseconds: number): Promise<boolean> {
    const untilMs = Date.now() + milliseconds;
    while (await commandLineHolds(pid, marker)) {
      if (Date.now() > untilMs) return false;
      await delay(pollMs);
    }
    return true;
  }
}

async function commandLineHolds(pid: number, marker: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return line.includes(marker);
  }
  const found = await execute('ps', ['-p', String(pid), '-o', 'command=']).catch(() => null);
  return found?.stdout.includes(marker) ?? false;
}
