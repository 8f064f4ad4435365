import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function startScan(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly kind: 'full' | 'incremental' },
): Promise<CommandResult<{ readonly scanId: number }>> {
  throw new Error('startScan is not built yet.');
}
