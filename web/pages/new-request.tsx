import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { SimilarTag } from '../../bot/views.ts';
import type { CommandResult } from '../../commands/command.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import type { RequestProposal, TagRequest } from '../../domain/request.ts';
import { tagCategories, tagLevels, type Tag } from '../../domain/tag.ts';
import { similarTags } from '../../db/stores/request-views.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount } from '../format.ts';
import { Csrf, Page } from '../layout.tsx';
import { PageHead, Tabs } from '../parts.tsx';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import type { Sessions } from '../session.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';

const text = z.string().trim().max(2_000).catch('');
const code = z.string().trim().max(200).catch('');

const querySchema = z.object({
  kind: z.enum(['create', 'merge', 'retire']).catch('create'),
  name: code,
  from: code,
  into: code,
});

const draftSchema = z.object({
  kind: z.enum(['create', 'merge', 'retire']).catch('create'),
  code,
  name: text,
  nameEn: text,
  definition: text,
  level: z.enum(tagLevels).catch('main'),
  category: z.enum(tagCategories).catch('basic'),
  lifeDays: z
    .string()
    .regex(/^\d{0,5}$/)
    .catch(''),
  reason: text,
  from: code,
  into: code,
  step: z.enum(['similar', 'submit']).catch('similar'),
});
type Draft = Omit<z.infer<typeof draftSchema>, 'step'>;

/** Tags offered while typing; any other can be typed by code or name. */
const offeredTagsMax = 500;

/** Asking the committee for a new tag, for two tags to become one, or for a tag to go. */
export function createNewRequestRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/requests/new', async (context) => {
    const { kind, name, from, into } = querySchema.parse(context.req.query());
    const draft = { ...draftSchema.parse({}), kind, name, from, into };
    return show(context, draft, { similar: null, refusal: null }, 200);
  });

  app.post('/requests/new', async (context) => {
    const visitor = context.get('signedIn');
    const { step, ...draft } = draftSchema.parse(await context.req.parseBody());
    const knowledge = await readKnowledge(visitor.person);
    const proposal = toProposal(draft, visitor, knowledge);
    if (step === 'similar' && draft.kind === 'create') {
      const visible = knowledge.dictionary.tags.filter(
        (tag) => !knowledge.hidden.tagCodes.includes(tag.code),
      );
      const similar = await similarTags(dependencies.database, proposal, visible);
      return show(context, draft, { similar, refusal: null }, 200);
    }
    const result: CommandResult<{ readonly request: TagRequest }> = await submitRequest(
      dependencies.context,
      { person: visitor.person, through: 'console' },
      { proposal, reason: draft.reason },
    );
    if (result.kind === 'refused') {
      const refusal = describeRefusal(result.refusal, visitor.locale, knowledge.people);
      return show(context, draft, { similar: null, refusal }, 422);
    }
    const id = result.request.id;
    sessions.flash(context, { kind: 'done', text: visitor.texts.newRequest.sent(String(id)) });
    return context.redirect(`/requests/${id}`, 303);
  });

  async function show(
    context: Context<WebEnv>,
    draft: Draft,
    outcome: Pick<NewRequestProps, 'similar' | 'refusal'>,
    status: 200 | 422,
  ) {
    const visitor = context.get('signedIn');
    const knowledge = await readKnowledge(visitor.person);
    return context.html(<NewRequestPage {...{ visitor, knowledge, draft }} {...outcome} />, status);
  }
  return app;
}

function toProposal(draft: Draft, visitor: SignedIn, knowledge: Knowledge): RequestProposal {
  if (draft.kind === 'merge') {
    return {
      kind: 'merge-tags',
      fromCode: tagCode(draft.from, knowledge),
      intoCode: tagCode(draft.into, knowledge),
    };
  }
  if (draft.kind === 'retire') {
    return { kind: 'retire-tag', code: tagCode(draft.from, knowledge) };
  }
  return {
    kind: 'create-tag',
    code: draft.code,
    name: { 'zh-CN': draft.name, en: draft.nameEn },
    definition: { 'zh-CN': draft.definition, en: draft.definition },
    level: draft.level,
    category: draft.category,
    departmentCodes: [visitor.person.departmentCode],
    ownerCode: visitor.person.code,
    lifeDays: draft.lifeDays === '' ? null : Number(draft.lifeDays),
  };
}

/** The code of a tag typed by code or by name; what nothing fits stays, for the command to refuse by name. */
function tagCode(typed: string, knowledge: Knowledge): string {
  const wanted = typed.toLowerCase();
  const fits = (tag: Tag) =>
    tag.code === typed ||
    tag.name['zh-CN'].toLowerCase() === wanted ||
    tag.name.en.toLowerCase() === wanted;
  return knowledge.dictionary.tags.find(fits)?.code ?? typed;
}

interface NewRequestProps {
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
  readonly draft: Draft;
  /** null: nobody has looked yet. */
  readonly similar: readonly SimilarTag[] | null;
  readonly refusal: string | null;
}

