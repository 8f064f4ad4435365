import type { TagRequest } from '../domain/request.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function withdrawRequest(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly requestId: number },
): Promise<CommandResult<{ readonly request: TagRequest }>> {
  throw new Error('withdrawRequest is not built yet.');
}
