import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { batchPreview } from '../../bot/cards/request-batch.ts';
import { createPen } from '../../bot/cards/context.ts';
import { previewBlocks } from '../../bot/forms/new-request.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { requestWords } from '../../bot/texts/request-words.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import type { RequestPreview } from '../../bot/views.ts';
import { batchKinds, fillBatch, type BatchKind } from '../../commands/fill-batch.ts';
import { discardDraft } from '../../commands/keep-draft.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import type { Person } from '../../domain/person.ts';
import { itemsOf, type RequestProposal } from '../../domain/request.ts';
import { visibleDictionary } from '../../domain/hidden.ts';
import { tagCategories, tagLevels, type TagCategory, type TagLevel } from '../../domain/tag.ts';
import { chinese } from '../../language/chinese.ts';
import { Blocks } from '../card.tsx';
import type { WebDependencies } from '../dependencies.ts';
import {
  actOnDraft,
  DraftButtons,
  DraftField,
  draftIdSchema,
  findDraft,
  postedDraftSchema,
} from '../drafts.tsx';
import { Csrf, Page } from '../layout.tsx';
import { PageHead, Tabs } from '../parts.tsx';
import type { Sessions } from '../session.ts';
import type { ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';

const listCharsMax = 20_000;
const reasonCharsMax = 1_000;
/** As many as a page of any list has, and room. */
const tickedMax = 200;
/** A code, or the name of a tag that is to be made. */
const tickedCharsMax = 200;

const kind = z.enum(batchKinds).catch('retire');
const list = z.string().max(listCharsMax).catch('');
const querySchema = z.object({
  kind,
  list,
  reason: z.string().max(reasonCharsMax).catch(''),
  /** Of tags that are to be made, where their line does not say otherwise. */
  level: z.enum(tagLevels).catch('main'),
  category: z.enum(tagCategories).catch('basic'),
  /** Whose the tags become where their line names nobody; empty: each line has to. */
  owner: z.string().max(tickedCharsMax).catch(''),
});
const tickedId = z.string().max(tickedCharsMax);
const postSchema = querySchema.extend({
  draft: postedDraftSchema,
  /** list: what was ticked elsewhere is made a list. */
  step: z.enum(['list', 'look', 'submit', 'save', 'discard']).catch('look'),
  /** Codes of tags; names where they are to be made. */
  id: z.union([tickedId.transform((one) => [one]), z.array(tickedId).max(tickedMax)]).catch([]),
});

/** Many changes of one kind in one request: a list, then what it would do, then the vote. */
export function createNewBatchRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { context: commandContext, publicUrl, views } = dependencies;
  const app = new Hono<WebEnv>();

  app.get('/requests/new-batch', async (context) => {
    const given = context.req.query();
    const id = draftIdSchema.parse(given['draft']);
    if (id === null) return show(context, { ...querySchema.parse(given), draft: null }, 200);
    const kept = await findDraft(dependencies, context.get('signedIn'), id);
    if (kept?.kind !== 'list') return context.notFound();
    const { of: what, ...fields } = kept.fields;
    return show(context, { ...querySchema.parse({ ...fields, kind: what }), draft: id }, 200);
  });

  app.post('/requests/new-batch', async (context) => {
    const visitor = context.get('signedIn');
    const body = await context.req.parseBody({ all: true });
    const { step, id: ticked, ...asked } = postSchema.parse(body);
    if (step === 'list') {
      const lines = ticked.map((one) => batchLine(asked.kind, one)).join('\n');
      return show(context, { ...asked, list: lines }, 200);
    }
    if (step === 'save' || step === 'discard') {
      const { kind: of, draft: id, ...fields } = asked;
      const draft = { id, kind: 'list', fields: { of, ...fields } } as const;
      return actOnDraft(context, dependencies, sessions, { ...draft, step });
    }
    const { people, dictionary } = await readKnowledge(visitor.person);
    const refuse = (refusal: string) => show(context, { ...asked, refusal }, 422);
    const known = { ...visibleDictionary(dictionary, visitor.person, people), people };
    const filled = fillBatch(asked.kind, asked.list, {
      known,
      requester: visitor.person,
      spell: (name) => chinese().spell(name),
      newTags: { level: asked.level, category: asked.category },
      newOwner: asked.owner,
    });
    const words = visitor.texts.newBatch;
    if (filled.kind === 'refused') {
      const why = describeRefusal(filled.refusal, visitor.locale, people);
      return refuse(words.line(String(filled.line), why));
    }
    const { proposal } = filled;
    if (step === 'look') {
      const previewed = await views.previewRequest(proposal, visitor.person);
      return previewed.kind === 'faulty'
        ? refuse(describeRefusal(previewed.fault, visitor.locale, people))
        : show(context, { ...asked, looked: previewed }, 200);
    }
    const actor = { person: visitor.person, through: 'console' } as const;
    const { reason } = asked;
    const result = await submitRequest(commandContext, actor, { proposal, reason });
    if (result.kind === 'refused') {
      return refuse(describeRefusal(result.refusal, visitor.locale, people));
    }
    const { id } = result.request;
    if (asked.draft !== null) {
      await discardDraft(commandContext, actor, { draftId: asked.draft });
    }
    sessions.flash(context, { kind: 'done', text: visitor.texts.newRequest.sent(String(id)) });
    return context.redirect(`/requests/${id}`, 303);
  });

  async function show(
    context: Context<WebEnv>,
    asked: Omit<NewBatchProps, 'visitor' | 'publicUrl' | 'refusal' | 'looked' | 'people'> &
      Partial<Pick<NewBatchProps, 'refusal' | 'looked'>>,
    status: 200 | 422,
  ) {
    const visitor = context.get('signedIn');
    const { people } = await readKnowledge(visitor.person);
    const props = { refusal: null, looked: null, ...asked, visitor, publicUrl, people };
    return context.html(<NewBatchPage {...props} />, status);
  }
  return app;
}

