import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function sendDigest(
  _context: CommandContext,
  _actor: Actor,
  _input: Readonly<Record<string, never>>,
): Promise<CommandResult<{ readonly digestId: number }>> {
  throw new Error('sendDigest is not built yet.');
}
