import { Hono } from 'hono';
import { z } from 'zod';
import { severities } from '../../domain/severity.ts';
import {
  countWarnings,
  listWarnings,
  type WarningCounts,
  type WarningFilter,
  type WarningLine,
} from '../../db/stores/console.ts';
import type { WebDependencies } from '../dependencies.ts';
import { formatCount, formatInstant } from '../format.ts';
import { Page } from '../layout.tsx';
import {
  Empty,
  Instant,
  NextPage,
  PageHead,
  Select,
  SeverityMark,
  Tabs,
  WarningStatePill,
  withQuery,
} from '../parts.tsx';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { nextDueAtMs, personName } from '../words.ts';

const linesPerPage = 50;

const code = z.string().min(1).max(200).nullable().catch(null);
const querySchema = z.object({
  show: z.enum(['open', 'overdue', 'closed', 'all']).catch('open'),
  severity: z.enum(severities).nullable().catch(null),
  owner: code,
  rule: code,
  together: z.coerce.number().int().positive().max(2_147_483_647).nullable().catch(null),
  before: z.coerce.number().int().positive().max(2_147_483_647).nullable().catch(null),
});
type Query = z.infer<typeof querySchema>;

/** Every warning, filtered and paged. */
export function createWarningsRoutes(
  dependencies: WebDependencies,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { sql } = dependencies.database;
  const app = new Hono<WebEnv>();
  app.get('/warnings', async (context) => {
    const visitor = context.get('signedIn');
    const query = querySchema.parse(context.req.query());
    const knowledge = await readKnowledge(visitor.person);
    const filter: WarningFilter = {
      state: query.show === 'all' ? null : query.show === 'closed' ? 'closed' : 'not-closed',
      severity: query.severity,
      ownerCode: query.owner,
      ruleCode: query.rule,
      floodId: query.together,
      overdue: query.show === 'overdue',
      nowMs: visitor.nowMs,
      reader: {
        personCode: visitor.person.code,
        hiddenRuleIds: visitor.person.roles.includes('data-admin') ? [] : knowledge.hidden.ruleIds,
      },
    };
    const [lines, counts] = await Promise.all([
      listWarnings(sql, filter, {
        order: query.show === 'open' || query.show === 'overdue' ? 'worst' : 'newest',
        beforeId: query.before,
        limit: linesPerPage + 1,
      }),
      countWarnings(sql, filter),
    ]);
    return context.html(
      <WarningsPage
        visitor={visitor}
        query={query}
        lines={lines}
        counts={counts}
        knowledge={knowledge}
      />,
    );
  });
  return app;
}

interface WarningsPageProps {
  readonly visitor: SignedIn;
  readonly query: Query;
  /** One more than a page where there is a next one. */
  readonly lines: readonly WarningLine[];
  readonly counts: WarningCounts;
  readonly knowledge: Knowledge;
}

function WarningsPage(props: WarningsPageProps) {
  const { visitor, query, counts } = props;
  const { texts, locale, person } = visitor;
  const lines = props.lines.slice(0, linesPerPage);
  const tab = (show: Query['show'], label: string, count: number) => ({
    href: warningsPath(query, { show, before: null }),
    label,
    count: formatCount(count, locale),
    current: query.show === show,
  });
  const last = lines.at(-1);
  return (
    <Page visitor={visitor} title={texts.warnings.title} area="warnings">
      <PageHead title={texts.warnings.title} subtitle={texts.warnings.subtitle}>
        <a
          class="button button-default"
          href={warningsPath(query, { owner: person.code, show: 'open', before: null })}
        >
          {texts.warnings.mine}
        </a>
      </PageHead>
      <div class="toolbar">
        <Tabs
          label={texts.warnings.state}
          tabs={[
            tab('open', texts.warnings.onlyOpen, counts.open),
            tab('overdue', texts.warnings.overdue, counts.overdue),
            tab('closed', texts.warnings.closed, counts.closed),
            tab('all', texts.common.all, counts.open + counts.closed),
          ]}
        />
        <WarningFilters {...props} />
      </div>
      {query.together !== null && (
        <p class="note">
          {texts.warnings.together}{' '}
          <a href={warningsPath(query, { together: null, before: null })}>
            {texts.warnings.showAll}
          </a>
        </p>
      )}
      {lines.length === 0 ? (
        <Empty title={texts.warnings.empty} hint={texts.warnings.emptyHint} />
      ) : (
        <WarningTable {...props} lines={lines} />
      )}
      <NextPage
        visitor={visitor}
        nextHref={
          props.lines.length > linesPerPage && last !== undefined
            ? warningsPath(query, { before: last.id })
            : null
        }
        firstHref={query.before === null ? null : warningsPath(query, { before: null })}
      />
    </Page>
  );
}

