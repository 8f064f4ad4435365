import { Hono } from 'hono';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { z } from 'zod';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import { sendDigest } from '../../commands/send-digest.ts';
import { digestPeriods } from '../../domain/digest.ts';
import { healthScore, shareOf } from '../../domain/health.ts';
import type { Comparison, Overview } from '../../db/stores/overview.ts';
import type { Percentiles, WarningCounts } from '../../db/stores/warning-figures.ts';
import { calendarDay, formatCount, formatDuration, formatInstant } from '../format.ts';
import type { WebDependencies } from '../dependencies.ts';
import { Csrf, Page } from '../layout.tsx';
import {
  backlogChart,
  flowChart,
  healthChart,
  heatChart,
  kindsChart,
  linesChart,
  recurrenceChart,
  standingChart,
  timesChart,
} from '../overview-charts.ts';
import type { OverviewOf, ReadOverview } from '../overview-reader.ts';
import { Empty, ExportLink, PageHead, Select, withQuery } from '../parts.tsx';
import { ownLine } from './warnings.tsx';
import type { Sessions } from '../session.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';

export const overviewQuerySchema = z.object({ of: z.string().max(100).catch('') });
const digestSchema = z.object({
  every: z.enum(digestPeriods).catch('week'),
  to: z.enum(['page', 'channels']).catch('channels'),
});

/** Where the tags stand: health, backlog, times, and what governing them has brought. */
export function createOverviewRoutes(
  { context: commandContext, views }: Pick<WebDependencies, 'context' | 'views'>,
  sessions: Sessions,
  readers: { readonly readKnowledge: ReadKnowledge; readonly readOverview: ReadOverview },
): Hono<WebEnv> {
  const { readKnowledge, readOverview } = readers;
  const app = new Hono<WebEnv>();
  app.get('/overview', async (context) => {
    const visitor = context.get('signedIn');
    const knowledge = await readKnowledge(visitor.person);
    const of = parseOf(overviewQuerySchema.parse(context.req.query()).of, knowledge);
    const overview = await readOverview(of, visitor.person, knowledge);
    return context.html(<OverviewPage {...{ visitor, knowledge, of, overview }} />);
  });

  app.post('/overview/digest', async (context) => {
    const visitor = context.get('signedIn');
    const { every, to } = digestSchema.parse(await context.req.parseBody());
    const isSent = to === 'channels';
    const actor = { person: visitor.person, through: 'console' } as const;
    const result = await sendDigest(commandContext, actor, { every, isSent });
    if (result.kind === 'refused') {
      const text = describeRefusal(result.refusal, visitor.locale, await views.people());
      sessions.flash(context, { kind: 'refused', text });
      return context.redirect('/overview', 303);
    }
    if (isSent) {
      sessions.flash(context, { kind: 'done', text: visitor.texts.overview.digestSent });
    }
    return context.redirect(`/inbox?show=all&item=digest-${result.digestId}`, 303);
  });
  return app;
}

/** What `of` in a query means: empty, mine, or a department's code. */
export function parseOf(text: string, { departments }: Knowledge): OverviewOf {
  if (text === 'mine') return { kind: 'mine' };
  return departments.has(text) ? { kind: 'department', code: text } : { kind: 'everybody' };
}

interface OverviewPageProps {
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
  readonly of: OverviewOf;
  readonly overview: Overview;
}

/** For managers and data admins: what they are sent by their clock, now, to look at or to have sent. */
function DigestNow({ visitor }: OverviewPageProps) {
  const { roles } = visitor.person;
  if (!roles.includes('manager') && !roles.includes('data-admin')) return null;
  const words = visitor.texts.overview;
  return (
    <form method="post" action="/overview/digest" class="filters">
      <Csrf visitor={visitor} />
      <Select
        name="every"
        label={words.digest}
        value="week"
        options={digestPeriods.map((value) => ({ value, label: words.digestOf[value] }))}
      />
      <button class="button button-default" name="to" value="page">
        {words.digestShow}
      </button>
      <button class="button button-default" name="to" value="channels">
        {words.digestSend}
      </button>
    </form>
  );
}

