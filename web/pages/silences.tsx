import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { endOfDayMs } from '../../bot/interact/warning-forms.ts';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import {
  endSilenceNow,
  previewDays,
  previewSilenceOf,
  silenceFindings,
} from '../../commands/silence-findings.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { listExceptions, listSilences } from '../../db/stores/silences.ts';
import { maySilence } from '../../domain/department-rights.ts';
import { heldRoles, type Person } from '../../domain/person.ts';
import type { Rule } from '../../domain/rule.ts';
import { severities } from '../../domain/severity.ts';
import {
  isInForce,
  type ExceptionLine,
  type Silence,
  type SilencePreview,
  type SilenceScope,
} from '../../domain/silence.ts';
import type { WebDependencies } from '../dependencies.ts';
import { ExceptionTable, visibleExceptions } from '../exceptions.tsx';
import { formatCount } from '../format.ts';
import { personName } from '../words.ts';
import { Csrf, Page } from '../layout.tsx';
import { Empty, ExportLink, Instant, PageHead, Pill, withQuery } from '../parts.tsx';
import { visibleSilences, type Knowledge, type ReadKnowledge } from '../visibility.ts';
import type { Sessions } from '../session.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';

const shownMax = 200;
const text = z.string().trim().max(200).catch('');
const scopeShape = { rule: text, tag: text, severity: z.enum(['', ...severities]).catch('') };
const querySchema = z.object({ ...scopeShape, until: text, reason: text });
type Query = z.infer<typeof querySchema>;

/** What is not told for now: silences with a preview of what one would hide, and the exceptions in force. */
export function createSilenceRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { database } = dependencies;
  const app = new Hono<WebEnv>();

  app.get('/silences', async (context) => {
    const visitor = context.get('signedIn');
    const query = querySchema.parse(context.req.query());
    const [allSilences, allExceptions, knowledge, preview] = await Promise.all([
      listSilences(database.query, shownMax),
      listExceptions(database.query, { nowMs: visitor.nowMs }, shownMax),
      readKnowledge(visitor.person),
      readPreview(query, visitor),
    ]);
    const { dictionary, people, hidden } = knowledge;
    const rules = dictionary.rules.filter((rule) => !hidden.ruleIds.includes(rule.id));
    const silences = visibleSilences(allSilences, knowledge);
    const exceptions = visibleExceptions(allExceptions, knowledge);
    return context.html(
      <SilencesPage
        {...{ visitor, query, silences, exceptions, rules, knowledge, people, preview }}
      />,
    );
  });

  app.post('/silences', async (context) => {
    const visitor = context.get('signedIn');
    const query = querySchema.parse(await context.req.parseBody());
    const untilMs = endOfDayMs(query.until, visitor.timeZone) ?? 0;
    const result = await silenceFindings(dependencies.context, actorOf(visitor), {
      ...scopeOf(query),
      untilMs,
      reason: query.reason,
    });
    if (result.kind === 'refused') {
      await flashRefusal(context, result.refusal);
      return context.redirect(withQuery('/silences', query), 303);
    }
    const words = visitor.texts.silences.begun(String(result.silence.id));
    sessions.flash(context, { kind: 'done', text: words });
    return context.redirect('/silences', 303);
  });

  app.post('/silences/:id{[0-9]{1,9}}/end', async (context) => {
    const visitor = context.get('signedIn');
    const id = context.req.param('id');
    const result = await endSilenceNow(dependencies.context, actorOf(visitor), Number(id));
    const words = visitor.texts.silences;
    if (result.kind === 'refused') await flashRefusal(context, result.refusal);
    else {
      const isDone = result.kind === 'done';
      sessions.flash(context, { kind: 'done', text: isDone ? words.ended(id) : words.alreadyOver });
    }
    return context.redirect('/silences', 303);
  });

  async function readPreview(query: Query, visitor: SignedIn): Promise<SilencePreview | null> {
    const scope = scopeOf(query);
    if (Object.values(scope).every((part) => part === null)) return null;
    const result = await previewSilenceOf(dependencies.context, actorOf(visitor), scope);
    return result.kind === 'refused' ? null : result.preview;
  }

  async function flashRefusal(
    context: Context<WebEnv>,
    refusal: Parameters<typeof describeRefusal>[0],
  ): Promise<void> {
    const { locale } = context.get('visitor');
    const people = await loadPeople(database.query);
    sessions.flash(context, { kind: 'refused', text: describeRefusal(refusal, locale, people) });
  }

  return app;
}

function actorOf(visitor: SignedIn) {
  return { person: visitor.person, through: 'console' } as const;
}

function scopeOf({ rule, tag, severity }: Query): SilenceScope {
  return {
    ruleCode: rule === '' ? null : rule,
    tagCode: tag === '' ? null : tag,
    severity: severity === '' ? null : severity,
  };
}

interface SilencesPageProps {
  readonly visitor: SignedIn;
  readonly query: Query;
  readonly silences: readonly Silence[];
  readonly exceptions: readonly ExceptionLine[];
  readonly rules: readonly Rule[];
  readonly knowledge: Knowledge;
  readonly people: ReadonlyMap<string, Person>;
  readonly preview: SilencePreview | null;
}

