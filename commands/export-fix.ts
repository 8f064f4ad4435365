import { appendAudit } from '../db/stores/audit.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { readFixItems, type FixItemLine, type FixItemsShown } from '../db/stores/fix-items.ts';
import { loadFix, type Fix } from '../db/stores/fixes.ts';
import { loadRequest } from '../db/stores/requests.ts';
import { maySeeFixOfRequest, maySeeTag } from '../domain/rights.ts';
import { findChangeable } from './change-warning.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

/**
 * What became of every customer of a fix, or of those shown, in the order of a page at a time. A warning's fix is for
 * whoever may undo it; a request's for whoever asked for it, the members of its vote and data admins. Names of tags
 * that the reader may not see are left out. Audited, for it takes customers' data out of Tagwarden.
 */
export async function exportFix(
  context: CommandContext,
  actor: Actor,
  input: { readonly fixId: number; readonly shown: FixItemsShown },
): Promise<CommandResult<{ readonly pages: AsyncIterable<readonly FixItemLine[]> }>> {
  const { database } = context;
  const { fixId, shown } = input;
  const fix = await loadFix(database.query, fixId);
  if (fix === null) {
    const refusal = { kind: 'not-found', what: 'fix', id: String(fixId) } as const;
    const attempt = { action: 'export', subjectKind: 'fix', subjectId: String(fixId) };
    return auditingRefusal(context, actor, attempt, { kind: 'refused', refusal });
  }
  const refusal = await findRefusal(context, actor, fix);
  const entry = {
    actorCode: actor.person.code,
    through: actor.through,
    action: refusal === null ? 'fix.exported' : 'fix.refused',
    subjectKind: 'fix',
    subjectId: String(fixId),
    before: null,
    after: refusal === null ? { shown } : { action: 'export', refusal: refusal.kind },
  };
  await database.query.transaction((transaction) =>
    appendAudit(transaction, [entry], context.now()),
  );
  if (refusal !== null) return { kind: 'refused', refusal };
  const hiddenTagIds = await listHiddenTags(context, actor, fix);
  return { kind: 'done', pages: readFixItems(database.sql, { fixId, shown, hiddenTagIds }) };
}

async function findRefusal(
  context: CommandContext,
  actor: Actor,
  { warningId, requestId }: Fix,
): Promise<CommandRefusal | null> {
  if (warningId !== null) {
    const found = await findChangeable(context, actor, { warningId, action: 'undo' });
    return found.kind === 'refused' ? found.refusal : null;
  }
  const request = requestId === null ? null : await loadRequest(context.database.query, requestId);
  const { people } = await readCurrentKnowledge(context.database);
  const isAllowed = request !== null && maySeeFixOfRequest(actor.person, request, people);
  return isAllowed ? null : { kind: 'role-needed', role: 'data-admin' };
}

/** Whoever answers for a warning sees all of its customers' tags. */
async function listHiddenTags(
  { database }: CommandContext,
  { person }: Actor,
  { warningId }: Fix,
): Promise<readonly number[]> {
  if (warningId !== null) return [];
  const { dictionary, people } = await readCurrentKnowledge(database);
  return dictionary.tags.filter((tag) => !maySeeTag(person, tag, people)).map(({ id }) => id);
}
