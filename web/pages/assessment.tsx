import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { contestPoints, decidePoints } from '../../commands/assessment.ts';
import { readAssessment, type AssessmentMonth } from '../../commands/read-assessment.ts';
import {
  contestRefusal,
  decideRefusal,
  pointCauses,
  type AssessmentPoints,
  type PointsState,
} from '../../domain/assessment.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount } from '../format.ts';
import { Csrf, Page } from '../layout.tsx';
import {
  Empty,
  ExportLink,
  Instant,
  PageHead,
  Pill,
  SeverityMark,
  withQuery,
  type PillTone,
} from '../parts.tsx';
import type { Sessions } from '../session.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';

const monthSchema = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/)
  .nullable()
  .catch(null);
const text = z.string().max(10_000).catch('');
export const assessmentQuerySchema = z.object({
  month: monthSchema.default(null),
  person: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .nullable()
    .catch(null)
    .default(null),
});
const contestSchema = z.object({ reason: text });
const decideSchema = z.object({
  answer: text,
  decision: z.enum(['upheld', 'withdrawn']),
});

/** Points of the monthly assessment, with why, and how they are contested and decided on. */
export function createAssessmentRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/assessment', async (context) => {
    const visitor = context.get('signedIn');
    const { month, person } = assessmentQuerySchema.parse(context.req.query());
    const [assessment, knowledge] = await Promise.all([
      readAssessment(dependencies.context, actorOf(visitor), { month, personCode: person }),
      readKnowledge(visitor.person),
    ]);
    return context.html(<AssessmentPage {...{ visitor, assessment, knowledge, person }} />);
  });

  app.post('/assessment/:id{[0-9]{1,9}}/contest', async (context) => {
    const visitor = context.get('signedIn');
    const { reason } = contestSchema.parse(await context.req.parseBody());
    const pointsId = Number(context.req.param('id'));
    const result = await contestPoints(dependencies.context, actorOf(visitor), {
      pointsId,
      reason,
    });
    return goBack(context, result, visitor.texts.assessment.nowContested);
  });

  app.post('/assessment/:id{[0-9]{1,9}}/decide', async (context) => {
    const visitor = context.get('signedIn');
    const body = decideSchema.safeParse(await context.req.parseBody());
    const words = visitor.texts.assessment;
    if (!body.success) return context.redirect('/assessment', 303);
    const { decision, answer } = body.data;
    const pointsId = Number(context.req.param('id'));
    const result = await decidePoints(dependencies.context, actorOf(visitor), {
      pointsId,
      decision,
      answer,
    });
    return goBack(context, result, words.nowDecided[decision]);
  });

  async function goBack(
    context: Context<WebEnv>,
    result: Awaited<ReturnType<typeof contestPoints>>,
    done: string,
  ) {
    const visitor = context.get('signedIn');
    if (result.kind === 'refused') {
      const { people } = await readKnowledge(visitor.person);
      const words = describeRefusal(result.refusal, visitor.locale, people);
      sessions.flash(context, { kind: 'refused', text: words });
    } else {
      sessions.flash(context, { kind: 'done', text: done });
    }
    const { month, person } = assessmentQuerySchema.parse(context.req.query());
    return context.redirect(withQuery('/assessment', { month, person }), 303);
  }

  return app;
}

function actorOf(visitor: SignedIn) {
  return { person: visitor.person, through: 'console' } as const;
}

interface AssessmentPageProps {
  readonly visitor: SignedIn;
  readonly assessment: AssessmentMonth;
  readonly knowledge: Knowledge;
  /** Whose entries alone are shown. */
  readonly person: string | null;
}

function AssessmentPage(props: AssessmentPageProps) {
  const { visitor, assessment, person, knowledge } = props;
  const { texts } = visitor;
  const words = texts.assessment;
  const { month, policy, points, isCut, sums } = assessment;
  return (
    <Page visitor={visitor} title={words.title} area="assessment">
      <PageHead title={words.title} subtitle={words.subtitle}>
        <form method="get" action="/assessment" class="filters">
          <label class="filter">
            <span class="visually-hidden">{words.month}</span>
            <input type="month" name="month" value={month} required />
          </label>
          <button class="button button-default">{words.show}</button>
        </form>
        <ExportLink table="assessment" visitor={visitor} query={{ month, person }} />
      </PageHead>
      <div class="stack">
        {policy === null && <p class="flash">{words.off}</p>}
        <h2>{words.people(month)}</h2>
        {sums.length === 0 ? (
          <Empty title={words.none} hint={words.noneHint} />
        ) : (
          <SumTable {...props} />
        )}
        {points.length > 0 && (
          <>
            <h2>
              {person === null
                ? words.entries
                : words.entriesOf(personName(person, knowledge.people, visitor))}
            </h2>
            {person !== null && sums.length > 1 && (
              <p>
                <a href={withQuery('/assessment', { month })}>{words.everybody}</a>
              </p>
            )}
            <PointsTable {...props} />
            {isCut && <p>{words.cut(formatCount(points.length, visitor.locale))}</p>}
          </>
        )}
      </div>
    </Page>
  );
}

