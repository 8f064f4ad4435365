import {
  ActivityFailure,
  isCancellation,
  log,
  patched,
  proxyActivities,
  rootCause,
} from '@temporalio/workflow';
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

/** An opinion is worth a wait but no trouble: what was not answered is asked after the next scan. */
const { askForOpinions } = proxyActivities<CandidateActivities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 2 },
});

/** Looks the dictionary over for what a person should decide; where that fails, the page of candidates says so. */
export async function candidates(): Promise<void> {
  try {
    await findCandidates();
  } catch (error) {
    if (isCancellation(error)) throw error;
    await recordFailedSearch();
    return;
  }
  if (patched('opinions')) await collectOpinions();
}

async function collectOpinions(): Promise<void> {
  try {
    await askForOpinions();
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    log.warn('Opinions on candidates could not be collected.', { why: rootCause(error) });
  }
}