function OverviewPage(props: OverviewPageProps) {
  const { visitor, overview } = props;
  const { texts } = visitor;
  const words = texts.overview;
  return (
    <Page visitor={visitor} title={words.title} area="overview" watch={['scan']}>
      <PageHead
        title={words.title}
        subtitle={words.subtitle(formatInstant(overview.atMs, visitor))}
      >
        <OfFilter {...props} />
        <DigestNow {...props} />
      </PageHead>
      <div id="overview" class="stack" data-live>
        <Tiles {...props} />
        <div class="charts">
          <HealthBox {...props} />
          <ChartBox title={words.flow} svg={flowChart(overview, visitor, 'opened')} />
          <ChartBox title={words.kinds} svg={kindsChart(overview, visitor)} />
          <ChartBox title={words.lines} svg={linesChart(overview, visitor, props.knowledge)} />
          <ChartBox title={words.recurrence} svg={recurrenceChart(overview, visitor)} />
          <ChartBox title={words.standing} svg={standingChart(overview, visitor)} />
          <ChartBox title={words.closing} svg={flowChart(overview, visitor, 'closed')} />
          <ChartBox
            title={words.backlog}
            svg={backlogChart(overview, visitor, props.knowledge)}
            empty={words.backlogNone}
          />
          <TimesBox {...props} />
          <ChartBox
            title={words.timesByWeek.claim}
            svg={timesChart(overview, visitor, 'claim')}
            empty={words.timesNone.claim}
          />
          <ChartBox
            title={words.timesByWeek.close}
            svg={timesChart(overview, visitor, 'close')}
            empty={words.timesNone.close}
          />
        </div>
        <ChartBox
          title={words.heat}
          svg={heatChart(overview, visitor, props.knowledge, (department, kind) =>
            withQuery('/warnings', { ...scopeQuery(props.of), department, kind }),
          )}
          empty={words.backlogNone}
          shape="wide"
        />
        <div class="charts">
          <ComparisonBox {...props} />
          <FreshnessBox {...props} />
        </div>
        <PrecisionBox {...props} />
      </div>
    </Page>
  );
}

function OfFilter({ visitor, knowledge, of }: OverviewPageProps) {
  const words = visitor.texts.overview;
  return (
    <form method="get" action="/overview" class="filters" data-autosubmit>
      <Select
        name="of"
        label={words.of}
        value={of.kind === 'department' ? of.code : of.kind === 'mine' ? 'mine' : ''}
        options={[
          { value: '', label: words.everybody },
          { value: 'mine', label: words.mine },
          ...[...knowledge.departments.values()].map(({ code, name }) => ({
            value: code,
            label: name[visitor.locale],
          })),
        ]}
      />
      <button class="button button-quiet no-script">{visitor.texts.common.filter}</button>
    </form>
  );
}

/** How the list of warnings is filtered to those the overview is of. */
function scopeQuery(of: OverviewOf): Readonly<Record<string, string>> {
  switch (of.kind) {
    case 'everybody':
      return {};
    case 'mine':
      return { owner: ownLine };
    case 'department':
      return { department: of.code };
  }
}

function Tiles({ visitor, overview, of }: OverviewPageProps) {
  const words = visitor.texts.overview;
  const { week, weekBefore, timesByWeek } = overview;
  const closedIn = (index: number) =>
    durationText(timesByWeek.at(index)?.close?.p50 ?? null, visitor);
  const tile = (key: keyof WarningCounts, show: string | null, isBad: boolean) => (
    <li class="tile">
      <span class="tile-label">{words[key]}</span>
      {show === null ? (
        <strong class={isBad && week[key] > 0 ? 'tile-bad' : ''}>
          {formatCount(week[key], visitor.locale)}
        </strong>
      ) : (
        <a href={withQuery('/warnings', { show, ...scopeQuery(of) })}>
          <strong class={isBad && week[key] > 0 ? 'tile-bad' : ''}>
            {formatCount(week[key], visitor.locale)}
          </strong>
        </a>
      )}
      <small>{changeText(week[key] - weekBefore[key], visitor)}</small>
    </li>
  );
  return (
    <ul class="tiles">
      {tile('open', 'open', false)}
      {tile('overdue', 'overdue', true)}
      {tile('opened', null, false)}
      {tile('closed', null, false)}
      <li class="tile">
        <span class="tile-label">{words.recurred}</span>
        <strong>{formatCount(overview.recurred, visitor.locale)}</strong>
        <small>{changeText(overview.recurred - (overview.recurrence.at(-2) ?? 0), visitor)}</small>
      </li>
      <li class="tile">
        <span class="tile-label">{words.medianClose}</span>
        <strong>{closedIn(-1)}</strong>
        <small>{words.weekBefore(closedIn(-2))}</small>
      </li>
    </ul>
  );
}

