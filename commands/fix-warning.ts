import type { FixChoice } from '../domain/fix.ts';
import type { Warning } from '../domain/warning.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function fixWarning(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly warningId: number; readonly choice: FixChoice },
): Promise<CommandResult<{ readonly warning: Warning }>> {
  throw new Error('fixWarning is not built yet.');
}
