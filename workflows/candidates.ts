import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { CandidateActivities } from '../activities/candidates.ts';

const { findCandidates } = proxyActivities<CandidateActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 3 },
});

const { recordFailedSearch } = proxyActivities<CandidateActivities>({
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },
});

/** Looks the dictionary over for what a person should decide; where that fails, the page of candidates says so. */
export async function candidates(): Promise<void> {
  try {
    await findCandidates();
  } catch (error) {
    if (isCancellation(error)) throw error;
    await recordFailedSearch();
  }
}
