import { refreshCandidates } from '../db/stores/suggestions.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

/** Looks the dictionary over for what a person should decide. For data admins. */
export async function lookForCandidates(
  context: CommandContext,
  actor: Actor,
): Promise<CommandResult<{ readonly tags: number; readonly open: number }>> {
  if (!actor.person.roles.includes('data-admin')) {
    return { kind: 'refused', refusal: { kind: 'role-needed', role: 'data-admin' } };
  }
  return { kind: 'done', ...(await refreshCandidates(context.database, context.now())) };
}
