import type { Ballot, TagRequest } from '../domain/request.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export async function voteOnRequest(
  _context: CommandContext,
  _actor: Actor,
  _input: { readonly requestId: number; readonly ballot: Ballot; readonly comment: string },
): Promise<CommandResult<{ readonly request: TagRequest }>> {
  throw new Error('voteOnRequest is not built yet.');
}
