import { Hono } from 'hono';
import { z } from 'zod';
import { startScan } from '../../commands/start-scan.ts';
import { listScans, listSources, type ScanLine, type SourceLine } from '../../db/stores/console.ts';
import { readLastUndecided, type LastUndecided } from '../../db/stores/undecided.ts';
import { undecidedWords } from '../../bot/texts/undecided.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount, formatDuration, formatInstant } from '../format.ts';
import { Csrf, Page } from '../layout.tsx';
import {
  Empty,
  ExportLink,
  Instant,
  NextPage,
  PageHead,
  Pill,
  withQuery,
  type PillTone,
} from '../parts.tsx';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import type { Sessions } from '../session.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';
import { rulePath, visibleRules } from './rules.tsx';

const linesPerPage = 30;

const querySchema = z.object({
  before: z.coerce.number().int().positive().max(2_147_483_647).nullable().catch(null),
});
const startSchema = z.object({ kind: z.enum(['full', 'incremental']) });

/** Each run of the rules, and starting one. */
export function createScanRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { database } = dependencies;
  const app = new Hono<WebEnv>();

  app.get('/scans', async (context) => {
    const visitor = context.get('signedIn');
    const { before } = querySchema.parse(context.req.query());
    const [lines, sources, knowledge, lastUndecided] = await Promise.all([
      listScans(database.sql, { beforeId: before, limit: linesPerPage + 1 }),
      listSources(database.sql),
      readKnowledge(visitor.person),
      readLastUndecided(database.sql),
    ]);
    return context.html(
      <ScansPage {...{ visitor, before, lines, sources, knowledge, lastUndecided }} />,
    );
  });

  app.post('/scans', async (context) => {
    const visitor = context.get('signedIn');
    const input = startSchema.safeParse(await context.req.parseBody());
    if (!input.success) return context.redirect('/scans', 303);
    const result = await startScan(
      dependencies.context,
      { person: visitor.person, through: 'console' },
      input.data,
    );
    const { scans } = visitor.texts;
    if (result.kind === 'refused') {
      const { people } = await readKnowledge(visitor.person);
      const text = describeRefusal(result.refusal, visitor.locale, people);
      sessions.flash(context, { kind: 'refused', text });
    } else {
      const id = String(result.scanId);
      const text = result.kind === 'done' ? scans.begun(id) : scans.joined(id);
      sessions.flash(context, { kind: 'done', text });
    }
    return context.redirect('/scans', 303);
  });
  return app;
}

interface ScansPageProps {
  readonly visitor: SignedIn;
  readonly before: number | null;
  /** One more than a page where there is a next one. */
  readonly lines: readonly ScanLine[];
  readonly sources: readonly SourceLine[];
  readonly knowledge: Knowledge;
  /** null: no scan of all customers has ended. */
  readonly lastUndecided: LastUndecided | null;
}

function ScansPage(props: ScansPageProps) {
  const { visitor, before } = props;
  const { texts } = visitor;
  const lines = props.lines.slice(0, linesPerPage);
  const last = lines.at(-1);
  return (
    <Page visitor={visitor} title={texts.scans.title} area="scans" watch={['scan']}>
      <PageHead title={texts.scans.title} subtitle={texts.scans.subtitle}>
        {visitor.person.roles.includes('data-admin') && (
          <form method="post" action="/scans" class="page-actions">
            <Csrf visitor={visitor} />
            <button class="button button-default" name="kind" value="incremental">
              {texts.scans.startIncremental}
            </button>
            <button class="button button-primary" name="kind" value="full">
              {texts.scans.startFull}
            </button>
          </form>
        )}
        <ExportLink table="scans" visitor={visitor} />
      </PageHead>
      <div class="stack">
        <div id="scans" data-live>
          {lines.length === 0 ? (
            <Empty title={texts.scans.empty} hint={texts.scans.emptyHint} />
          ) : (
            <ScanTable {...props} lines={lines} />
          )}
          <NextPage
            visitor={visitor}
            nextHref={
              props.lines.length > linesPerPage && last !== undefined
                ? withQuery('/scans', { before: last.id })
                : null
            }
            firstHref={before === null ? null : '/scans'}
          />
        </div>
        <UndecidedBox {...props} />
        <SourcesBox {...props} />
      </div>
    </Page>
  );
}

const scanTones: Readonly<Record<ScanLine['state'], PillTone>> = {
  running: 'active',
  done: 'good',
  failed: 'bad',
  cancelled: 'neutral',
};

