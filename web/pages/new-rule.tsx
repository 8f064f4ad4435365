import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { createPen } from '../../bot/cards/context.ts';
import { previewBlocks } from '../../bot/forms/new-request.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import type { RequestPreview } from '../../bot/views.ts';
import { backTestRule, type BackTest } from '../../commands/back-test-rule.ts';
import type { CommandRefusal } from '../../commands/command.ts';
import type { Fields } from '../../commands/fill-proposal.ts';
import {
  fillRule,
  formRuleKinds,
  namesTyped,
  tagForRule,
  type RuleFaults,
} from '../../commands/fill-rule.ts';
import { discardDraft } from '../../commands/keep-draft.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import { ruleEntryOf } from '../../config/entries.ts';
import { listMasteredTags } from '../../db/stores/dictionary.ts';
import type { RuleDefinition } from '../../domain/configuration.ts';
import { heldRoles } from '../../domain/person.ts';
import { visibleDictionary } from '../../domain/hidden.ts';
import { definitionOf } from '../../domain/requests/change-rule.ts';
import type { Rule, RuleKind } from '../../domain/rule.ts';
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
import { fieldPrefix, postedTexts } from '../form.tsx';
import { Csrf, Page } from '../layout.tsx';
import { PageHead, withQuery } from '../parts.tsx';
import { RuleFields, ruleFormPath } from '../rule-fields.tsx';
import { ruleFormTexts } from '../texts/rule-form.ts';
import type { Sessions } from '../session.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { BackTestBox, ruleWords, visibleRules } from './rules.tsx';

/** A group may name thousands of tags. */
const fieldCharsMax = 50_000;

const ruleCode = z.string().max(200).catch('');
const kind = z.enum(formRuleKinds).nullable().catch(null);

const querySchema = z.object({ of: kind, rule: ruleCode, draft: draftIdSchema });
const postSchema = z.object({
  of: kind,
  rule: ruleCode,
  draft: postedDraftSchema,
  step: z.enum(['look', 'words', 'test', 'submit', 'save', 'discard']).catch('look'),
});

/** What the form is about: a rule of a kind, or one that is there already. */
interface Asked {
  readonly kind: RuleKind;
  readonly present: Rule | null;
}

