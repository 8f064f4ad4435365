import { setTimeout as delay } from 'node:timers/promises';
import { saySentence } from './parent-process.ts';

/** What to do at the end of a process, last come first served. */
export interface Lifetime {
  /** Runs at shutdown, whatever ends it; a step that fails does not keep the others from running. */
  onEnd(step: () => Promise<void>): void;
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** From now on, work that is asked to stop is given so long to come to an end. */
  allowToFinish(withinMs: number): void;
}

/** Whoever is only starting has nothing to finish. */
const patienceMsDefault = 1_000;

/**
 * The main of a process: runs `work` until it is done or the process is asked to stop (SIGINT, SIGTERM, or the parent
 * that started it is gone), then ends everything in order. A second signal ends it at once. Failures are one sentence.
 */
export async function runMain(work: (lifetime: Lifetime) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const steps: (() => Promise<void>)[] = [];
  const ask = (): void => {
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
  };
  process.on('SIGINT', ask).on('SIGTERM', ask).on('SIGHUP', ask);
  process.on('uncaughtException', (error) => {
    if (isWriteToLostConnection(error)) {
      tell(new Error('PostgreSQL closed a connection that was being written to.'));
      return;
    }
    tell(error);
    process.exit(1);
  });
  if (process.send !== undefined) process.on('disconnect', () => stop.abort());
  let code = 0;
  let patienceMs = patienceMsDefault;
  try {
    const done = work({
      onEnd: (step) => steps.push(step),
      signal: stop.signal,
      allowToFinish: (withinMs) => {
        patienceMs = withinMs;
      },
    });
    const outOfPatience = untilStopped(stop.signal).then(() => delay(patienceMs));
    await Promise.race([done, outOfPatience]);
  } catch (error) {
    if (!stop.signal.aborted) {
      code = 1;
      tell(error);
    }
  }
  for (const step of steps.toReversed()) {
    try {
      await step();
    } catch (error) {
      code = 1;
      tell(error);
    }
  }
  process.exit(code === 0 ? (process.exitCode ?? 0) : code);
}

/**
 * postgres.js may write once more to a connection that the server has just closed. The statement is rejected in any
 * case and the next one gets a new connection, so that a restart of PostgreSQL ends no process; it is only told.
 */
function isWriteToLostConnection(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    error.message === "Cannot read properties of null (reading 'write')" &&
    error.stack?.includes('postgres/src/connection.js') === true
  );
}

/** Settles when the process is asked to stop. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function tell(error: unknown): void {
  const sentence = sentenceOf(error);
  for (const line of sentence.split('\n')) process.stderr.write(`tagwarden: ${line}\n`);
  saySentence(sentence);
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