function SilencesPage(props: SilencesPageProps) {
  const { visitor, silences, exceptions } = props;
  const words = visitor.texts.silences;
  const isAdmin = heldRoles(visitor.person).includes('data-admin');
  return (
    <Page visitor={visitor} title={words.title} area="silences">
      <PageHead title={words.title} subtitle={words.subtitle}>
        <ExportLink table="silences" visitor={visitor} />
      </PageHead>
      <div class="stack">
        {isAdmin && <SilenceForm {...props} />}
        <h2>{words.list}</h2>
        {silences.length === 0 ? (
          <Empty title={words.none} hint={words.noneHint} />
        ) : (
          <SilenceTable {...props} />
        )}
        <div class="toolbar">
          <h2>{words.exceptions}</h2>
          <ExportLink table="exceptions" visitor={visitor} />
        </div>
        <p>{words.exceptionsHint}</p>
        {exceptions.length === 0 ? (
          <Empty title={words.noExceptions} />
        ) : (
          <ExceptionTable {...props} />
        )}
      </div>
    </Page>
  );
}

function SilenceForm({ visitor, query, rules, preview }: SilencesPageProps) {
  const { texts, locale } = visitor;
  const words = texts.silences;
  const count = (number: number) => formatCount(number, locale);
  return (
    <form method="post" action="/silences" class="box form box-body">
      <h2>{words.newTitle}</h2>
      <p>{words.newHint}</p>
      <Csrf visitor={visitor} />
      <div class="form-grid">
        <label class="field">
          <span>{words.rule}</span>
          <select name="rule">
            <option value="">{words.anyRule}</option>
            {rules.map((rule) => (
              <option value={rule.code} selected={rule.code === query.rule}>
                {rule.name[locale]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{words.tag}</span>
          <input type="text" name="tag" value={query.tag} maxlength={64} autocomplete="off" />
        </label>
        <label class="field">
          <span>{words.severity}</span>
          <select name="severity">
            <option value="">{words.anySeverity}</option>
            {severities.map((severity) => (
              <option value={severity} selected={severity === query.severity}>
                {texts.severity[severity]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{words.until}</span>
          <input type="date" name="until" value={query.until} />
        </label>
        <label class="field">
          <span>{words.reason}</span>
          <input type="text" name="reason" value={query.reason} maxlength={200} />
        </label>
      </div>
      {preview !== null && (
        <p role="status" class="flash">
          {words.wouldHide(
            count(previewDays),
            count(preview.findings),
            count(preview.customers),
            count(preview.warnings),
          )}{' '}
          {words.waiting(count(preview.waiting))}
        </p>
      )}
      <div class="form-actions">
        <button class="button button-default" formmethod="get">
          {words.preview}
        </button>
        <button class="button button-primary">{words.begin}</button>
      </div>
    </form>
  );
}

function SilenceTable(props: SilencesPageProps) {
  const { visitor, silences, people } = props;
  const words = visitor.texts.silences;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.scope}</th>
            <th scope="col">{words.reason}</th>
            <th scope="col">{words.by}</th>
            <th scope="col">{words.endsOn}</th>
            <th scope="col">{words.state}</th>
          </tr>
        </thead>
        <tbody>
          {silences.map((silence) => (
            <tr>
              <td class="main-cell">{scopeWords(silence, props)}</td>
              <td data-label={words.reason}>{silence.reason}</td>
              <td data-label={words.by}>{personName(silence.createdBy, people, visitor)}</td>
              <td data-label={words.endsOn}>
                <Instant atMs={silence.untilMs} visitor={visitor} />
              </td>
              <td data-label={words.state}>
                <SilenceState {...props} silence={silence} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SilenceState(props: SilencesPageProps & { readonly silence: Silence }) {
  const { visitor, silence, people, knowledge } = props;
  const words = visitor.texts.silences;
  if (silence.endedBy !== null) {
    return (
      <Pill tone="neutral">{words.endedBy(personName(silence.endedBy, people, visitor))}</Pill>
    );
  }
  if (!isInForce(silence, visitor.nowMs)) return <Pill tone="neutral">{words.over}</Pill>;
  return (
    <span class="line">
      <Pill tone="notice">{words.inForce}</Pill>
      {maySilence(visitor.person, silence, knowledge) && (
        <form method="post" action={`/silences/${silence.id}/end`}>
          <Csrf visitor={visitor} />
          <button class="button button-quiet">{words.end}</button>
        </form>
      )}
    </span>
  );
}

function scopeWords(
  silence: SilenceScope,
  { visitor, rules, knowledge }: SilencesPageProps,
): string {
  const { texts, locale } = visitor;
  const rule = rules.find(({ code }) => code === silence.ruleCode);
  const parts = [
    silence.severity === null ? null : texts.severity[silence.severity],
    rule?.name[locale] ?? silence.ruleCode,
    knowledge.dictionary.tags.find(({ code }) => code === silence.tagCode)?.name[locale] ??
      silence.tagCode,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
