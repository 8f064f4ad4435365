import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { createPen } from '../../bot/cards/context.ts';
import { filledFrom, newRequestForm } from '../../bot/forms/new-request.ts';
import type { Field } from '../../bot/form.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { requestWords } from '../../bot/texts/request-words.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import type { RequestPreview } from '../../bot/views.ts';
import { askedKinds, isAskedKind, type AskedKind } from '../../domain/asked-kind.ts';
import { fillProposal, namedTag, type Fields } from '../../commands/fill-proposal.ts';
import { discardDraft } from '../../commands/keep-draft.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import { criteriaText } from '../../config/tag-table/criteria.ts';
import { visibleDictionary } from '../../domain/hidden.ts';
import type { RequestTemplate } from '../../domain/request-template.ts';
import type { Tag } from '../../domain/tag.ts';
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
import { FieldView, fieldPrefix, postedTexts } from '../form.tsx';
import { Csrf, Page } from '../layout.tsx';
import { PageHead, Tabs } from '../parts.tsx';
import { readTemplates } from '../request-templates.ts';
import type { Sessions } from '../session.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';

const textCharsMax = 2_000;
/** Offered while typing; any other can be written by code or name. */
const offeredMax = 500;

const text = z.string().trim().max(textCharsMax).catch('');
const kind = z.enum(askedKinds).catch('create');

const querySchema = z.object({
  draft: draftIdSchema,
  template: text,
  kind,
  tag: text,
  name: text,
  from: text,
  into: text,
  rule: text,
});
const postSchema = z.object({
  kind,
  draft: postedDraftSchema,
  step: z.enum(['look', 'submit', 'save', 'discard']).catch('look'),
});

/** Asking the committee for a change: the fields, then what it would do, then the request. */
export function createNewRequestRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { context: commandContext, database, publicUrl, views } = dependencies;
  const app = new Hono<WebEnv>();

  app.get('/requests/new', async (context) => {
    const query = querySchema.parse(context.req.query());
    const { kind: what, draft: draftId, template: templateCode, ...given } = query;
    const visitor = context.get('signedIn');
    if (draftId !== null) {
      const kept = await findDraft(dependencies, visitor, draftId);
      if (kept === null || !isAskedKind(kept.kind)) return context.notFound();
      const known = { visitor, knowledge: await readKnowledge(visitor.person) };
      // A form in chat has fewer fields: what it did not ask for stays as it is.
      const filledIn = { ...asItIs(kept.kind, kept.fields, known), ...kept.fields };
      return show(context, { what: kept.kind, filled: filledIn, draftId }, 200);
    }
    const knowledge = await readKnowledge(visitor.person);
    if (templateCode !== '') {
      const templates = await readTemplates(database, readKnowledge, visitor.person);
      const template = templates.find(({ code }) => code === templateCode);
      if (template === undefined) return context.notFound();
      const { kind: asked, fields } = template;
      const filledIn = { ...asItIs(asked, fields, { visitor, knowledge }), ...fields };
      return show(context, { what: asked, filled: filledIn }, 200);
    }
    const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
    return show(context, { what, filled: asItIs(what, filled, { visitor, knowledge }) }, 200);
  });

  app.post('/requests/new', async (context) => {
    const visitor = context.get('signedIn');
    const body = await context.req.parseBody({ all: true });
    const { kind: what, step, draft: draftId } = postSchema.parse(body);
    const filled = postedTexts(body, textCharsMax);
    const actor = { person: visitor.person, through: 'console' } as const;
    if (step === 'save' || step === 'discard') {
      const draft = { id: draftId, kind: what, fields: filled };
      return actOnDraft(context, dependencies, sessions, { ...draft, step });
    }
    const knowledge = await readKnowledge(visitor.person);
    const refuse = (refusal: string) => show(context, { what, filled, draftId, refusal }, 422);
    const { people } = knowledge;
    const known = { ...visible(visitor, knowledge), people };
    const read = fillProposal(what, filled, { known, requester: visitor.person });
    const { field, reply } = textsFor(visitor.locale);
    if (read.kind === 'missing') return refuse(reply.fieldMissing(field[read.field].label));
    if (read.kind === 'refused') {
      return refuse(describeRefusal(read.refusal, visitor.locale, people));
    }
    const { proposal } = read;
    if (step === 'look') {
      const previewed = await views.previewRequest(proposal, visitor.person);
      return previewed.kind === 'faulty'
        ? refuse(describeRefusal(previewed.fault, visitor.locale, people))
        : show(context, { what, filled, draftId, preview: previewed.preview }, 200);
    }
    const result = await submitRequest(commandContext, actor, {
      proposal,
      reason: filled['reason'] ?? '',
    });
    if (result.kind === 'refused') {
      return refuse(describeRefusal(result.refusal, visitor.locale, people));
    }
    const { id } = result.request;
    if (draftId !== null) await discardDraft(commandContext, actor, { draftId });
    sessions.flash(context, { kind: 'done', text: visitor.texts.newRequest.sent(String(id)) });
    return context.redirect(`/requests/${id}`, 303);
  });

  async function show(
    context: Context<WebEnv>,
    asked: Pick<NewRequestProps, 'what' | 'filled'> &
      Partial<Pick<NewRequestProps, 'preview' | 'refusal' | 'draftId'>>,
    status: 200 | 422,
  ) {
    const visitor = context.get('signedIn');
    const [knowledge, templates] = await Promise.all([
      readKnowledge(visitor.person),
      readTemplates(database, readKnowledge, visitor.person),
    ]);
    const props = {
      preview: null,
      refusal: null,
      draftId: null,
      ...asked,
      visitor,
      knowledge,
      templates,
      publicUrl,
    };
    return context.html(<NewRequestPage {...props} />, status);
  }
  return app;
}

