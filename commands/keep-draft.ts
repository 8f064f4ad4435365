import { countDrafts, deleteDraft, saveDraft } from '../db/stores/request-drafts.ts';
import { appendAudit, type Queryable } from '../db/stores/audit.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import type { DraftKind } from '../domain/asked-kind.ts';
import type { Fields } from './fill-proposal.ts';
import { auditingRefusal } from './refused.ts';

/** As many as a person can have an eye on. */
const draftsMax = 50;
/** As much as the largest form, that of a rule about thousands of tags. */
const draftCharsMax = 60_000;

/** Keeps a request as far as it is written, for its writer's eyes alone; `id` null: a new one. */
export async function keepDraft(
  context: CommandContext,
  actor: Actor,
  draft: { readonly id: number | null; readonly kind: DraftKind; readonly fields: Fields },
): Promise<CommandResult<{ readonly draftId: number }>> {
  const { query } = context.database;
  const personCode = actor.person.code;
  const result = await query.transaction(
    async (transaction): Promise<CommandResult<{ readonly draftId: number }>> => {
      if (JSON.stringify(draft.fields).length > draftCharsMax) {
        const expected = `at most ${draftCharsMax} characters`;
        return { kind: 'refused', refusal: { kind: 'invalid', field: 'draft', expected } };
      }
      if (draft.id === null && (await countDrafts(transaction, personCode)) >= draftsMax) {
        const expected = `at most ${draftsMax} drafts`;
        return { kind: 'refused', refusal: { kind: 'invalid', field: 'draft', expected } };
      }
      const nowMs = context.now();
      const draftId = await saveDraft(transaction, { ...draft, personCode, nowMs });
      if (draftId === null) return notFound(draft.id ?? 0);
      await note(transaction, actor, { action: 'draft.kept', draftId, nowMs });
      return { kind: 'done', draftId };
    },
  );
  const attempt = { action: 'keep', subjectKind: 'draft', subjectId: String(draft.id ?? '') };
  return auditingRefusal(context, actor, attempt, result);
}

/** Throws a draft away; sending its request does so too. */
export async function discardDraft(
  context: CommandContext,
  actor: Actor,
  { draftId }: { readonly draftId: number },
): Promise<CommandResult> {
  const personCode = actor.person.code;
  const result = await context.database.query.transaction(
    async (transaction): Promise<CommandResult> => {
      if (!(await deleteDraft(transaction, { id: draftId, personCode }))) return notFound(draftId);
      const nowMs = context.now();
      await note(transaction, actor, { action: 'draft.discarded', draftId, nowMs });
      return { kind: 'done' };
    },
  );
  const attempt = { action: 'discard', subjectKind: 'draft', subjectId: String(draftId) };
  return auditingRefusal(context, actor, attempt, result);
}

function notFound(id: number): Extract<CommandResult, { kind: 'refused' }> {
  return { kind: 'refused', refusal: { kind: 'not-found', what: 'draft', id: String(id) } };
}

/** That there is a draft, not what it says. */
async function note(
  transaction: Queryable,
  { person, through }: Actor,
  said: { readonly action: string; readonly draftId: number; readonly nowMs: number },
): Promise<void> {
  const { action, draftId, nowMs } = said;
  const subject = { subjectKind: 'draft', subjectId: String(draftId) };
  const entry = { actorCode: person.code, through, action, ...subject, before: null, after: null };
  await appendAudit(transaction, [entry], nowMs);
}
