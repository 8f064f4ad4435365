import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy } from '@temporalio/workflow';
import { scanWorkflowId, type ScanInput } from './messages.ts';

/**
 * What schedules start. Temporal gives scheduled workflows ids of their own, and only one scan may run at a time: the
 * scan is a child with the one id, and where one is running already there is nothing to do.
 */
export async function scheduledScan(input: ScanInput): Promise<void> {
  try {
    await executeChild('scan', {
      workflowId: scanWorkflowId,
      args: [input],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
