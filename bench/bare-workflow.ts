import {
  condition,
  defineUpdate,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({
  startToCloseTimeout: '20 seconds',
});

/** Does nothing, in as many events of history as it is told. */
export async function bare({ events }: { readonly events: number }): Promise<void> {
  while (workflowInfo().historyLength < events) await nothing();
}

export const bareUpdate = defineUpdate('bare');

/** Takes updates that change nothing, until it is terminated. */
export async function barePatient(): Promise<void> {
  setHandler(bareUpdate, () => {});
  await condition(() => false);
}
