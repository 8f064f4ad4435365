import { fork } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Lifetime } from './lifetime.ts';
import { readyMessage } from './parent-process.ts';

export interface ChildProcess {
  /** Settles with the exit code when it has ended, whoever ended it. */
  readonly ended: Promise<number>;
}

const stopWithinMs = 20_000;

/**
 * Starts another of Tagwarden's processes and waits until it is ready. It stops when asked and when this process is
 * gone; in a session of its own, so that Ctrl-C reaches only this process. Throws the sentence it failed with.
 */
export async function startChild(options: {
  /** File of app/, such as worker.ts. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** At whose end it is stopped. */
  readonly lifetime: Lifetime;
}): Promise<ChildProcess> {
  const log = await open(options.logFile, 'a');
  const child = fork(fileURLToPath(new URL(options.file, import.meta.url)), options.args, {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: { ...options.env },
    detached: true,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  options.lifetime.onEnd(async () => {
    if (child.connected) child.disconnect();
    const kill = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await ended;
    clearTimeout(kill);
  });
  await log.close();
  const said = await Promise.race([
    once(child, 'message').then(([message]) => String(message)),
    ended.then((code) => `It ended with code ${code}; see ${options.logFile}.`),
  ]);
  if (said !== readyMessage) throw new Error(said);
  return { ended };
}
