import { Hono } from 'hono';
import { z } from 'zod';
import { checkTags, type CheckAnswer } from '../../commands/check-tags.ts';
import type { WebDependencies } from '../dependencies.ts';
import { Page } from '../layout.tsx';
import { PageHead, SeverityMark } from '../parts.tsx';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { withoutHiddenFindings } from '../../bot/visibility.ts';
import type { ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';

const text = z.string().trim().max(500).catch('');
const querySchema = z.object({ customer: text, tags: text, add: text });
type Query = z.infer<typeof querySchema>;

type Outcome =
  | { readonly kind: 'asked'; readonly answer: CheckAnswer }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'not-asked' };

/** Whether tags may go together, before anybody puts them on a customer. It writes nothing, so it is a GET. */
export function createCheckRoutes(
  dependencies: WebDependencies,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get('/check', async (context) => {
    const visitor = context.get('signedIn');
    const query = querySchema.parse(context.req.query());
    const outcome = await check(query, visitor);
    return context.html(<CheckPage {...{ visitor, query, outcome }} />);
  });

  async function check(query: Query, visitor: SignedIn): Promise<Outcome> {
    const tags = query.tags
      .split(/[,，、;；]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
    if (query.customer === '' && tags.length === 0) {
      return query.add === ''
        ? { kind: 'not-asked' }
        : { kind: 'refused', text: visitor.texts.check.needSubject };
    }
    const subject =
      query.customer === ''
        ? ({ kind: 'tags', tags } as const)
        : ({ kind: 'customer', ref: query.customer } as const);
    const [result, knowledge] = await Promise.all([
      checkTags(
        dependencies.context,
        { person: visitor.person, through: 'console' },
        { subject, add: query.add === '' ? null : query.add },
      ),
      readKnowledge(visitor.person),
    ]);
    if (result.kind === 'refused') {
      const words = describeRefusal(result.refusal, visitor.locale, knowledge.people);
      return { kind: 'refused', text: words };
    }
    return {
      kind: 'asked',
      answer: withoutHiddenFindings(result, knowledge, [...tags, query.add]),
    };
  }
  return app;
}

function CheckPage(props: {
  readonly visitor: SignedIn;
  readonly query: Query;
  readonly outcome: Outcome;
}) {
  const { visitor, query, outcome } = props;
  const { check } = visitor.texts;
  return (
    <Page visitor={visitor} title={check.title} area="check">
      <PageHead title={check.title} subtitle={check.subtitle} />
      <div class="stack narrow-wide">
        <form method="get" action="/check" class="box form box-body">
          <div class="form-grid">
            <CheckField
              name="customer"
              label={check.subject}
              hint={check.subjectHint}
              value={query.customer}
            />
            <CheckField
              name="tags"
              label={check.orTags}
              hint={check.orTagsHint}
              value={query.tags}
            />
            <CheckField name="add" label={check.add} hint={check.addHint} value={query.add} />
          </div>
          <div class="form-actions">
            <button class="button button-primary">{check.run}</button>
          </div>
        </form>
        {outcome.kind === 'refused' && (
          <p class="flash flash-refused" role="alert">
            {outcome.text}
          </p>
        )}
        {outcome.kind === 'asked' && <Verdict visitor={visitor} answer={outcome.answer} />}
      </div>
    </Page>
  );
}

function CheckField(props: {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
}) {
  return (
    <label class="field">
      <span>{props.label}</span>
      <input type="text" name={props.name} value={props.value} maxlength={500} autocomplete="off" />
      <small>{props.hint}</small>
    </label>
  );
}

function Verdict(props: { readonly visitor: SignedIn; readonly answer: CheckAnswer }) {
  const { visitor, answer } = props;
  const { texts, locale } = visitor;
  const { check } = texts;
  const isClean = answer.findings.length === 0;
  const tone = isClean ? '' : answer.allowed ? 'verdict-notice' : 'verdict-bad';
  return (
    <section role="status" class="stack">
      <div class={`verdict ${tone}`}>
        <strong>
          {isClean ? check.allowed : answer.allowed ? check.existing : check.notAllowed}
        </strong>
        {isClean && <p>{check.allowedHint}</p>}
      </div>
      {answer.findings.map((finding) => (
        <article class="box">
          <div class="box-body stack-small">
            <span class="line">
              <strong>{finding.ruleName[locale]}</strong>
              <SeverityMark severity={finding.severity} visitor={visitor} />
            </span>
            <span>
              {finding.tags.map((tag) => (
                <span class="tag">{tag.name[locale]}</span>
              ))}
              <small>{texts.ruleKind[finding.ruleKind]}</small>
            </span>
            <p>
              <small>{check.advice}</small>
              <br />
              {finding.advice[locale]}
            </p>
          </div>
        </article>
      ))}
    </section>
  );
}
