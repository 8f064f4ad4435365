import type { DismissReason, Warning } from '../domain/warning.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function dismissWarning(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly warningId: number; readonly reason: DismissReason; readonly comment: string },
): Promise<CommandResult<{ readonly warning: Warning }>> {
  throw new Error('dismissWarning is not built yet.');
}
