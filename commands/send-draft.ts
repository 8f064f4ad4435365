import { listDrafts } from '../db/stores/request-drafts.ts';
import type { TagRequest } from '../domain/request.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { fillDraft } from './fill-draft.ts';
import { discardDraft } from './keep-draft.ts';
import { auditingRefusal } from './refused.ts';
import { submitRequest } from './submit-request.ts';

/** Asks the committee for what a draft of the actor's says, as forms are read; the draft goes once it is sent. */
export async function sendDraft(
  context: CommandContext,
  actor: Actor,
  { draftId }: { readonly draftId: number },
): Promise<CommandResult<{ readonly request: TagRequest }>> {
  const { person } = actor;
  const { database } = context;
  const attempt = { action: 'send', subjectKind: 'draft', subjectId: String(draftId) };
  const refuse = (refusal: Extract<CommandResult, { kind: 'refused' }>['refusal']) =>
    auditingRefusal(context, actor, attempt, { kind: 'refused', refusal } as const);
  const draft = (await listDrafts(database.query, person.code)).find(({ id }) => id === draftId);
  if (draft === undefined) {
    return refuse({ kind: 'not-found', what: 'draft', id: String(draftId) });
  }
  const read = await fillDraft(database, draft, person);
  if (read.kind === 'refused') return refuse(read.refusal);
  const { proposal } = read;
  const reason = draft.fields['reason'] ?? '';
  const result = await submitRequest(context, actor, { proposal, reason });
  if (result.kind !== 'refused') await discardDraft(context, actor, { draftId });
  return result;
}
