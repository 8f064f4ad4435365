import { listOpenWarnings } from '../db/stores/warnings.ts';
import { taskQueues, warningWorkflowId } from '../workflows/messages.ts';
import type { CommandContext } from './context.ts';

/** Workflows asked for side by side. */
const startsAtOnce = 8;

/**
 * Gives a workflow to every open warning that lost its own, such as after Temporal was set up anew; those that run
 * do not notice. Answers how many there are.
 */
export async function reviveWarnings(context: CommandContext): Promise<number> {
  const open = await listOpenWarnings(context.database.query);
  for (let from = 0; from < open.length; from += startsAtOnce) {
    await Promise.all(
      open.slice(from, from + startsAtOnce).map((warning) =>
        context.temporal.workflow.start('warning', {
          workflowId: warningWorkflowId(warning.fingerprint),
          taskQueue: taskQueues.warnings,
          workflowIdConflictPolicy: 'USE_EXISTING',
          args: [{ warningId: warning.id }],
        }),
      ),
    );
  }
  return open.length;
}
