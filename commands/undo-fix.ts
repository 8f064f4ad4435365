import { appendAudit } from '../db/stores/audit.ts';
import { loadFix, type Fix } from '../db/stores/fixes.ts';
import { taskQueues, undoWorkflowId } from '../workflows/messages.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import { findChangeable } from './change-warning.ts';
import type { CommandContext } from './context.ts';
import { isUnavailable } from './temporal-errors.ts';

/**
 * Begins to take a fix back, within the policy's time. A warning's fix may be undone by whoever is responsible for
 * the warning; a request's by whoever asked for it and by data admins.
 */
export async function undoFix(
  context: CommandContext,
  actor: Actor,
  input: { readonly fixId: number },
): Promise<CommandResult<{ readonly fixId: number }>> {
  const { fixId } = input;
  const fix = await loadFix(context.database.query, fixId);
  if (fix === null) {
    return {
      kind: 'refused',
      refusal: { kind: 'not-found', what: 'fix', id: String(fixId) },
    };
  }
  const notAllowed = await findRefusal(context, actor, fix);
  if (notAllowed !== null) return { kind: 'refused', refusal: notAllowed };
  if (fix.state === 'undoing' || fix.state === 'undone') return { kind: 'unchanged', fixId };
  if (fix.state !== 'written' || (fix.undoUntilMs ?? 0) <= context.now()) {
    return refuse(context, actor, fix);
  }
  return (await start(context, actor, fixId))
    ? { kind: 'done', fixId }
    : { kind: 'refused', refusal: { kind: 'unavailable' } };
}

async function findRefusal(
  context: CommandContext,
  actor: Actor,
  fix: Fix,
): Promise<CommandRefusal | null> {
  if (fix.warningId === null) {
    return actor.person.code === fix.requestedBy || actor.person.roles.includes('data-admin')
      ? null
      : { kind: 'role-needed', role: 'data-admin' };
  }
  const found = await findChangeable(context, actor, { warningId: fix.warningId, action: 'undo' });
  return found.kind === 'refused' ? found.refusal : null;
}

async function refuse(
  context: CommandContext,
  actor: Actor,
  fix: Fix,
): Promise<CommandResult<{ readonly fixId: number }>> {
  const refusal = { kind: 'undo-over', untilMs: fix.undoUntilMs } as const;
  const entry = {
    actorCode: actor.person.code,
    through: actor.through,
    action: 'fix.refused',
    subjectKind: 'fix',
    subjectId: String(fix.id),
    before: null,
    after: { action: 'undo', refusal: refusal.kind },
  };
  await context.database.query.transaction((transaction) =>
    appendAudit(transaction, [entry], context.now()),
  );
  return { kind: 'refused', refusal };
}

/** Whether Temporal took it; an undo that runs already is the same one. */
async function start(context: CommandContext, actor: Actor, fixId: number): Promise<boolean> {
  const by = { personCode: actor.person.code, through: actor.through };
  try {
    await context.temporal.workflow.start('undo', {
      workflowId: undoWorkflowId(fixId),
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: taskQueues.warnings,
      args: [{ fixId, by }],
    });
    return true;
  } catch (error) {
    if (isUnavailable(error)) return false;
    throw error;
  }
}
