import type { Warning } from '../domain/warning.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function exceptWarning(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly warningId: number; readonly untilMs: number; readonly reason: string },
): Promise<CommandResult<{ readonly warning: Warning }>> {
  throw new Error('exceptWarning is not built yet.');
}
