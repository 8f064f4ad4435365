import { prolongExceptions } from '../db/stores/exceptions.ts';
import { loadWarning, writeNote } from '../db/stores/warnings.ts';
import { sendToWarning } from './change-warning.ts';
import type { CommandContext } from './context.ts';

/**
 * Declares a warning right until an instant because the committee approved it; whoever has claimed the warning is
 * taken to agree. Of a warning that an exception closed the exception lasts longer, as long as it is in force. False
 * where the warning is over otherwise. Throws while Temporal does not answer or a fix is being written.
 */
export async function grantException(
  context: CommandContext,
  exception: {
    readonly warningId: number;
    readonly untilMs: number;
    readonly reason: string;
    readonly requesterCode: string;
  },
): Promise<boolean> {
  const { warningId, untilMs, reason, requesterCode } = exception;
  const warning = await loadWarning(context.database.query, warningId);
  if (warning === null) return false;
  if (warning.state.kind === 'closed') {
    return prolongExceptions(context.database, { ...exception, nowMs: context.now() });
  }
  const personCode = 'by' in warning.state ? warning.state.by : requesterCode;
  const noteId = await writeNote(
    context.database.query,
    { warningId, personCode: requesterCode, text: reason },
    context.now(),
  );
  const result = await sendToWarning(context, { personCode, through: 'system' }, warning, {
    kind: 'except',
    untilMs,
    noteId,
  });
  if (result.kind !== 'refused') return true;
  if (result.refusal.kind === 'closed') return false;
  throw new Error(`The exception cannot be granted now: ${result.refusal.kind}.`);
}
