import type { Database } from '../db/client.ts';
import { recordFailedSearch } from '../db/stores/candidates.ts';
import { whileAlive } from './heartbeat.ts';
import type { ScanRunner } from './scan-runner.ts';

export interface CandidateDependencies {
  readonly database: Database;
  readonly runner: Pick<ScanRunner, 'findCandidates'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type CandidateActivities = ReturnType<typeof createCandidateActivities>;

/** Finds what a person should decide about the dictionary. Each activity may be repeated. */
export function createCandidateActivities({ database, runner, now }: CandidateDependencies) {
  return {
    findCandidates: (): Promise<void> => whileAlive(() => runner.findCandidates(now())),
    recordFailedSearch: (): Promise<void> => recordFailedSearch(database, now()),
  };
}