function NewRequestPage(props: NewRequestProps) {
  const { visitor, draft, refusal } = props;
  const { texts } = visitor;
  const words = texts.newRequest;
  const tab = (kind: Draft['kind'], label: string) => ({
    href: `/requests/new?kind=${kind}`,
    label,
    count: null,
    current: draft.kind === kind,
  });
  return (
    <Page visitor={visitor} title={words.title} area="requests">
      <PageHead title={words.title} subtitle={words[`${draft.kind}Hint`]} />
      <div class="toolbar">
        <Tabs
          label={words.title}
          tabs={[
            tab('create', words.create),
            tab('merge', words.merge),
            tab('retire', words.retire),
          ]}
        />
      </div>
      {refusal !== null && (
        <p class="flash flash-refused" role="alert">
          {refusal}
        </p>
      )}
      <form method="post" action="/requests/new" class="box form box-body new-request">
        <Csrf visitor={visitor} />
        <input type="hidden" name="kind" value={draft.kind} />
        {draft.kind === 'create' ? <CreateFields {...props} /> : <TagFields {...props} />}
        <label class="field">
          <span>{words.reason}</span>
          <textarea name="reason" rows={2} maxlength={1_000} required>
            {draft.reason}
          </textarea>
        </label>
        {props.similar !== null && <SimilarTags visitor={visitor} similar={props.similar} />}
        <div class="form-actions">
          {draft.kind === 'create' && props.similar === null ? (
            <button class="button button-primary" name="step" value="similar">
              {words.similar}
            </button>
          ) : (
            <button class="button button-primary" name="step" value="submit">
              {words.submit}
            </button>
          )}
          {draft.kind === 'create' && props.similar !== null && (
            <button class="button button-default" name="step" value="similar">
              {words.similar}
            </button>
          )}
          <a class="button button-quiet" href="/requests">
            {texts.common.cancel}
          </a>
        </div>
      </form>
    </Page>
  );
}

function CreateFields({ visitor, draft }: NewRequestProps) {
  const { texts } = visitor;
  const words = texts.newRequest;
  return (
    <>
      <div class="form-grid">
        <TextField name="name" label={words.name} value={draft.name} charsMax={60} />
        <TextField name="nameEn" label={words.nameEn} value={draft.nameEn} charsMax={60} />
        <TextField
          name="code"
          label={words.code}
          value={draft.code}
          charsMax={60}
          hint={words.codeHint}
          pattern="[a-z0-9]+(-[a-z0-9]+)*"
        />
      </div>
      <label class="field">
        <span>{words.definition}</span>
        <textarea name="definition" rows={3} maxlength={1_000} required>
          {draft.definition}
        </textarea>
        <small>{words.definitionHint}</small>
      </label>
      <div class="form-grid">
        <label class="field">
          <span>{words.level}</span>
          <select name="level">
            {tagLevels.map((level) => (
              <option value={level} selected={level === draft.level}>
                {texts.tagLevel[level]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{words.category}</span>
          <select name="category">
            {tagCategories.map((category) => (
              <option value={category} selected={category === draft.category}>
                {texts.tagCategory[category]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{words.lifeDays}</span>
          <input
            type="text"
            inputmode="numeric"
            name="lifeDays"
            pattern="\d{0,5}"
            value={draft.lifeDays}
          />
          <small>{words.lifeDaysHint}</small>
        </label>
      </div>
    </>
  );
}

function TagFields({ visitor, draft, knowledge }: NewRequestProps) {
  const { texts, locale } = visitor;
  const words = texts.newRequest;
  const offered = knowledge.dictionary.tags
    .filter((tag) => tag.status === 'active' || tag.status === 'deprecated')
    .filter((tag) => !knowledge.hidden.tagCodes.includes(tag.code))
    .slice(0, offeredTagsMax);
  return (
    <div class="form-grid">
      <TextField
        name="from"
        label={draft.kind === 'merge' ? words.from : words.retired}
        value={draft.from}
        charsMax={200}
        list="tags"
        hint={words.chooseTag}
      />
      {draft.kind === 'merge' && (
        <TextField
          name="into"
          label={words.into}
          value={draft.into}
          charsMax={200}
          list="tags"
          hint={words.chooseTag}
        />
      )}
      <datalist id="tags">
        {offered.map((tag) => (
          <option value={tag.code}>{tag.name[locale]}</option>
        ))}
      </datalist>
    </div>
  );
}

function TextField(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly charsMax: number;
  readonly hint?: string;
  readonly pattern?: string;
  readonly list?: string;
}) {
  return (
    <label class="field">
      <span>{props.label}</span>
      <input
        type="text"
        name={props.name}
        value={props.value}
        maxlength={props.charsMax}
        required
        autocomplete="off"
        {...(props.pattern === undefined ? {} : { pattern: props.pattern })}
        {...(props.list === undefined ? {} : { list: props.list })}
      />
      {props.hint !== undefined && <small>{props.hint}</small>}
    </label>
  );
}

function SimilarTags(props: {
  readonly visitor: SignedIn;
  readonly similar: readonly SimilarTag[];
}) {
  const { visitor, similar } = props;
  const { texts, locale } = visitor;
  const words = texts.newRequest;
  return (
    <section class={`verdict ${similar.length > 0 ? 'verdict-notice' : ''}`} role="status">
      <strong>{similar.length > 0 ? words.similarTitle : words.similarNone}</strong>
      <ul>
        {similar.map((tag) => (
          <li>
            <a href={`/tags/${encodeURIComponent(tag.code)}`}>{tag.name[locale]}</a>{' '}
            <small>
              {`${words.similarWhy[tag.why]} · ${texts.common.customers(formatCount(tag.customers, locale))}`}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
