import type { DismissReason } from '../domain/warning.ts';
import type { Actor } from './command.ts';
import { changeWarning, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';
import { keepNote, noteFault } from './note.ts';

/** Rules a warning wrong: its findings count against the rule and are not warned of again while they last. */
export async function dismissWarning(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number; readonly reason: DismissReason; readonly comment: string },
): Promise<WarningResult> {
  const { warningId, reason, comment } = input;
  return changeWarning(context, actor, {
    warningId,
    action: 'dismiss',
    prepare: async () => {
      const refusal = noteFault(comment, { field: 'comment', required: false });
      if (refusal !== null) return { kind: 'refused', refusal };
      const noteId =
        comment.trim() === '' ? null : await keepNote(context, actor, { warningId, text: comment });
      return { kind: 'update', update: { kind: 'dismiss', reason, noteId } };
    },
  });
}