/** Asking the committee for a rule, new or other than it is: its fields, what it would do and find, the request. */
export function createNewRuleRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { context: commandContext, database, publicUrl, views } = dependencies;
  const app = new Hono<WebEnv>();

  app.get(ruleFormPath, async (context) => {
    const visitor = context.get('signedIn');
    const query = querySchema.parse(context.req.query());
    if (query.draft !== null) {
      const kept = await findDraft(dependencies, visitor, query.draft);
      if (kept?.kind !== 'whole-rule') return context.notFound();
      const { of: kindOf, present, ...filled } = kept.fields;
      const wanted = { of: kind.parse(kindOf), rule: present ?? '' };
      const begun = whatIsAsked(wanted, await readKnowledge(visitor.person));
      return begun === null
        ? context.notFound()
        : show(context, { asked: begun, filled, draftId: kept.id });
    }
    if (query.of === null && query.rule === '') {
      return context.html(<ChooseKindPage visitor={visitor} />);
    }
    const knowledge = await readKnowledge(visitor.person);
    const asked = whatIsAsked(query, knowledge);
    if (asked === null) return context.notFound();
    const filled = asked.present === null ? freshFields : fieldsOfRule(asked.present);
    return show(context, { asked, filled });
  });

  app.post(ruleFormPath, async (context) => {
    const visitor = context.get('signedIn');
    const body = await context.req.parseBody({ all: true });
    const { step, draft: draftId, ...rest } = postSchema.parse(body);
    const knowledge = await readKnowledge(visitor.person);
    const asked = whatIsAsked(rest, knowledge);
    if (asked === null) return context.notFound();
    const filled = postedTexts(body, fieldCharsMax);
    if (step === 'save' || step === 'discard') {
      const fields = { of: asked.kind, present: rest.rule, ...filled };
      const draft = { id: draftId, kind: 'whole-rule', fields } as const;
      return actOnDraft(context, dependencies, sessions, { ...draft, step });
    }
    const { dictionary, people, duties } = knowledge;
    const known = {
      tags: visibleDictionary(dictionary, visitor.person, people).tags,
      people,
      duties,
      relations: dictionary.relations,
      masteredCodes: await listMasteredTags(database.query),
      ruleCodes: new Set(dictionary.rules.map(({ code }) => code)),
    };
    const read = fillRule(asked.kind, filled, { known, present: asked.present });
    const rule = read.kind === 'filled' ? read.rule : null;
    const begun = { asked, filled, draftId };
    if (step === 'words') return show(context, { ...begun, rule });
    if (read.kind === 'faulty') return show(context, { ...begun, faults: read.faults }, 422);
    const refuse = (refusal: CommandRefusal) => {
      const text = describeRefusal(refusal, visitor.locale, people);
      return show(context, { ...begun, rule, refusal: text }, 422);
    };
    const proposal = { kind: 'change-rule', after: read.rule } as const;
    const actor = { person: visitor.person, through: 'console' } as const;
    if (step === 'submit') {
      const reason = filled['reason'] ?? '';
      const result = await submitRequest(commandContext, actor, { proposal, reason });
      if (result.kind === 'refused') return refuse(result.refusal);
      const { id } = result.request;
      if (draftId !== null) await discardDraft(commandContext, actor, { draftId });
      const text = ruleFormTexts[visitor.locale].sent(String(id));
      sessions.flash(context, { kind: 'done', text });
      return context.redirect(`/requests/${id}`, 303);
    }
    const previewed = await views.previewRequest(proposal, visitor.person);
    if (previewed.kind === 'faulty') return refuse(previewed.fault);
    const { preview } = previewed;
    if (step === 'look') return show(context, { ...begun, rule, preview });
    const tested = await backTestRule(commandContext, actor, {
      rule: read.rule,
      signal: context.req.raw.signal,
    });
    return tested.kind === 'refused'
      ? refuse(tested.refusal)
      : show(context, { ...begun, rule, preview, backTest: tested.backTest });
  });

  async function show(
    context: Context<WebEnv>,
    shown: Pick<NewRuleProps, 'asked' | 'filled'> & Partial<NewRuleProps>,
    status: 200 | 422 = 200,
  ) {
    const visitor = context.get('signedIn');
    const knowledge = await readKnowledge(visitor.person);
    const present = shown.asked.present;
    const props: NewRuleProps = {
      rule: present === null ? null : definitionOf(present),
      faults: new Map(),
      refusal: null,
      preview: null,
      backTest: null,
      draftId: null,
      ...shown,
      visitor,
      knowledge,
      publicUrl,
    };
    return context.html(<NewRulePage {...props} />, status);
  }
  return app;
}

function whatIsAsked(
  query: { readonly of: RuleKind | null; readonly rule: string },
  knowledge: Knowledge,
): Asked | null {
  if (query.rule === '') return query.of === null ? null : { kind: query.of, present: null };
  const present = visibleRules(knowledge).find(({ code }) => code === query.rule);
  return present === undefined ? null : { kind: present.kind, present };
}

const freshFields: Fields = { severity: 'medium', enabled: 'yes', direction: 'unmet' };

/** A rule as the form has it: lists by code, joined by commas; names as they are, one a line. */
function fieldsOfRule(rule: Rule): Fields {
  const { autoFix, ...entry } = ruleEntryOf(definitionOf(rule));
  return {
    ...Object.fromEntries(
      Object.entries(entry).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(name === 'actors' ? '\n' : ',') : String(value),
      ]),
    ),
    enabled: rule.enabled ? 'yes' : 'no',
    autoFix: autoFix?.mode ?? 'no',
    autoFixCustomersMax: String(autoFix?.customersMax ?? ''),
    autoFixShareMax: String(autoFix?.shareMax ?? ''),
  };
}

