import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

/** A one-time token that signs the actor in to the console until `expiresAtMs`; only its hash is stored. */
export async function createSignInLink(
  _context: CommandContext,
  _actor: Actor,
): Promise<CommandResult<{ readonly token: string; readonly expiresAtMs: number }>> {
  throw new Error('createSignInLink is not built yet.');
}