function ScanTable({ visitor, lines, knowledge }: ScansPageProps) {
  const { texts, locale } = visitor;
  const { scans } = texts;
  const number = (label: string, count: number) => (
    <td class="number" data-label={label}>
      {formatCount(count, locale)}
    </td>
  );
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{scans.kind}</th>
            <th scope="col">{scans.state}</th>
            <th scope="col" class="number">
              {scans.customers}
            </th>
            <th scope="col" class="number">
              {scans.assignments}
            </th>
            <th scope="col" class="number">
              {scans.open}
            </th>
            <th scope="col" class="number">
              {scans.new}
            </th>
            <th scope="col" class="number">
              {scans.gone}
            </th>
            <th scope="col">{scans.by}</th>
            <th scope="col">{scans.started}</th>
            <th scope="col" class="number">
              {scans.duration}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((scan) => (
            <tr>
              <td>{scan.id}</td>
              <td data-label={scans.kind}>{texts.scanKind[scan.kind]}</td>
              <td data-label={scans.state}>
                <ScanState scan={scan} visitor={visitor} />
              </td>
              {number(scans.customers, scan.customers)}
              {number(scans.assignments, scan.assignments)}
              {number(scans.open, scan.findingsOpen)}
              {number(scans.new, scan.findingsNew)}
              {number(scans.gone, scan.findingsGone)}
              <td data-label={scans.by}>
                {scan.requestedBy === null
                  ? scans.schedule
                  : personName(scan.requestedBy, knowledge.people, visitor)}
              </td>
              <td data-label={scans.started}>
                <Instant atMs={scan.startedAtMs} visitor={visitor} />
              </td>
              <td class="number" data-label={scans.duration}>
                {scan.finishedAtMs === null
                  ? texts.common.none
                  : formatDuration(scan.finishedAtMs - scan.startedAtMs, locale)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ScanState(props: { readonly scan: ScanLine; readonly visitor: SignedIn }) {
  const { scan, visitor } = props;
  const { texts, locale } = visitor;
  return (
    <>
      <Pill tone={scanTones[scan.state]}>{texts.scanState[scan.state]}</Pill>
      {scan.state === 'running' && scan.shards > 0 && (
        <small class="detail">
          <progress
            max={scan.shards}
            value={scan.shardsDone}
            aria-label={texts.scanState.running}
          />
          <br />
          {texts.scans.progress(
            formatCount(scan.shardsDone, locale),
            formatCount(scan.shards, locale),
          )}
        </small>
      )}
      {scan.error !== null && <small class="detail">{scan.error}</small>}
    </>
  );
}

/** Rules that could not tell of some customers, most first. */
function UndecidedBox({ visitor, knowledge, lastUndecided }: ScansPageProps) {
  const { texts, locale } = visitor;
  const rules = new Map(visibleRules(knowledge).map((rule) => [rule.id, rule]));
  const lines = (lastUndecided?.byRule ?? []).flatMap((undecided) => {
    const rule = rules.get(undecided.ruleId);
    return rule === undefined ? [] : [{ rule, undecided }];
  });
  if (lastUndecided === null || lines.length === 0) return null;
  lines.sort((one, other) => other.undecided.customers - one.undecided.customers);
  return (
    <section class="box">
      <h2>{texts.scans.undecided}</h2>
      <div class="box-body">
        <p>{texts.scans.undecidedHint(formatInstant(lastUndecided.finishedAtMs, visitor))}</p>
      </div>
      <ul class="lines">
        {lines.map(({ rule, undecided }) => (
          <li class="line">
            <a href={rulePath(rule)}>{rule.name[locale]}</a>
            <small>{undecidedWords(undecided, knowledge.dictionary.attributes, locale)}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SourcesBox({ visitor, sources }: ScansPageProps) {
  const { texts } = visitor;
  if (sources.length === 0) {
    return <Empty title={texts.scans.noSources} hint={texts.scans.noSourcesHint} />;
  }
  return (
    <section class="box">
      <h2>{texts.scans.sources}</h2>
      <ul class="lines">
        {sources.map((source) => (
          <li class="line">
            <strong>{source.name[visitor.locale]}</strong>
            <small>
              {`${texts.scans.readAt} `}
              {source.readAtMs === null ? (
                texts.scans.never
              ) : (
                <Instant atMs={source.readAtMs} visitor={visitor} />
              )}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
