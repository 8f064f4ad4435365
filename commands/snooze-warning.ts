import type { Warning } from '../domain/warning.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function snoozeWarning(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly warningId: number; readonly untilMs: number },
): Promise<CommandResult<{ readonly warning: Warning }>> {
  throw new Error('snoozeWarning is not built yet.');
}
