import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

const missedWithinMs = 12_000;

/** A dead worker is missed sooner than in production, so that a hundred deaths fit into minutes. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity: (input, next) => {
        const { heartbeatTimeout, startToCloseTimeout, retry } = input.options;
        const beats = heartbeatTimeout !== undefined;
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
