import { proxyActivities } from '@temporalio/workflow';
import type { RetentionActivities } from '../activities/retention.ts';
import { taskQueues } from './messages.ts';

/** What one night does not come to the end of is the next one's. */
const { pruneRecords } = proxyActivities<RetentionActivities>({
  taskQueue: taskQueues.scans,
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '10 seconds', maximumInterval: '5 minutes', maximumAttempts: 10 },
});

/** Every night: what has been over for as long as the policy says goes. */
export async function retention(): Promise<void> {
  await pruneRecords();
}
