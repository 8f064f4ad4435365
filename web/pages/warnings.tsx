import { Hono } from 'hono';
import { z } from 'zod';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import type { WarningResult } from '../../commands/change-warning.ts';
import { claimWarning } from '../../commands/claim-warning.ts';
import type { Actor } from '../../commands/command.ts';
import { releaseWarning } from '../../commands/release-warning.ts';
import { snoozeWarning } from '../../commands/snooze-warning.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { businessLine } from '../../domain/person.ts';
import type { RuleKind } from '../../domain/rule.ts';
import { ruleKinds } from '../../domain/rules/registry.ts';
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
import { Csrf, Page } from '../layout.tsx';
import {
  Empty,
  ExportLink,
  Instant,
  NextPage,
  PageHead,
  Select,
  SeverityMark,
  Tabs,
  WarningStatePill,
  withQuery,
} from '../parts.tsx';
import { safePath } from '../security.ts';
import type { Sessions } from '../session.ts';
import type { Knowledge, ReadKnowledge } from '../visibility.ts';
import type { Flash, SignedIn, WebEnv } from '../visitor.ts';
import { nextDueAtMs, personName } from '../words.ts';

const linesPerPage = 50;
const snoozeMs = 86_400_000;
/** Workflows that are asked at the same time. */
const actsAtOnce = 5;
/** Refusals that are told one by one; the others are counted. */
const refusalsTold = 3;

const acts = ['claim', 'snooze', 'release'] as const;
type Act = (typeof acts)[number];
const idSchema = z
  .string()
  .regex(/^[0-9]{1,9}$/)
  .transform(Number);
const actSchema = z.object({
  do: z.enum(acts),
  id: z.union([idSchema.transform((id) => [id]), z.array(idSchema).max(linesPerPage)]).catch([]),
});
const returnSchema = z.object({ return: z.string().optional().catch(undefined) });

const kinds = Object.keys(ruleKinds) as [RuleKind, ...RuleKind[]];
const code = z.string().min(1).max(200).nullable().catch(null);
/** Instead of an owner: everybody in the reader's own business line. */
export const ownLine = '@line';
export const warningsQuerySchema = z.object({
  show: z.enum(['open', 'overdue', 'closed', 'all']).catch('open'),
  severity: z.enum(severities).nullable().catch(null),
  owner: code,
  rule: code,
  department: code,
  kind: z.enum(kinds).nullable().catch(null),
  together: z.coerce.number().int().positive().max(2_147_483_647).nullable().catch(null),
  before: z.coerce.number().int().positive().max(2_147_483_647).nullable().catch(null),
});
type Query = z.infer<typeof warningsQuerySchema>;

