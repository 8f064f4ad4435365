import { temporalConfig } from '../temporal.config.ts';
import { requestWorkflowId } from '../workflows/messages.ts';
import type { CommandContext } from './context.ts';
import { isUnavailable } from './temporal-errors.ts';

/**
 * Starts the workflow of a request unless it runs already. Where Temporal does not answer, the request stands in
 * the database and its workflow starts with the next vote or the next sweep: nothing is lost. Says whether it runs.
 */
export async function startRequestWorkflow(
  context: CommandContext,
  requestId: number,
): Promise<boolean> {
  try {
    await context.temporal.workflow.start('request', {
      workflowId: requestWorkflowId(requestId),
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: temporalConfig.taskQueues.warnings,
      args: [{ requestId }],
    });
    return true;
  } catch (error) {
    if (isUnavailable(error)) return false;
    throw error;
  }
}
