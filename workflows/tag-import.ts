import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
  rootCause,
  setHandler,
} from '@temporalio/workflow';
import type { TagImportActivities } from '../activities/tag-import.ts';
import { databaseOptions } from './activity-options.ts';
import { stopTagImportSignal, taskQueues, type By, type TagImportInput } from './messages.ts';

const { takeInTable } = proxyActivities<TagImportActivities>({
  taskQueue: taskQueues.threads,
  startToCloseTimeout: '1 hour',
  // A beat is also how the activity hears that it is to stop.
  heartbeatTimeout: '12 seconds',
  // What was stopped is over only once nothing of it can still be written.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', maximumAttempts: 5 },
});
const { recordTableEnd } = proxyActivities<TagImportActivities>({
  ...databaseOptions,
  taskQueue: taskQueues.scans,
});

/** Takes a table of tags into the dictionary, whole or not at all, unless somebody stops it before its end. */
export async function tagImport({ importId, rows, by }: TagImportInput): Promise<void> {
  const scope = new CancellationScope();
  let stoppedBy: By | null = null;
  setHandler(stopTagImportSignal, (who) => {
    stoppedBy ??= who;
    scope.cancel();
  });
  const doer = ({ personCode, through }: By) => ({ by: personCode, through });
  try {
    await scope.run(() => takeInTable({ importId, rows, ...doer(by) }));
  } catch (error) {
    if (!isCancellation(error)) log.warn('A table was not taken in.', { why: rootCause(error) });
    const stopper = isCancellation(error) ? stoppedBy : null;
    await CancellationScope.nonCancellable(() =>
      recordTableEnd({ importId, by: stopper === null ? null : doer(stopper) }),
    );
  }
}
