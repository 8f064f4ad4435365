import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

const missedWithinMs = 5_000;
/** Of steps that do not beat; on a busy machine a short one may take its time. */
const doneWithinMs = 8_000;
/** Of the one step that beats only as its source answers. */
const readingMissedWithinMs = 20_000;

/** A dead worker is missed sooner than in production. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity: (input, next) => {
        const { heartbeatTimeout, startToCloseTimeout, retry } = input.options;
        const beats = heartbeatTimeout !== undefined;
        const beatWithinMs =
          input.activityType === 'syncSource' ? readingMissedWithinMs : missedWithinMs;
        return next({
          ...input,
          options: {
            ...input.options,
            ...(beats ? { heartbeatTimeout: beatWithinMs } : {}),
            startToCloseTimeout: beats ? (startToCloseTimeout ?? '1 hour') : doneWithinMs,
            retry: { ...retry, maximumInterval: '2 seconds' },
          },
        });
      },
    },
  ],
});
