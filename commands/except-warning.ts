import { loadPolicy } from '../db/stores/dictionary.ts';
import type { Actor, CommandRefusal } from './command.ts';
import { changeWarning, type Prepared, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';
import { keepNote, noteFault } from './note.ts';
import { submitRequest } from './submit-request.ts';

const dayMs = 86_400_000;

export interface ExceptInput {
  readonly warningId: number;
  readonly untilMs: number;
  readonly reason: string;
}

/**
 * Declares a warning's findings right until an instant. Longer than one person may grant becomes a request to the
 * committee and is refused with that request's id.
 */
export async function exceptWarning(
  context: CommandContext,
  actor: Actor,
  input: ExceptInput,
): Promise<WarningResult> {
  return changeWarning(context, actor, {
    warningId: input.warningId,
    action: 'except',
    prepare: () => prepare(context, actor, input),
  });
}

async function prepare(
  context: CommandContext,
  actor: Actor,
  input: ExceptInput,
): Promise<Prepared> {
  const { warningId, untilMs, reason } = input;
  const nowMs = context.now();
  const fault: CommandRefusal | null =
    untilMs > nowMs
      ? noteFault(reason, { field: 'reason', required: true })
      : { kind: 'invalid', field: 'until', expected: 'a day in the future' };
  if (fault !== null) return { kind: 'refused', refusal: fault };
  const { exceptions } = await loadPolicy(context.database.query);
  if (untilMs > nowMs + exceptions.daysMax * dayMs) {
    const asked = await submitRequest(context, actor, {
      proposal: { kind: 'exception', warningId, untilMs, reason },
      reason,
    });
    if (asked.kind === 'refused') return asked;
    const { daysMax } = exceptions;
    return {
      kind: 'refused',
      refusal: { kind: 'committee-decides', daysMax, requestId: asked.request.id },
    };
  }
  const noteId = await keepNote(context, actor, { warningId, text: reason });
  return { kind: 'update', update: { kind: 'except', untilMs, noteId } };
}
