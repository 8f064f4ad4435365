import { appendAudit } from '../db/stores/audit.ts';
import { refreshCandidates } from '../db/stores/suggestions.ts';
import { roleRefusal } from '../domain/department-rights.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

/** Looks the dictionary over for what a person should decide. For data admins. */
export async function lookForCandidates(
  context: CommandContext,
  actor: Actor,
): Promise<CommandResult<{ readonly tags: number; readonly open: number }>> {
  const result = await lookOver(context, actor);
  return auditingRefusal(
    context,
    actor,
    { action: 'look', subjectKind: 'candidates', subjectId: 'dictionary' },
    result,
  );
}

async function lookOver(
  context: CommandContext,
  actor: Actor,
): Promise<CommandResult<{ readonly tags: number; readonly open: number }>> {
  if (!actor.person.roles.includes('data-admin')) {
    return { kind: 'refused', refusal: roleRefusal(actor.person, 'data-admin') };
  }
  const nowMs = context.now();
  const found = await refreshCandidates(context.database, nowMs);
  const entry = {
    actorCode: actor.person.code,
    through: actor.through,
    action: 'candidates.looked-for',
    subjectKind: 'candidates',
    subjectId: 'dictionary',
    before: null,
    after: found,
  };
  await context.database.query.transaction((transaction) =>
    appendAudit(transaction, [entry], nowMs),
  );
  return { kind: 'done', ...found };
}