function WarningFilters({ visitor, query, knowledge }: WarningsPageProps) {
  const { texts, locale } = visitor;
  const owners = [...knowledge.people.values()].filter((person) => person.roles.includes('owner'));
  const rules = knowledge.dictionary.rules.filter(
    (rule) => !knowledge.hidden.ruleIds.includes(rule.id),
  );
  return (
    <form method="get" action="/warnings" class="filters" data-autosubmit>
      <input type="hidden" name="show" value={query.show} />
      {query.together !== null && (
        <input type="hidden" name="together" value={String(query.together)} />
      )}
      <Select
        name="severity"
        label={texts.warnings.severity}
        value={query.severity ?? ''}
        options={[
          { value: '', label: texts.warnings.anySeverity },
          ...severities.map((value) => ({ value, label: texts.severity[value] })),
        ]}
      />
      <Select
        name="owner"
        label={texts.warnings.ownerFilter}
        value={query.owner ?? ''}
        options={[
          { value: '', label: texts.warnings.anyOwner },
          ...owners.map((person) => ({ value: person.code, label: person.name[locale] })),
        ]}
      />
      <Select
        name="rule"
        label={texts.warnings.ruleFilter}
        value={query.rule ?? ''}
        options={[
          { value: '', label: texts.warnings.anyRule },
          ...rules.map((rule) => ({ value: rule.code, label: rule.name[locale] })),
        ]}
      />
      <button class="button button-quiet no-script">{texts.common.filter}</button>
    </form>
  );
}

function WarningTable(props: WarningsPageProps) {
  const { visitor, lines } = props;
  const { texts, locale } = visitor;
  const { warnings } = texts;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{warnings.severity}</th>
            <th scope="col">{warnings.warning}</th>
            <th scope="col">{warnings.state}</th>
            <th scope="col" class="number">
              {warnings.customers}
            </th>
            <th scope="col">{warnings.owner}</th>
            <th scope="col">{warnings.due}</th>
            <th scope="col">{warnings.opened}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr>
              <td>
                <SeverityMark severity={line.severity} visitor={visitor} />
              </td>
              <td class="main-cell">
                <a href={`/warnings/${line.id}`}>{line.ruleName[locale]}</a>
                <small>{texts.ruleKind[line.ruleKind]}</small>
              </td>
              <td data-label={warnings.state}>
                <WarningStatePill state={line.state} visitor={visitor} />
              </td>
              <td class="number" data-label={warnings.customers}>
                {formatCount(line.customers, locale)}
              </td>
              <td data-label={warnings.owner}>
                {personName(line.ownerCode, props.knowledge.people, visitor)}
              </td>
              <td data-label={warnings.due}>
                <Due line={line} visitor={visitor} />
              </td>
              <td data-label={warnings.opened}>
                <Instant atMs={line.openedAtMs} visitor={visitor} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Due(props: { readonly line: WarningLine; readonly visitor: SignedIn }) {
  const { line, visitor } = props;
  const { texts } = visitor;
  if (line.state.kind === 'closed') return <>{texts.common.none}</>;
  if (line.snoozedUntilMs !== null && line.snoozedUntilMs > visitor.nowMs) {
    return <>{texts.warnings.snoozed(formatInstant(line.snoozedUntilMs, visitor))}</>;
  }
  const dueAtMs = nextDueAtMs(line);
  return dueAtMs < visitor.nowMs ? (
    <span class="overdue">
      {texts.inbox.overdue} · <Instant atMs={dueAtMs} visitor={visitor} />
    </span>
  ) : (
    <Instant atMs={dueAtMs} visitor={visitor} />
  );
}

function warningsPath(query: Query, change: Partial<Query>): string {
  const { show, ...rest } = { ...query, ...change };
  return withQuery('/warnings', { show: show === 'open' ? null : show, ...rest });
}