function visible(visitor: SignedIn, { dictionary, people }: Knowledge) {
  return visibleDictionary(dictionary, visitor.person, people);
}

/** A tag that is to change is shown as it is. */
function asItIs(
  what: AskedKind,
  filled: Fields,
  { visitor, knowledge }: { readonly visitor: SignedIn; readonly knowledge: Knowledge },
): Fields {
  const tag =
    what === 'change' ? namedTag(filled['tag'] ?? '', visible(visitor, knowledge).tags) : null;
  if (tag === null) return filled;
  const { parentCode, departmentCodes, sensitive, seenByDepartmentCodes, criteria } = tag;
  const { confirmEveryDays } = tag;
  const { attributes } = knowledge.dictionary;
  return {
    ...filledFrom(tag, penOf(visitor, '')),
    confirmEveryDays: confirmEveryDays === null ? '' : String(confirmEveryDays),
    parent: parentCode ?? '',
    departments: departmentCodes.join(','),
    sensitive: sensitive ? 'yes' : '',
    seenBy: seenByDepartmentCodes.join(','),
    criteria: criteria === null ? '' : criteriaText(criteria, attributes),
  };
}

function penOf(visitor: SignedIn, publicUrl: string) {
  const reader = { ...visitor.person, locale: visitor.locale };
  return createPen(reader, { publicUrl, nowMs: visitor.nowMs, inConsole: true });
}

interface NewRequestProps {
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
  /** What the visitor is offered, prefilled. */
  readonly templates: readonly RequestTemplate[];
  readonly publicUrl: string;
  readonly what: AskedKind;
  readonly filled: Fields;
  /** The draft that is gone on with; null: none. */
  readonly draftId: number | null;
  /** null: nobody has looked yet. */
  readonly preview: RequestPreview | null;
  readonly refusal: string | null;
}

function NewRequestPage(props: NewRequestProps) {
  const { visitor, what, filled, preview, refusal, publicUrl } = props;
  const words = visitor.texts.newRequest;
  const { kinds } = requestWords[visitor.locale].form;
  const { attributes } = props.knowledge.dictionary;
  const form = newRequestForm({ what, filled, preview, attributes }, penOf(visitor, publicUrl));
  // Which tag is to change is a field of its own here, and a question before the form in chat.
  const isWaiting = what === 'change' && (filled['tag'] ?? '') === '';
  return (
    <Page visitor={visitor} title={words.title} area="requests">
      <PageHead title={words.title} subtitle={kinds[what].hint} />
      <div class="toolbar">
        <Tabs
          label={words.title}
          tabs={askedKinds.map((one) => ({
            href: `/requests/new?kind=${one}`,
            label: kinds[one].choice,
            count: null,
            current: one === what,
          }))}
        />
      </div>
      <Templates {...props} />
      {refusal !== null && (
        <p class="flash flash-refused" role="alert">
          {refusal}
        </p>
      )}
      {isWaiting ? (
        <ChooseTag {...props} />
      ) : (
        <form method="post" action="/requests/new" class="box form box-body new-request">
          <Csrf visitor={visitor} />
          <input type="hidden" name="kind" value={what} />
          <DraftField draftId={props.draftId} />
          {what === 'change' && (
            <input type="hidden" name={`${fieldPrefix}tag`} value={filled['tag'] ?? ''} />
          )}
          <Blocks blocks={form.blocks} publicUrl={publicUrl} />
          {form.fields.slice(0, -1).map((field) => (
            <FieldView field={offered(field, props)} />
          ))}
          {(what === 'change' || what === 'create') && <FurtherParts {...props} />}
          {form.fields.slice(-1).map((reason) => (
            <FieldView field={reason} />
          ))}
          <div class="form-actions">
            <button
              class={`button button-${preview === null ? 'primary' : 'default'}`}
              name="step"
              value="look"
            >
              {words.look}
            </button>
            {preview !== null && (
              <button class="button button-primary" name="step" value="submit">
                {form.submitLabel}
              </button>
            )}
            <DraftButtons visitor={visitor} draftId={props.draftId} />
            <a class="button button-quiet" href="/requests">
              {visitor.texts.common.cancel}
            </a>
          </div>
        </form>
      )}
    </Page>
  );
}

