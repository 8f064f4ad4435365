import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A user and group that a program runs as. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

export interface GuardedProcess {
  /** False once the program has ended by itself or was stopped. */
  readonly running: boolean;
  /** Settles with the exit code when the program has ended, whoever ended it. */
  readonly ended: Promise<number>;
  /** Asks the program to stop, and waits until it has. */
  stop(): Promise<void>;
}

const guardPath = fileURLToPath(new URL('./guard.mjs', import.meta.url));

/**
 * Starts a program that cannot outlive this process: a guard stops it with `stopSignal` when asked or when this
 * process is gone, and kills it after `stopWithinMs`. Its output is appended to `logFile`.
 */
export async function startGuarded(options: {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  readonly stopWithinMs: number;
  /** @default the user of this process */
  readonly user?: SystemUser | null;
  /** Holds the program's process id while it runs. */
  readonly pidFile?: string;
}): Promise<GuardedProcess> {
  await mkdir(dirname(options.logFile), { recursive: true });
  const log = await open(options.logFile, 'a');
  const { command, args, stopSignal, stopWithinMs, user = null, pidFile = null } = options;
  const instructions = JSON.stringify({ command, args, user, stopSignal, stopWithinMs, pidFile });
  const guard = spawn(process.execPath, [guardPath, instructions], {
    detached: true,
    stdio: ['pipe', log.fd, log.fd],
  });
  guard.stdin?.on('error', () => {});
  let running = true;
  const ended = once(guard, 'exit').then(([code]) => {
    running = false;
    return typeof code === 'number' ? code : 1;
  });
  await once(guard, 'spawn');
  await log.close();
  return {
    get running() {
      return running;
    },
    ended,
    stop: async () => {
      guard.stdin?.end();
      await ended;
    },
  };
}

const pollMs = 50;

/**
 * Waits until `isReady` says yes. Throws, with the end of the log, when the program ends first or does not get there
 * within `withinMs`.
 */
export async function waitUntilReady(options: {
  readonly name: string;
  readonly guarded: GuardedProcess;
  readonly logFile: string;
  readonly withinMs: number;
  isReady(): Promise<boolean>;
}): Promise<void> {
  const { name, guarded, logFile, withinMs } = options;
  const giveUpAtMs = Date.now() + withinMs;
  while (!(await options.isReady())) {
    if (!guarded.running) {
      throw new Error(`${name} ended while starting. Its log says: ${await endOf(logFile)}`);
    }
    if (Date.now() > giveUpAtMs) {
      await guarded.stop();
      const seconds = Math.round(withinMs / 1000);
      throw new Error(
        `${name} was not ready after ${seconds} s. Its log says: ${await endOf(logFile)}`,
      );
    }
    await delay(pollMs);
  }
}

const logTailLines = 5;

async function endOf(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-logTailLines).join(' | ') || 'nothing';
}
