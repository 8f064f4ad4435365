import { listOpenWarnings } from '../db/stores/warnings.ts';
import { lookAgainSignal, taskQueues, warningWorkflowId } from '../workflows/messages.ts';
import type { CommandContext } from './context.ts';

/** Signals sent side by side. */
const signalsAtOnce = 8;

/**
 * Has every open warning see again who is responsible for it, after people or the policy changed; gives a workflow
 * to those that lost theirs. Answers how many there are.
 */
export async function lookAgainAtWarnings(context: CommandContext): Promise<number> {
  const open = await listOpenWarnings(context.database.query);
  for (let from = 0; from < open.length; from += signalsAtOnce) {
    await Promise.all(
      open.slice(from, from + signalsAtOnce).map((warning) =>
        context.temporal.workflow.signalWithStart('warning', {
          workflowId: warningWorkflowId(warning.fingerprint),
          taskQueue: taskQueues.warnings,
          args: [{ warningId: warning.id }],
          signal: lookAgainSignal,
        }),
      ),
    );
  }
  return open.length;
}
