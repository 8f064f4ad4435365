import type { Actor } from './command.ts';
import { changeWarning, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';
import { keepNote, noteFault } from './note.ts';

/** Takes a warning to the next step of its chain at once, with a reason; its deadlines stay. */
export async function escalateWarning(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number; readonly reason: string },
): Promise<WarningResult> {
  const { warningId, reason } = input;
  return changeWarning(context, actor, {
    warningId,
    action: 'escalate',
    prepare: async () => {
      const refusal = noteFault(reason, { field: 'reason', required: true });
      if (refusal !== null) return { kind: 'refused', refusal };
      const noteId = await keepNote(context, actor, { warningId, text: reason });
      return { kind: 'update', update: { kind: 'escalate', noteId } };
    },
  });
}
