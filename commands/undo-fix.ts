import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function undoFix(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly fixId: number },
): Promise<CommandResult<{ readonly fixId: number }>> {
  throw new Error('undoFix is not built yet.');
}