function changeText(change: number, visitor: SignedIn): string {
  const words = visitor.texts.overview;
  if (change === 0) return words.noChange;
  return words.change(`${change > 0 ? '+' : '−'}${formatCount(Math.abs(change), visitor.locale)}`);
}

function durationText(durationMs: number | null, { locale, texts }: SignedIn): string {
  return durationMs === null ? texts.common.none : formatDuration(durationMs, locale);
}

function Box(props: {
  readonly title: string;
  readonly shape?: 'wide' | 'tall';
  readonly children?: Child;
}) {
  return (
    <section class={props.shape === undefined ? 'box' : `box box-${props.shape}`}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

function ChartBox(props: {
  readonly title: string;
  readonly svg: string | null;
  readonly empty?: string;
  readonly shape?: 'wide';
}) {
  return (
    <Box title={props.title} {...(props.shape === undefined ? {} : { shape: props.shape })}>
      <div class="box-body chart-frame" tabindex={0} role="group" aria-label={props.title}>
        {props.svg === null ? <Empty title={props.empty ?? ''} /> : raw(props.svg)}
      </div>
    </Box>
  );
}

function HealthBox({ visitor, overview }: OverviewPageProps) {
  const words = visitor.texts.overview;
  const { healthParts } = overview;
  const trend = healthChart(overview, visitor);
  const score = healthScore(healthParts);
  const judged = healthParts.filter((part) => shareOf(part) !== null);
  const count = (value: number) => formatCount(value, visitor.locale);
  return (
    <Box title={words.health} shape="tall">
      <div class="box-body">
        {score === null ? (
          <Empty title={words.healthNone} />
        ) : (
          <p class="score">
            <strong>{Math.round(score)}</strong> <span>{words.healthOf100}</span>
            <small>{words.healthFormula(String(judged.length))}</small>
          </p>
        )}
        {trend !== null && raw(trend)}
        <ul class="shares">
          {judged.map((part) => (
            <li>
              <span class="share-head">
                <span>{words.part[part.kind]}</span>
                <strong>{percent(shareOf(part) ?? 0)}</strong>
              </span>
              <meter
                min={0}
                max={part.of}
                value={part.good}
                low={part.of * 0.6}
                high={part.of * 0.85}
                optimum={part.of}
                aria-label={words.part[part.kind]}
              />
              <small>{words.partOf(count(part.good), count(part.of))}</small>
            </li>
          ))}
        </ul>
      </div>
    </Box>
  );
}

/** Never 100 % while something is left. */
function percent(share: number): string {
  const tenths = Math.floor(share * 1000) / 10;
  return `${share < 1 ? tenths.toFixed(1) : '100'}%`;
}

function TimesBox({ visitor, overview, of }: OverviewPageProps) {
  const words = visitor.texts.overview;
  const row = (label: string, times: Percentiles | null) => (
    <tr>
      <th scope="row">{label}</th>
      <td class="number" data-label={words.half}>
        {durationText(times?.p50 ?? null, visitor)}
      </td>
      <td class="number" data-label={words.threeQuarters}>
        {durationText(times?.p75 ?? null, visitor)}
      </td>
      <td class="number" data-label={words.nineTenths}>
        {durationText(times?.p90 ?? null, visitor)}
      </td>
    </tr>
  );
  return (
    <Box title={words.times}>
      <div class="table-frame">
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col" class="number">
                {words.half}
              </th>
              <th scope="col" class="number">
                {words.threeQuarters}
              </th>
              <th scope="col" class="number">
                {words.nineTenths}
              </th>
            </tr>
          </thead>
          <tbody>
            {row(words.claim, overview.times.claim)}
            {row(words.close, overview.times.close)}
          </tbody>
        </table>
      </div>
      <div class="box-foot">
        <ExportLink
          table="times"
          visitor={visitor}
          query={{ of: of.kind === 'department' ? of.code : of.kind === 'mine' ? 'mine' : '' }}
        />
      </div>
    </Box>
  );
}

/** Those that are right least often. */
const rulesShownMax = 10;

function PrecisionBox({ visitor, overview, of }: OverviewPageProps) {
  const words = visitor.texts.overview;
  const count = (value: number) => formatCount(value, visitor.locale);
  const lines = overview.precision.toSorted(
    (a, b) => a.right / (a.right + a.wrong) - b.right / (b.right + b.wrong) || b.wrong - a.wrong,
  );
  return (
    <Box title={words.precision}>
      {lines.length === 0 ? (
        <Empty title={words.precisionNone} />
      ) : (
        <>
          <p class="box-hint">{words.precisionHint}</p>
          <div class="table-frame">
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.rule}</th>
                  <th scope="col" class="number">
                    {words.right}
                  </th>
                  <th scope="col" class="number">
                    {words.wrong}
                  </th>
                  <th scope="col" class="number">
                    {words.share}
                  </th>
                </tr>
              </thead>
              <tbody>
                {lines.slice(0, rulesShownMax).map(({ ruleCode, ruleName, right, wrong }) => (
                  <tr>
                    <td>
                      <a
                        href={withQuery('/warnings', {
                          show: 'closed',
                          rule: ruleCode,
                          ...scopeQuery(of),
                        })}
                      >
                        {ruleName[visitor.locale]}
                      </a>
                    </td>
                    <td class="number" data-label={words.right}>
                      {count(right)}
                    </td>
                    <td class="number" data-label={words.wrong}>
                      {count(wrong)}
                    </td>
                    <td class="number" data-label={words.share}>
                      {percent(right / (right + wrong))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div class="box-foot">
            <a class="button button-quiet" href="/rules">
              {words.everyRule}
            </a>
          </div>
        </>
      )}
    </Box>
  );
}

function FreshnessBox({ visitor, overview }: OverviewPageProps) {
  const { overview: words, scans } = visitor.texts;
  return (
    <Box title={words.sources}>
      {overview.sources.length === 0 && (
        <Empty title={scans.noSources} hint={scans.noSourcesHint} />
      )}
      <ul class="lines">
        {overview.sources.map((source) => (
          <li class="line">
            <strong>{source.name[visitor.locale]}</strong>
            <small>
              {source.readAtMs === null
                ? scans.never
                : words.readAgo(
                    formatDuration(Math.max(0, visitor.nowMs - source.readAtMs), visitor.locale),
                  )}
            </small>
          </li>
        ))}
      </ul>
    </Box>
  );
}

function ComparisonBox({ visitor, overview }: OverviewPageProps) {
  const words = visitor.texts.overview;
  const { comparison } = overview;
  if (comparison === null) return null;
  const keys = ['tags', 'findings', 'warningsOpened', 'medianCloseMs'] as const;
  return (
    <Box title={words.before}>
      <p class="box-hint">
        {words.beforeSince(calendarDay(comparison.sinceMs, visitor.timeZone))}
        {comparison.before.warningsOpened === null && (
          <small class="detail">{words.tooEarly}</small>
        )}
      </p>
      <div class="table-frame">
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col" class="number">
                {words.firstMonth}
              </th>
              <th scope="col" class="number">
                {words.lastMonth}
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr>
                <th scope="row">{words.figure[key]}</th>
                <td class="number" data-label={words.firstMonth}>
                  {figureText(comparison.before, key, visitor)}
                </td>
                <td class="number" data-label={words.lastMonth}>
                  {figureText(comparison.now, key, visitor)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Box>
  );
}

function figureText(
  figures: Comparison['before'],
  key: keyof Comparison['now'],
  visitor: SignedIn,
): string {
  const value = figures[key];
  if (value === null) return visitor.texts.common.none;
  return key === 'medianCloseMs'
    ? formatDuration(value, visitor.locale)
    : formatCount(value, visitor.locale);
}
