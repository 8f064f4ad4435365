import { writeNote } from '../db/stores/warnings.ts';
import type { Actor, CommandRefusal } from './command.ts';
import type { CommandContext } from './context.ts';

const noteCharsMax = 2000;

/** Why a text cannot be kept; null where it can. */
export function noteFault(
  text: string,
  note: { readonly field: string; readonly required: boolean },
): CommandRefusal | null {
  const isMissing = note.required && text.trim() === '';
  if (!isMissing && text.length <= noteCharsMax) return null;
  const fewest = note.required ? 1 : 0;
  return {
    kind: 'invalid',
    field: note.field,
    expected: `${fewest}–${noteCharsMax} characters`,
  };
}

/** Keeps what the actor wrote about a warning; the note's id stands for it in messages. */
export function keepNote(
  context: CommandContext,
  actor: Actor,
  note: { readonly warningId: number; readonly text: string },
): Promise<number> {
  return writeNote(
    context.database.query,
    { warningId: note.warningId, personCode: actor.person.code, text: note.text.trim() },
    context.now(),
  );
}
