import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { loadFix, type Fix } from '../db/stores/fixes.ts';
import { listPartsToUndo } from '../db/stores/request-batches.ts';
import { loadRequest } from '../db/stores/requests.ts';
import { standsToUndo } from '../db/stores/tag-changes.ts';
import { mayUndoFixOfRequest } from '../domain/rights.ts';
import { taskQueues, undoWorkflowId } from '../workflows/messages.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import { findChangeable } from './change-warning.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal, auditRefusal, type CardSubject } from './refused.ts';
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
  const attempt = { action: 'undo', subjectKind: 'fix', subjectId: String(fixId) };
  const fix = await loadFix(context.database.query, fixId);
  if (fix === null) {
    const refusal = { kind: 'not-found', what: 'fix', id: String(fixId) } as const;
    return auditingRefusal(context, actor, attempt, { kind: 'refused', refusal });
  }
  const notAllowed = await findRefusal(context, actor, fix);
  if (notAllowed !== null) {
    // That of a warning is in the trail already, with the warning.
    if (fix.warningId === null) {
      await auditRefusal(context, actor, { ...attempt, card: cardOf(fix) }, notAllowed);
    }
    return { kind: 'refused', refusal: notAllowed };
  }
  if (fix.state === 'undoing' || fix.state === 'undone') return { kind: 'unchanged', fixId };
  if (fix.state !== 'written' || (fix.undoUntilMs ?? 0) <= context.now()) {
    const refusal = { kind: 'undo-over', untilMs: fix.undoUntilMs } as const;
    const shown = { ...attempt, card: cardOf(fix) };
    return auditingRefusal(context, actor, shown, { kind: 'refused', refusal });
  }
  if (await isOvertaken(context, fix)) {
    const refused = { kind: 'refused', refusal: { kind: 'changed-since' } } as const;
    return auditingRefusal(context, actor, { ...attempt, card: cardOf(fix) }, refused);
  }
  return (await start(context, actor, fixId))
    ? { kind: 'done', fixId }
    : { kind: 'refused', refusal: { kind: 'unavailable' } };
}

/** Whether nothing is left to undo: what a request changed is something else by now, or all of a batch's changes are. */
async function isOvertaken({ database }: CommandContext, fix: Fix): Promise<boolean> {
  const request = fix.requestId === null ? null : await loadRequest(database.query, fix.requestId);
  if (request?.proposal.kind !== 'batch') return !(await standsToUndo(database.query, fix));
  for (const partId of await listPartsToUndo(database, request.id)) {
    const part = await loadFix(database.query, partId);
    if (part !== null && (await standsToUndo(database.query, part))) return false;
  }
  return true;
}

/** What offers to take it back. */
function cardOf({ warningId, requestId }: Fix): CardSubject | null {
  if (warningId !== null) return { kind: 'warning', id: warningId };
  return requestId === null ? null : { kind: 'request', id: requestId };
}

async function findRefusal(
  context: CommandContext,
  actor: Actor,
  fix: Fix,
): Promise<CommandRefusal | null> {
  if (fix.warningId === null) {
    const { people } = await readCurrentKnowledge(context.database);
    return mayUndoFixOfRequest(actor.person, fix, people)
      ? null
      : { kind: 'role-needed', role: 'data-admin' };
  }
  const found = await findChangeable(context, actor, { warningId: fix.warningId, action: 'undo' });
  return found.kind === 'refused' ? found.refusal : null;
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
