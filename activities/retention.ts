import { Context } from '@temporalio/activity';
import type { Database } from '../db/client.ts';
import { prune, type Pruned } from '../db/stores/retention.ts';
import { whileAlive } from './heartbeat.ts';

export interface RetentionDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type RetentionActivities = ReturnType<typeof createRetentionActivities>;

/** Removes what has been over for long enough. May be repeated. */
export function createRetentionActivities({ database, now }: RetentionDependencies) {
  return {
    pruneRecords: (): Promise<Pruned> => {
      const { cancellationSignal: signal } = Context.current();
      return whileAlive(() => prune(database, { nowMs: now(), signal }));
    },
  };
}
