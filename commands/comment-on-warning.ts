import type { Warning } from '../domain/warning.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function commentOnWarning(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly warningId: number; readonly text: string },
): Promise<CommandResult<{ readonly warning: Warning }>> {
  throw new Error('commentOnWarning is not built yet.');
}