/** A line of the list about a tag (its code, or its name where it is to be made), to be completed where more is needed. */
export function batchLine(what: BatchKind, tag: string): string {
  return what === 'activate' || what === 'retire' || what === 'deprecate' ? tag : `${tag} → `;
}

interface NewBatchProps {
  readonly visitor: SignedIn;
  readonly publicUrl: string;
  readonly kind: BatchKind;
  readonly list: string;
  readonly reason: string;
  readonly level: TagLevel;
  readonly category: TagCategory;
  readonly owner: string;
  readonly people: ReadonlyMap<string, Person>;
  /** The draft that is gone on with; null: none. */
  readonly draft: number | null;
  readonly refusal: string | null;
  /** null: nobody has looked yet. */
  readonly looked: { readonly proposal: RequestProposal; readonly preview: RequestPreview } | null;
}

/** What level and category the tags of the list get. */
function NewTagKind({ visitor, level, category }: NewBatchProps) {
  const { newBatch, tagLevel, tagCategory } = visitor.texts;
  return (
    <div class="form-grid">
      <label class="field">
        <span>{newBatch.levelOfAll}</span>
        <select name="level">
          {tagLevels.map((one) => (
            <option value={one} selected={one === level}>
              {tagLevel[one]}
            </option>
          ))}
        </select>
        <small>{newBatch.kindOfOne}</small>
      </label>
      <label class="field">
        <span>{newBatch.categoryOfAll}</span>
        <select name="category">
          {tagCategories.map((one) => (
            <option value={one} selected={one === category}>
              {tagCategory[one]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Whose the tags of the list become, so that one person for all of them is chosen once. */
function NewOwner({ visitor, owner, people }: NewBatchProps) {
  const { newBatch } = visitor.texts;
  const owners = [...people.values()].filter(
    ({ status, roles }) => status === 'active' && roles.includes('owner'),
  );
  return (
    <label class="field">
      <span>{newBatch.ownerOfAll}</span>
      <select name="owner">
        <option value="">{newBatch.ownerByLine}</option>
        {owners.map(({ code, name }) => (
          <option value={code} selected={code === owner}>
            {name[visitor.locale]}
          </option>
        ))}
      </select>
      <small>{newBatch.ownerOfOne}</small>
    </label>
  );
}

function NewBatchPage(props: NewBatchProps) {
  const { visitor, refusal, looked, publicUrl } = props;
  const words = visitor.texts.newBatch;
  const { form } = textsFor(visitor.locale);
  const { kinds } = requestWords[visitor.locale].form;
  const reader = { ...visitor.person, locale: visitor.locale };
  const pen = createPen(reader, { publicUrl, nowMs: visitor.nowMs });
  const blocks =
    looked === null
      ? []
      : [
          batchPreview(itemsOf(looked.proposal), looked.preview, pen),
          ...previewBlocks(looked.preview, pen, form.request),
        ];
  return (
    <Page visitor={visitor} title={words.title} area="requests">
      <PageHead title={words.title} subtitle={words.subtitle} />
      <div class="toolbar">
        <Tabs
          label={words.title}
          tabs={batchKinds.map((one) => ({
            href: `/requests/new-batch?kind=${one}`,
            label: kinds[one].choice,
            count: null,
            current: one === props.kind,
          }))}
        />
      </div>
      {refusal !== null && (
        <p class="flash flash-refused" role="alert">
          {refusal}
        </p>
      )}
      <form method="post" action="/requests/new-batch" class="box form box-body new-request">
        <Csrf visitor={visitor} />
        <input type="hidden" name="kind" value={props.kind} />
        <DraftField draftId={props.draft} />
        <Blocks blocks={blocks} publicUrl={publicUrl} />
        <label class="field">
          <span>{words.list}</span>
          <textarea name="list" rows={12} required maxlength={listCharsMax}>
            {props.list}
          </textarea>
          <small>{words.hint[props.kind]}</small>
        </label>
        {props.kind === 'create' && <NewTagKind {...props} />}
        {props.kind === 'owner' && <NewOwner {...props} />}
        <label class="field">
          <span>{form.request.reason}</span>
          <textarea name="reason" rows={3} required maxlength={reasonCharsMax}>
            {props.reason}
          </textarea>
        </label>
        <div class="form-actions">
          <button
            class={`button button-${looked === null ? 'primary' : 'default'}`}
            name="step"
            value="look"
          >
            {visitor.texts.newRequest.look}
          </button>
          {looked !== null && (
            <button class="button button-primary" name="step" value="submit">
              {form.request.submit}
            </button>
          )}
          <DraftButtons visitor={visitor} draftId={props.draft} />
          <a class="button button-quiet" href="/requests">
            {visitor.texts.common.cancel}
          </a>
        </div>
      </form>
    </Page>
  );
}
