import { listOpenWarnings } from '../db/stores/warnings.ts';
import { startWarningWorkflow } from './change-warning.ts';
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
    const next = open.slice(from, from + startsAtOnce);
    await Promise.all(next.map((warning) => startWarningWorkflow(context, warning)));
  }
  return open.length;
}