function SumTable({ visitor, assessment, knowledge }: AssessmentPageProps) {
  const { texts, locale } = visitor;
  const words = texts.assessment;
  const count = (number: number) =>
    number === 0 ? texts.common.none : formatCount(number, locale);
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.person}</th>
            <th scope="col" class="number">
              {words.points}
            </th>
            {pointCauses.map((cause) => (
              <th scope="col" class="number">
                {words.cause[cause]}
              </th>
            ))}
            <th scope="col" class="number">
              {words.waiting}
            </th>
          </tr>
        </thead>
        <tbody>
          {assessment.sums.map((sum) => (
            <tr>
              <td class="main-cell">
                <a
                  href={withQuery('/assessment', {
                    month: assessment.month,
                    person: sum.personCode,
                  })}
                >
                  {personName(sum.personCode, knowledge.people, visitor)}
                </a>
              </td>
              <td class="number" data-label={words.points}>
                <strong>{formatCount(sum.points, locale)}</strong>
              </td>
              {pointCauses.map((cause) => (
                <td class="number" data-label={words.cause[cause]}>
                  {count(sum.byCause[cause])}
                </td>
              ))}
              <td class="number" data-label={words.waiting}>
                {count(sum.contested)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PointsTable(props: AssessmentPageProps) {
  const { visitor, assessment, knowledge } = props;
  const { texts } = visitor;
  const words = texts.assessment;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.why}</th>
            <th scope="col">{words.person}</th>
            <th scope="col">{words.when}</th>
            <th scope="col" class="number">
              {words.points}
            </th>
            <th scope="col">{words.state}</th>
          </tr>
        </thead>
        <tbody>
          {assessment.points.map((one) => (
            <tr id={`points-${one.id}`}>
              <td class="main-cell">
                <SeverityMark severity={one.severity} visitor={visitor} /> {words.cause[one.cause]}
                <small>
                  <a href={`/warnings/${one.warningId}`}>{warningName(one, props)}</a>
                </small>
              </td>
              <td data-label={words.person}>
                {personName(one.personCode, knowledge.people, visitor)}
              </td>
              <td data-label={words.when}>
                <Instant atMs={one.atMs} visitor={visitor} />
              </td>
              <td class="number" data-label={words.points}>
                {one.state.kind === 'withdrawn' ? <s>{one.points}</s> : one.points}
              </td>
              <td data-label={words.state}>
                <StateOfPoints {...props} one={one} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The rule's name, unless it names a tag that the reader may not see. */
function warningName(one: AssessmentPoints, { visitor, knowledge }: AssessmentPageProps): string {
  const { dictionary, hidden } = knowledge;
  const rule = dictionary.rules.find(({ code }) => code === one.ruleCode);
  const isHidden = rule !== undefined && hidden.ruleIds.includes(rule.id);
  const name = rule === undefined || isHidden ? '' : `${rule.name[visitor.locale]} · `;
  return `${name}${visitor.texts.assessment.warning(String(one.warningId))}`;
}

const stateTones: Readonly<Record<PointsState['kind'], PillTone>> = {
  standing: 'neutral',
  contested: 'notice',
  upheld: 'neutral',
  withdrawn: 'good',
};

function StateOfPoints(props: AssessmentPageProps & { readonly one: AssessmentPoints }) {
  const { visitor, assessment, knowledge, one } = props;
  const words = visitor.texts.assessment;
  const { state } = one;
  const contestWithinMs = assessment.policy?.contestWithinMs ?? 0;
  const mayContest =
    contestRefusal(visitor.person, one, { nowMs: visitor.nowMs, contestWithinMs }) === null;
  const mayDecide = decideRefusal(visitor.person, one, knowledge.people) === null;
  const path = (verb: string) =>
    withQuery(`/assessment/${one.id}/${verb}`, { month: assessment.month, person: props.person });
  return (
    <>
      <Pill tone={stateTones[state.kind]}>{words.states[state.kind]}</Pill>
      {state.kind !== 'standing' && (
        <div>
          <small>{words.reason(state.reason)}</small>
        </div>
      )}
      {'answer' in state && (
        <div>
          <small>
            {words.answer(personName(state.by, knowledge.people, visitor), state.answer)}
          </small>
        </div>
      )}
      {mayContest && (
        <details>
          <summary>{words.contest}</summary>
          <form method="post" action={path('contest')} class="form">
            <Csrf visitor={visitor} />
            <label class="field">
              <span>{words.contestWhy}</span>
              <textarea name="reason" rows={3} maxlength={1000} required />
            </label>
            <button class="button button-primary">{words.contestSend}</button>
          </form>
        </details>
      )}
      {mayDecide && (
        <details open>
          <summary>{words.decide}</summary>
          <form method="post" action={path('decide')} class="form">
            <Csrf visitor={visitor} />
            <label class="field">
              <span>{words.decideWhy}</span>
              <textarea name="answer" rows={3} maxlength={1000} required />
            </label>
            <div class="form-actions">
              <button class="button button-primary" name="decision" value="withdrawn">
                {words.withdraw}
              </button>
              <button class="button button-default" name="decision" value="upheld">
                {words.uphold}
              </button>
            </div>
          </form>
        </details>
      )}
    </>
  );
}
