import { setTimeout as sleep } from 'node:timers/promises';
import { advisoryLocks } from '../db/advisory-locks.ts';
import type { Database } from '../db/client.ts';

const tryEveryMs = 1_000;
/** Without word from the database for so long, somebody else may lead by now. */
const trustMs = 5_000;

/**
 * One process at a time holds it, by an advisory lock on a connection of its own: PostgreSQL gives it to the next one
 * as soon as that connection ends, however its process ended.
 */
export function createLeadership(database: Database, onError: (error: unknown) => void) {
  let heldUntilMs = 0;

  async function hold(signal: AbortSignal, onHeld: () => void): Promise<void> {
    const connection = database.connectForCopy();
    try {
      while (!signal.aborted) {
        const wasHeld = heldUntilMs > 0;
        try {
          // Held already, it is given again; on a new connection, only where nobody else has it.
          const [row] = await connection<{ held: boolean }[]>`
            select pg_try_advisory_lock(${advisoryLocks.dispatcher}) as held`;
          heldUntilMs = row?.held === true ? performance.now() + trustMs : 0;
        } catch (error) {
          onError(error);
        }
        if (!wasHeld && heldUntilMs > 0) onHeld();
        await sleep(tryEveryMs, undefined, { signal }).catch(() => {});
      }
    } finally {
      heldUntilMs = 0;
      await connection.end({ timeout: 1 });
    }
  }

  return { hold, isHeld: () => heldUntilMs > performance.now() };
}