/** Every warning, filtered and paged, and what can be done with many of them at once. */
export function createWarningsRoutes(
  dependencies: WebDependencies,
  sessions: Sessions,
  readKnowledge: ReadKnowledge,
): Hono<WebEnv> {
  const { sql } = dependencies.database;
  const app = new Hono<WebEnv>();
  app.get('/warnings', async (context) => {
    const visitor = context.get('signedIn');
    const query = warningsQuerySchema.parse(context.req.query());
    const knowledge = await readKnowledge(visitor.person);
    const filter = warningFilter(query, visitor, knowledge);
    const [lines, counts] = await Promise.all([
      listWarnings(sql, filter, {
        order: warningsOrder(query),
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

  app.post('/warnings', async (context) => {
    const visitor = context.get('signedIn');
    const query = warningsQuerySchema.parse(context.req.query());
    const body = await context.req.parseBody({ all: true });
    const input = actSchema.safeParse(body);
    sessions.flash(
      context,
      !input.success || input.data.id.length === 0
        ? { kind: 'refused', text: visitor.texts.warnings.nothingTicked }
        : await actOnMany(input.data.do, input.data.id, visitor),
    );
    const { return: path } = returnSchema.parse(body);
    return context.redirect(safePath(path, warningsPath(query, {})), 303);
  });

  /** Each as if it were pressed on its own card; says how many were done and why the others were not. */
  async function actOnMany(act: Act, ids: readonly number[], visitor: SignedIn): Promise<Flash> {
    const actor: Actor = { person: visitor.person, through: 'console' };
    const results: { readonly id: number; readonly result: WarningResult }[] = [];
    for (let start = 0; start < ids.length; start += actsAtOnce) {
      const part = ids.slice(start, start + actsAtOnce);
      results.push(
        ...(await Promise.all(
          part.map(async (id) => ({ id, result: await actOn(act, id, actor, visitor.nowMs) })),
        )),
      );
    }
    const words = visitor.texts.warnings;
    const count = (value: number) => formatCount(value, visitor.locale);
    const people = await loadPeople(dependencies.database.query);
    const refused = results.flatMap(({ id, result }) =>
      result.kind === 'refused'
        ? [words.notDone(String(id), describeRefusal(result.refusal, visitor.locale, people))]
        : [],
    );
    const more = refused.length - refusalsTold;
    return {
      kind: refused.length === results.length ? 'refused' : 'done',
      text: [
        words.acted[act](count(results.length - refused.length)),
        ...refused.slice(0, refusalsTold),
        ...(more > 0 ? [words.moreNotDone(count(more))] : []),
      ].join(' '),
    };
  }

  function actOn(act: Act, warningId: number, actor: Actor, nowMs: number): Promise<WarningResult> {
    switch (act) {
      case 'claim':
        return claimWarning(dependencies.context, actor, { warningId });
      case 'release':
        return releaseWarning(dependencies.context, actor, { warningId });
      case 'snooze':
        return snoozeWarning(dependencies.context, actor, {
          warningId,
          untilMs: nowMs + snoozeMs,
        });
    }
  }

  return app;
}

/** What the page's address asks for, as far as the visitor may see it. */
export function warningFilter(
  query: Query,
  visitor: SignedIn,
  knowledge: Knowledge,
): WarningFilter {
  return {
    state: query.show === 'all' ? null : query.show === 'closed' ? 'closed' : 'not-closed',
    severity: query.severity,
    ownerCodes: ownerCodes(query, visitor, knowledge),
    ruleCode: query.rule,
    ruleKind: query.kind,
    floodId: query.together,
    overdue: query.show === 'overdue',
    nowMs: visitor.nowMs,
    reader: {
      personCode: visitor.person.code,
      hiddenRuleIds: visitor.person.roles.includes('data-admin') ? [] : knowledge.hidden.ruleIds,
    },
  };
}

function ownerCodes(
  { owner, department }: Query,
  { person }: SignedIn,
  { people }: Knowledge,
): readonly string[] | null {
  if (owner === null && department === null) return null;
  const owners =
    owner === null
      ? [...people.keys()]
      : owner === ownLine
        ? businessLine(person, people)
        : [owner];
  return department === null
    ? owners
    : owners.filter((ownerCode) => people.get(ownerCode)?.departmentCode === department);
}

/** What is open is worked off, the worst first; what is over is looked up. */
export function warningsOrder({ show }: Query): 'newest' | 'worst' {
  return show === 'open' || show === 'overdue' ? 'worst' : 'newest';
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
        <ExportLink table="warnings" visitor={visitor} query={query} />
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
        <WarningQueue {...props} lines={lines} />
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
          { value: ownLine, label: texts.overview.mine },
          ...owners.map((person) => ({ value: person.code, label: person.name[locale] })),
        ]}
      />
      <Select
        name="department"
        label={texts.overview.of}
        value={query.department ?? ''}
        options={[
          { value: '', label: texts.warnings.anyDepartment },
          ...[...knowledge.departments.values()].map(({ code: value, name }) => ({
            value,
            label: name[locale],
          })),
        ]}
      />
      <Select
        name="kind"
        label={texts.table.kind}
        value={query.kind ?? ''}
        options={[
          { value: '', label: texts.warnings.anyKind },
          ...kinds.map((value) => ({ value, label: texts.ruleKind[value] })),
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

function WarningQueue(props: WarningsPageProps) {
  const { visitor, query } = props;
  if (query.show === 'closed') return <WarningTable {...props} ticks={false} />;
  return (
    <form method="post" action={warningsPath(query, {})} class="stack" data-queue>
      <Csrf visitor={visitor} />
      <ActsOnTicked visitor={visitor} />
      <WarningTable {...props} ticks />
    </form>
  );
}

/** What is done with all ticked warnings, within a form that is posted here. */
export function ActsOnTicked({ visitor }: { readonly visitor: SignedIn }) {
  const words = visitor.texts.warnings;
  return (
    <div class="toolbar">
      <div class="line">
        <span>{words.ticked}</span>
        {acts.map((act) => (
          <button class="button button-default" name="do" value={act}>
            {words.act[act]}
          </button>
        ))}
      </div>
      <small class="keys">{words.keys}</small>
    </div>
  );
}

function WarningTable(props: WarningsPageProps & { readonly ticks: boolean }) {
  const { visitor, lines } = props;
  const { texts, locale } = visitor;
  const { warnings } = texts;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            {props.ticks && (
              <th scope="col">
                <input type="checkbox" data-tick-all aria-label={warnings.tickAll} />
              </th>
            )}
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
            <tr data-queue-row tabindex={-1}>
              {props.ticks && (
                <td>
                  <input
                    type="checkbox"
                    name="id"
                    value={String(line.id)}
                    aria-label={warnings.tick(String(line.id), line.ruleName[locale])}
                  />
                </td>
              )}
              <td>
                <SeverityMark severity={line.severity} visitor={visitor} />
              </td>
              <td class="main-cell">
                <a href={`/warnings/${line.id}`} data-open>
                  {line.ruleName[locale]}
                </a>
                <small>{texts.ruleKind[line.ruleKind]}</small>
              </td>
              <td data-label={warnings.state}>
                <WarningStatePill state={line.state} visitor={visitor} />
              </td>
              <td class="number" data-label={warnings.customers}>
                {formatCount(line.customers, locale)}
              </td>
              <td class="short" data-label={warnings.owner}>
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