function Templates({ visitor, templates }: NewRequestProps) {
  if (templates.length === 0) return null;
  return (
    <div class="toolbar">
      <div class="line">
        <span>{visitor.texts.newRequest.templates}</span>
        {templates.map(({ code, name }) => (
          <a
            class="button button-quiet"
            href={`/requests/new?template=${encodeURIComponent(code)}`}
          >
            {name[visitor.locale]}
          </a>
        ))}
      </div>
    </div>
  );
}

/** Parts of a tag for which a form in chat has no room. */
function FurtherParts(props: NewRequestProps) {
  const { visitor, filled } = props;
  const { locale, texts } = visitor;
  const { part, value: words } = requestWords[locale];
  return (
    <>
      <label class="field">
        <span>{texts.newRequest.confirmEveryDays}</span>
        <input
          name={`${fieldPrefix}confirmEveryDays`}
          value={filled['confirmEveryDays'] ?? ''}
          inputmode="numeric"
          maxlength={5}
        />
      </label>
      <label class="field">
        <span>{part.parentCode}</span>
        <input name={`${fieldPrefix}parent`} value={filled['parent'] ?? ''} list="parents" />
        <datalist id="parents">
          {offeredTags(props).map(({ value, label }) => (
            <option value={value}>{label}</option>
          ))}
        </datalist>
      </label>
      <DepartmentChoice
        {...props}
        field="departments"
        legend={part.departmentCodes}
        hint={texts.newRequest.noDepartment(words.everyDepartment)}
      />
      <fieldset class="choices">
        <legend>{part.sensitive}</legend>
        <input type="hidden" name={`${fieldPrefix}sensitive`} value="" />
        <label class="choice">
          <input
            type="checkbox"
            name={`${fieldPrefix}sensitive`}
            value="yes"
            checked={filled['sensitive'] === 'yes'}
          />
          <span>{textsFor(locale).asLabel(words.yesNo(true))}</span>
        </label>
        <small>{texts.newRequest.sensitiveHint}</small>
      </fieldset>
      <DepartmentChoice
        {...props}
        field="seenBy"
        legend={part.seenByDepartmentCodes}
        hint={texts.newRequest.seenByHint}
      />
      <label class="field">
        <span>{part.criteria}</span>
        <textarea name={`${fieldPrefix}criteria`} rows={3} maxlength={textCharsMax}>
          {filled['criteria'] ?? ''}
        </textarea>
        <small>{texts.newRequest.criteriaHint}</small>
      </label>
    </>
  );
}

function DepartmentChoice({
  visitor,
  knowledge,
  filled,
  field,
  legend,
  hint,
}: NewRequestProps & {
  readonly field: 'departments' | 'seenBy';
  readonly legend: string;
  readonly hint: string;
}) {
  const name = `${fieldPrefix}${field}`;
  const chosen = (filled[field] ?? '').split(',');
  return (
    <fieldset class="choices choices-row">
      <legend>{legend}</legend>
      <input type="hidden" name={name} value="" />
      {[...knowledge.departments.values()].map((department) => (
        <label class="choice">
          <input
            type="checkbox"
            name={name}
            value={department.code}
            checked={chosen.includes(department.code)}
          />
          <span>{department.name[visitor.locale]}</span>
        </label>
      ))}
      <small>{hint}</small>
    </fieldset>
  );
}

function ChooseTag(props: NewRequestProps) {
  const { visitor } = props;
  const label = requestWords[visitor.locale].form.tag;
  return (
    <form method="get" action="/requests/new" class="box form box-body new-request">
      <input type="hidden" name="kind" value="change" />
      <label class="field">
        <span>{label}</span>
        <input name="tag" required list="tags-to-change" autocomplete="off" />
        <datalist id="tags-to-change">
          {offeredTags(props).map(({ value, label: name }) => (
            <option value={value}>{name}</option>
          ))}
        </datalist>
      </label>
      <div class="form-actions">
        <button class="button button-primary">{textsFor(visitor.locale).form.request.next}</button>
      </div>
    </form>
  );
}

/** A search with what can be chosen while typing. */
function offered(field: Field, props: NewRequestProps): Field {
  if (field.kind !== 'search') return field;
  const { visitor, knowledge } = props;
  const { locale } = visitor;
  switch (field.source) {
    case 'tags':
      return { ...field, suggestions: offeredTags(props) };
    case 'rules':
      return {
        ...field,
        suggestions: visible(visitor, knowledge)
          .rules.slice(0, offeredMax)
          .map(({ code, name }) => ({ value: code, label: name[locale], hint: '' })),
      };
    case 'people':
      return {
        ...field,
        suggestions: [...knowledge.people.values()]
          .filter(({ status }) => status === 'active')
          .slice(0, offeredMax)
          .map(({ code, name }) => ({ value: code, label: name[locale], hint: '' })),
      };
  }
}

function offeredTags({ visitor, knowledge, what }: NewRequestProps) {
  const fits = ({ status }: Tag) =>
    what === 'activate' ? status !== 'active' : status === 'active' || status === 'deprecated';
  return visible(visitor, knowledge)
    .tags.filter(fits)
    .slice(0, offeredMax)
    .map(({ code, name }) => ({ value: code, label: name[visitor.locale], hint: '' }));
}
