import type { RequestProposal, TagRequest } from '../domain/request.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function submitRequest(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly proposal: RequestProposal; readonly reason: string },
): Promise<CommandResult<{ readonly request: TagRequest }>> {
  throw new Error('submitRequest is not built yet.');
}