function ChooseKindPage({ visitor }: { readonly visitor: SignedIn }) {
  const { texts, locale } = visitor;
  const words = ruleFormTexts[locale];
  return (
    <Page visitor={visitor} title={words.newTitle} area="rules">
      <PageHead title={words.newTitle} subtitle={words.chooseKind} />
      <section class="box">
        <ul class="lines">
          {formRuleKinds.map((one) => (
            <li>
              <div>
                <a href={withQuery(ruleFormPath, { of: one })}>{texts.ruleKind[one]}</a>
              </div>
              <small>{words.kindHint[one]}</small>
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
}

interface NewRuleProps {
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
  readonly publicUrl: string;
  readonly asked: Asked;
  readonly filled: Fields;
  /** What the fields say; null: not yet a rule. */
  readonly rule: RuleDefinition | null;
  readonly faults: RuleFaults;
  readonly refusal: string | null;
  /** null: nobody has looked yet. */
  readonly preview: RequestPreview | null;
  readonly backTest: BackTest | null;
  /** The draft that is gone on with; null: none. */
  readonly draftId: number | null;
}

function NewRulePage(props: NewRuleProps) {
  const { visitor, knowledge, asked, filled, faults, preview, backTest } = props;
  const { locale, texts } = visitor;
  const words = ruleFormTexts[locale];
  const { present } = asked;
  const title = present === null ? words.newTitle : words.changeTitle(present.name[locale]);
  const refusal = props.refusal ?? (faults.size > 0 ? words.faulty : null);
  const { tags, rules } = visibleDictionary(knowledge.dictionary, visitor.person, knowledge.people);
  const back = present === null ? '/rules' : `/rules/${encodeURIComponent(present.code)}`;
  return (
    <Page visitor={visitor} title={title} area="rules">
      <PageHead
        title={title}
        subtitle={present === null ? words.newSubtitle : words.changeSubtitle}
      >
        {present === null && (
          <a class="button button-default" href={ruleFormPath}>
            {words.anotherKind}
          </a>
        )}
      </PageHead>
      {refusal !== null && (
        <p class="flash flash-refused" role="alert">
          {refusal}
        </p>
      )}
      <div class="stack">
        <form
          method="post"
          action={ruleFormPath}
          class="box form box-body new-request"
          data-words="rule-words"
        >
          <Csrf visitor={visitor} />
          <input type="hidden" name="of" value={asked.kind} />
          <input type="hidden" name="rule" value={present?.code ?? ''} />
          <DraftField draftId={props.draftId} />
          <RuleSentence {...props} />
          <RuleFields {...{ visitor, knowledge, tags, filled, faults, ...asked }} />
          <label class="field">
            <span>{words.reason}</span>
            <textarea name={`${fieldPrefix}reason`} rows={3} maxlength={1000}>
              {filled['reason'] ?? ''}
            </textarea>
          </label>
          {preview !== null && (
            <Blocks
              blocks={previewBlocks(preview, penOf(props), textsFor(locale).form.request)}
              publicUrl={props.publicUrl}
            />
          )}
          <div class="form-actions">
            <button
              class={`button button-${preview === null ? 'primary' : 'default'}`}
              name="step"
              value="look"
            >
              {words.look}
            </button>
            {heldRoles(visitor.person).includes('data-admin') && (
              <button class="button button-default" name="step" value="test">
                {words.test}
              </button>
            )}
            {preview !== null && (
              <button class="button button-primary" name="step" value="submit">
                {words.submit}
              </button>
            )}
            <DraftButtons visitor={visitor} draftId={props.draftId} />
            <a class="button button-quiet" href={back}>
              {texts.common.cancel}
            </a>
          </div>
        </form>
        {backTest !== null && (
          <BackTestBox
            visitor={visitor}
            knowledge={{ ...knowledge, dictionary: { ...knowledge.dictionary, tags, rules } }}
            backTest={backTest}
          />
        )}
      </div>
    </Page>
  );
}

/** The rule in the words of the cards, as far as it is written. */
function RuleSentence({ visitor, knowledge, asked, filled, rule }: NewRuleProps) {
  const { locale, texts } = visitor;
  const { tags } = visibleDictionary(knowledge.dictionary, visitor.person, knowledge.people);
  const named = [...new Set(namesTyped(filled['tags']))].flatMap((typed) => {
    const tag = tagForRule(typed, tags);
    return tag === null ? [] : [tag.name[locale]];
  });
  return (
    <p id="rule-words" class="note" aria-live="polite">
      <strong>{`${ruleFormTexts[locale].says} · ${texts.ruleKind[asked.kind]}`}</strong>
      <br />
      {rule === null
        ? ruleFormTexts[locale].kindHint[asked.kind]
        : ruleWords(rule, knowledge, visitor)}
      {named.length > 0 && (
        <>
          <br />
          {named.join(' · ')}
        </>
      )}
    </p>
  );
}

function penOf({ visitor, publicUrl }: NewRuleProps) {
  const reader = { ...visitor.person, locale: visitor.locale };
  return createPen(reader, { publicUrl, nowMs: visitor.nowMs });
}
