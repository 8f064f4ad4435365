import {
  ActivityFailure,
  isCancellation,
  log,
  patched,
  proxyActivities,
  rootCause,
} from '@temporalio/workflow';
import type { CandidateActivities } from '../activities/candidates.ts';
import type { LearningActivities } from '../activities/learning.ts';
import { taskQueues } from './messages.ts';

const { findCandidates } = proxyActivities<CandidateActivities>({
  taskQueue: taskQueues.threads,
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

const { proposeRuleChanges } = proxyActivities<LearningActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 3 },
});

/**
 * Looks over rules and dictionary for what people should decide: rules that are wrong too often go to the committee,
 * the rest to the page of candidates, which says so where that fails.
 */
export async function candidates(): Promise<void> {
  if (patched('learning')) {
    await attempt(proposeRuleChanges, 'Changes of rules could not be proposed.');
  }
  try {
    await findCandidates();
  } catch (error) {
    if (isCancellation(error)) throw error;
    await recordFailedSearch();
    return;
  }
  if (patched('opinions')) {
    await attempt(askForOpinions, 'Opinions on candidates could not be collected.');
  }
}

/** What fails here is done after the next scan. */
async function attempt(step: () => Promise<unknown>, failure: string): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    log.warn(failure, { why: rootCause(error) });
  }
}
