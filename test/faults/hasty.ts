import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

const missedWithinMs = 6_000;

/** A dead worker is missed sooner than in production. What beats only as its source answers keeps its time. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity: (input, next) => {
        const { heartbeatTimeout, startToCloseTimeout, retry } = input.options;
        const beats = heartbeatTimeout !== undefined;
        if (input.activityType === 'syncSource') return next(input);
        return next({
          ...input,
          options: {
            ...input.options,
            ...(beats ? { heartbeatTimeout: missedWithinMs } : {}),
            startToCloseTimeout: beats ? (startToCloseTimeout ?? '1 hour') : missedWithinMs,
            retry: { ...retry, maximumInterval: '2 seconds' },
          },
        });
      },
    },
  ],
});
