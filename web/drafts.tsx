import type { Context } from 'hono';
import { z } from 'zod';
import { describeRefusal } from '../bot/texts/refusals.ts';
import { requestWords } from '../bot/texts/request-words.ts';
import { batchKinds } from '../commands/fill-batch.ts';
import { formRuleKinds } from '../commands/fill-rule.ts';
import { discardDraft, keepDraft } from '../commands/keep-draft.ts';
import { listDrafts, type RequestDraft } from '../db/stores/request-drafts.ts';
import { isAskedKind } from '../domain/asked-kind.ts';
import type { WebDependencies } from './dependencies.ts';
import { ruleFormPath } from './rule-fields.tsx';
import type { Sessions } from './session.ts';
import { ruleFormTexts } from './texts/rule-form.ts';
import type { SignedIn, WebEnv } from './visitor.ts';

/** Which draft a form goes on with; null: none. */
export const draftIdSchema = z.coerce
  .number()
  .int()
  .positive()
  .max(2_147_483_647)
  .nullable()
  .catch(null);

/** Of a form that is sent or kept. */
export const postedDraftSchema = z
  .literal('')
  .transform(() => null)
  .or(draftIdSchema)
  .catch(null);

/** The visitor's own draft of this id; null where there is none. */
export async function findDraft(
  { database }: Pick<WebDependencies, 'database'>,
  visitor: SignedIn,
  draftId: number,
): Promise<RequestDraft | null> {
  const drafts = await listDrafts(database.query, visitor.person.code);
  return drafts.find(({ id }) => id === draftId) ?? null;
}

/** Keeps what is written as a draft, or throws the draft away, and leads to the visitor's drafts. */
export async function actOnDraft(
  context: Context<WebEnv>,
  { context: commandContext, views }: WebDependencies,
  sessions: Sessions,
  act: Pick<RequestDraft, 'kind' | 'fields'> & {
    readonly id: number | null;
    readonly step: 'save' | 'discard';
  },
): Promise<Response> {
  const visitor = context.get('signedIn');
  const actor = { person: visitor.person, through: 'console' } as const;
  const { step, ...draft } = act;
  const result =
    step === 'save'
      ? await keepDraft(commandContext, actor, draft)
      : await discardDraft(commandContext, actor, { draftId: draft.id ?? 0 });
  const { drafts } = visitor.texts;
  sessions.flash(
    context,
    result.kind === 'refused'
      ? {
          kind: 'refused',
          text: describeRefusal(result.refusal, visitor.locale, await views.people()),
        }
      : { kind: 'done', text: step === 'save' ? drafts.saved : drafts.discarded },
  );
  return context.redirect('/requests', 303);
}

/** What keeps a form's draft in view; within the form. */
export function DraftField({ draftId }: { readonly draftId: number | null }) {
  return draftId === null ? null : <input type="hidden" name="draft" value={String(draftId)} />;
}

export function DraftButtons(props: {
  readonly visitor: SignedIn;
  readonly draftId: number | null;
}) {
  const { drafts } = props.visitor.texts;
  return (
    <>
      <button class="button button-default" name="step" value="save" formnovalidate>
        {drafts.save}
      </button>
      {props.draftId !== null && (
        <button class="button button-quiet" name="step" value="discard" formnovalidate>
          {drafts.discard}
        </button>
      )}
    </>
  );
}

/** Where a draft is gone on with. */
export function draftPath({ id, kind }: RequestDraft): string {
  if (kind === 'list') return `/requests/new-batch?draft=${id}`;
  return kind === 'whole-rule' ? `${ruleFormPath}?draft=${id}` : `/requests/new?draft=${id}`;
}

/** What a draft asks for and about what, as far as it is written. */
export function draftTitle({ kind, fields }: RequestDraft, visitor: SignedIn): string {
  const { texts, locale } = visitor;
  const { kinds } = requestWords[locale].form;
  const of = fields['of'] ?? '';
  const said = ['name', 'tag', 'from', 'present', 'rule', 'nameMet', 'code', 'list']
    .map((id) => fields[id]?.split('\n')[0] ?? '')
    .find((text) => text !== '');
  const listOf = batchKinds.find((one) => one === of);
  const ruleOf = formRuleKinds.find((one) => one === of);
  const words = ruleFormTexts[locale];
  const named = said ?? texts.drafts.untitled;
  const parts = {
    list: [texts.newBatch.title, listOf === undefined ? null : kinds[listOf].choice],
    'whole-rule': [
      (fields['present'] ?? '') === '' ? words.newTitle : words.change,
      ruleOf === undefined ? null : texts.ruleKind[ruleOf],
    ],
  };
  const what = isAskedKind(kind) ? [kinds[kind].choice] : parts[kind];
  return [...what.filter((part) => part !== null), named].join(' · ');
}
