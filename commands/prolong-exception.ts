import { findWarningException } from '../db/stores/exceptions.ts';
import type { TagRequest } from '../domain/request.ts';
import { findChangeable } from './change-warning.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { noteFault } from './note.ts';
import { auditingRefusal } from './refused.ts';
import { submitRequest } from './submit-request.ts';

export interface ProlongInput {
  readonly warningId: number;
  readonly untilMs: number;
  readonly reason: string;
}

/** Asks the committee to let what is excepted of a warning stay so for longer; refused where nothing is any more. */
export async function prolongException(
  context: CommandContext,
  actor: Actor,
  input: ProlongInput,
): Promise<CommandResult<{ readonly request: TagRequest }>> {
  const { warningId } = input;
  const found = await findChangeable(context, actor, { warningId, action: 'except' });
  if (found.kind === 'refused') return found;
  const fault = await findFault(context, input);
  if (fault === null) {
    const { untilMs, reason } = input;
    const proposal = { kind: 'exception', warningId, untilMs, reason } as const;
    return submitRequest(context, actor, { proposal, reason });
  }
  const attempt = {
    action: 'prolong-exception',
    subjectKind: 'warning',
    subjectId: String(warningId),
  } as const;
  return auditingRefusal(context, actor, attempt, { kind: 'refused', refusal: fault });
}

async function findFault(
  { database, now }: CommandContext,
  { warningId, untilMs, reason }: ProlongInput,
): Promise<CommandRefusal | null> {
  const standing = await findWarningException(database.sql, warningId, now());
  if (standing === null) return { kind: 'not-found', what: 'exception', id: String(warningId) };
  return untilMs > standing.untilMs
    ? noteFault(reason, { field: 'reason', required: true })
    : { kind: 'invalid', field: 'until', expected: 'a day after its present end' };
}
