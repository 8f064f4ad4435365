import type { Client } from '@temporalio/client';
import { temporalConfig } from '../temporal.config.ts';

/** TASK_QUEUE_TYPE_ACTIVITY of temporal.api.enums.v1. */
export const activityTaskType = 2;
/** With TASK_QUEUE_TYPE_WORKFLOW before it. */
const taskTypes = [1, activityTaskType];

/** Tasks that wait for a worker, by task queue; Temporal's estimate. */
export async function readBacklogs(client: Client): Promise<ReadonlyMap<string, number>> {
  const backlogs = await Promise.all(
    Object.values(temporalConfig.taskQueues).map(async (name) => {
      const waiting = await Promise.all(
        taskTypes.map((taskQueueType) => countWaiting(client, { name, taskQueueType })),
      );
      return [name, waiting.reduce((sum, one) => sum + one, 0)] as const;
    }),
  );
  return new Map(backlogs);
}

async function countWaiting(
  client: Client,
  queue: { readonly name: string; readonly taskQueueType: number },
): Promise<number> {
  const { stats } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: queue.name },
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the SDK exports no name for it
    taskQueueType: queue.taskQueueType,
    reportStats: true,
  });
  return Number(stats?.approximateBacklogCount ?? 0);
}
