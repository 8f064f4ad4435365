import { appendAudit } from '../db/stores/audit.ts';
import { announceQueue } from '../db/stores/deliveries.ts';
import { queueLogLines } from '../db/stores/group-log.ts';
import type { Actor } from './command.ts';
import { findChangeable, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';
import { madeBy, recordMadeBy } from './made.ts';
import { noteFault } from './note.ts';
import { auditingRefusal } from './refused.ts';

/** Adds what the actor says to a warning's history, closed ones included; it changes nothing else. */
export async function commentOnWarning(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number; readonly text: string },
): Promise<WarningResult> {
  const found = await findChangeable(context, actor, {
    warningId: input.warningId,
    action: 'comment',
  });
  if (found.kind === 'refused') return found;
  const refusal = noteFault(input.text, { field: 'comment', required: true });
  if (refusal !== null) {
    const subjectId = String(input.warningId);
    const attempt = { action: 'comment', subjectKind: 'warning', subjectId };
    return auditingRefusal(context, actor, attempt, { kind: 'refused', refusal });
  }
  const entry = {
    actorCode: actor.person.code,
    through: actor.through,
    action: 'warning.commented',
    subjectKind: 'warning',
    subjectId: String(input.warningId),
    before: null,
    after: { comment: input.text.trim() },
  };
  await context.database.query.transaction(async (transaction) => {
    if ((await madeBy(transaction, actor)) !== null) return;
    await recordMadeBy(transaction, actor, String(input.warningId));
    const nowMs = context.now();
    await appendAudit(transaction, [entry], nowMs);
    await queueLogLines(transaction, { warningId: input.warningId, nowMs });
    await announceQueue(transaction);
  });
  return { kind: 'done', warning: found.warning };
}
