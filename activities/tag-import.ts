import { Context } from '@temporalio/activity';
import type { Database } from '../db/client.ts';
import { endTaking, type ImportDoer, type TakingOrder } from '../db/stores/tag-imports.ts';
import { whileAlive } from './heartbeat.ts';
import type { ScanRunner } from './scan-runner.ts';

export interface TagImportDependencies {
  readonly database: Database;
  readonly runner: Pick<ScanRunner, 'takeInTable'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type TagImportActivities = ReturnType<typeof createTagImportActivities>;

/** Taking in tables of tags. Each activity may be repeated. */
export function createTagImportActivities({ database, runner, now }: TagImportDependencies) {
  return {
    /** Writes a table into the dictionary; cancelled, it leaves nothing written. */
    takeInTable: (order: TakingOrder): Promise<void> =>
      whileAlive(() =>
        runner.takeInTable(
          { ...order, nowMs: now() },
          { signal: Context.current().cancellationSignal },
        ),
      ),
    /** Says that a table was not taken in: somebody stopped it, or it failed where `by` is null. */
    recordTableEnd: (end: {
      readonly importId: number;
      readonly by: ImportDoer | null;
    }): Promise<void> =>
      endTaking(
        database,
        end.importId,
        end.by === null ? { kind: 'failed' } : { kind: 'stopped', ...end.by },
        now(),
      ),
  };
}
