import type { RuleKind } from '../../domain/rule.ts';
import { severities, type Severity } from '../../domain/severity.ts';
import type { CloseReason } from '../../domain/warning.ts';
import type { Sql } from '../client.ts';

/** Whose warnings are counted. The console, the API and digests all count with what is in this file. */
export interface WarningScope {
  /** Owners by code; null: everybody. */
  readonly ownerCodes: readonly string[] | null;
  /** Whose eyes: warnings of these rules are left out unless the reader answers for them. Null: nothing is hidden. */
  readonly reader: {
    readonly personCode: string;
    readonly hiddenRuleIds: readonly number[];
  } | null;
}

/** Half-open, epoch milliseconds. */
export interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Which warnings are counted. */
export function inScope(sql: Sql, { ownerCodes, reader }: WarningScope) {
  return sql`
    ${ownerCodes === null ? sql`true` : sql`warning.owner_code = any(${ownerCodes as string[]})`}
    and ${reader === null ? sql`true` : seenBy(sql, reader)}`;
}

/** Whether a reader may see a warning. */
export function seenBy(
  sql: Sql,
  {
    personCode,
    hiddenRuleIds,
  }: { readonly personCode: string; readonly hiddenRuleIds: readonly number[] },
) {
  return hiddenRuleIds.length === 0
    ? sql`true`
    : sql`(warning.rule_id <> all(${hiddenRuleIds as number[]}) or ${answeredBy(sql, personCode)})`;
}

/** Whether a person answers for a warning: as its owner, second line, manager or claimer. */
export function answeredBy(sql: Sql, personCode: string) {
  return sql`${personCode} in (warning.owner_code, warning.second_line_code, warning.manager_code,
    warning.state_body ->> 'by')`;
}

function within(sql: Sql, column: ReturnType<Sql>, { fromMs, untilMs }: Period) {
  return sql`(${column} >= ${fromMs}::timestamptz and ${column} < ${untilMs}::timestamptz)`;
}

export interface WarningCounts {
  readonly open: number;
  readonly opened: number;
  readonly closed: number;
  readonly overdue: number;
}

/** `open` and `overdue` are as of the end of the period; `opened` and `closed` are within it. */
export async function countBySeverity(
  sql: Sql,
  scope: WarningScope,
  period: Period,
): Promise<Readonly<Record<Severity, WarningCounts>>> {
  const { fromMs, untilMs } = period;
  const stood = sql`(opened_at < ${untilMs}::timestamptz
    and (closed_at is null or closed_at >= ${untilMs}::timestamptz))`;
  const rows = await sql<({ severity: Severity } & WarningCounts)[]>`
    select severity,
      count(*) filter (where ${stood}) as open,
      count(*) filter (where ${within(sql, sql`opened_at`, period)}) as opened,
      count(*) filter (where ${within(sql, sql`closed_at`, period)}) as closed,
      count(*) filter (where close_due_at < ${untilMs}::timestamptz and ${stood}) as overdue
    from warning
    where ${inScope(sql, scope)}
      and (closed_at is null or closed_at >= ${fromMs}::timestamptz) group by severity`;
  const of = (severity: Severity): WarningCounts => {
    const {
      open = 0,
      opened = 0,
      closed = 0,
      overdue = 0,
    } = rows.find((row) => row.severity === severity) ?? {};
    return { open, opened, closed, overdue };
  };
  return { high: of('high'), medium: of('medium'), low: of('low') };
}

/** Over all severities. */
export function sumCounts(counts: Readonly<Record<Severity, WarningCounts>>): WarningCounts {
  const total = (key: keyof WarningCounts) =>
    severities.reduce((sum, severity) => sum + counts[severity][key], 0);
  return {
    open: total('open'),
    opened: total('opened'),
    closed: total('closed'),
    overdue: total('overdue'),
  };
}

/** Milliseconds from opening; half, three quarters and nine tenths of the warnings took no longer. */
export interface Percentiles {
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
}

/** Null where nothing was claimed or closed in the period. */
export interface Times {
  readonly claim: Percentiles | null;
  readonly close: Percentiles | null;
}

/** How long it took to claim what was claimed, and to close what was closed, in the period. */
export async function measureTimes(sql: Sql, scope: WarningScope, period: Period): Promise<Times> {
  const percentiles = async (column: ReturnType<Sql>): Promise<Percentiles | null> => {
    const [row] = await sql<{ found: (number | null)[] | null }[]>`
      select percentile_cont(array[0.5, 0.75, 0.9]) within group (
        order by extract(epoch from ${column} - opened_at)::float8 * 1000) as found
      from warning where ${inScope(sql, scope)} and ${within(sql, column, period)}`;
    const [p50, p75, p90] = row?.found ?? [];
    return typeof p50 === 'number' && typeof p75 === 'number' && typeof p90 === 'number'
      ? { p50, p75, p90 }
      : null;
  };
  const [claim, close] = await Promise.all([
    percentiles(sql`claimed_at`),
    percentiles(sql`closed_at`),
  ]);
  return { claim, close };
}

/** The same for what was claimed and closed in each step of the period. */
export async function listTimes(
  sql: Sql,
  scope: WarningScope,
  { fromMs, untilMs, stepMs }: Period & { readonly stepMs: number },
): Promise<readonly Times[]> {
  const percentiles = (column: ReturnType<Sql>) => sql<(Percentiles & { readonly step: number })[]>`
    select step, took[1] as p50, took[2] as p75, took[3] as p90 from (
      select ${stepSince(sql, column, { fromMs, stepMs })} as step,
        percentile_cont(array[0.5, 0.75, 0.9]) within group (
          order by extract(epoch from ${column} - opened_at)::float8 * 1000) as took
      from warning where ${inScope(sql, scope)} and ${within(sql, column, { fromMs, untilMs })}
      group by 1
    ) measured`;
  const [claimed, closed] = await Promise.all([
    percentiles(sql`claimed_at`),
    percentiles(sql`closed_at`),
  ]);
  const of = (rows: typeof claimed, step: number): Percentiles | null => {
    const row = rows.find((one) => one.step === step);
    return row === undefined ? null : { p50: row.p50, p75: row.p75, p90: row.p90 };
  };
  return Array.from({ length: Math.round((untilMs - fromMs) / stepMs) }, (_, step) => ({
    claim: of(claimed, step),
    close: of(closed, step),
  }));
}

/** Warnings opened in the period about what had been closed before. */
export async function countRecurred(
  sql: Sql,
  scope: WarningScope,
  period: Period,
): Promise<number> {
  const [row] = await sql<{ recurred: number }[]>`
    select count(*) as recurred from warning
    where ${inScope(sql, scope)} and ${within(sql, sql`opened_at`, period)}
      and ${cameBack(sql)}`;
  return row?.recurred ?? 0;
}

/** How many warnings of each step of the period had been closed before, as `countRecurred` counts them. */
export async function listRecurrence(
  sql: Sql,
  scope: WarningScope,
  { fromMs, untilMs, stepMs }: Period & { readonly stepMs: number },
): Promise<readonly number[]> {
  const rows = await sql<{ step: number; recurred: number }[]>`
    select ${stepSince(sql, sql`warning.opened_at`, { fromMs, stepMs })} as step, count(*)::int as recurred
    from warning
    where ${inScope(sql, scope)} and ${within(sql, sql`warning.opened_at`, { fromMs, untilMs })}
      and ${cameBack(sql)}
    group by 1`;
  return Array.from(
    { length: Math.round((untilMs - fromMs) / stepMs) },
    (_, step) => rows.find((row) => row.step === step)?.recurred ?? 0,
  );
}

/** Which step of a period an instant is in, from 0. */
function stepSince(
  sql: Sql,
  column: ReturnType<Sql>,
  { fromMs, stepMs }: { readonly fromMs: number; readonly stepMs: number },
) {
  return sql`floor(extract(epoch from ${column} - ${fromMs}::timestamptz) * 1000 / ${stepMs})::int`;
}

function cameBack(sql: Sql) {
  return sql`exists (select from warning earlier where earlier.fingerprint = warning.fingerprint
    and earlier.closed_at <= warning.opened_at and earlier.id <> warning.id)`;
}

export interface FlowLine {
  /** Which step of the period, from 0. */
  readonly step: number;
  /** The owner's. */
  readonly departmentCode: string | null;
  readonly ruleKind: RuleKind | null;
  readonly severity: Severity;
  readonly opened: number;
  readonly closed: number;
}

/** What was opened and closed in each step of the period; steps with nothing are left out. */
export async function listFlow(
  sql: Sql,
  scope: WarningScope,
  { fromMs, untilMs, stepMs }: Period & { readonly stepMs: number },
): Promise<readonly FlowLine[]> {
  const flow = (column: ReturnType<Sql>) => sql`
    select ${stepSince(sql, column, { fromMs, stepMs })} as step,
      warning.owner_code, warning.rule_id, warning.severity, count(*) as count
    from warning
    where ${inScope(sql, scope)} and ${within(sql, column, { fromMs, untilMs })} group by 1, 2, 3, 4`;
  return sql<FlowLine[]>`
    select step, person.department_code as "departmentCode", rule.kind as "ruleKind", severity,
      coalesce(sum(count) filter (where was = 'opened'), 0)::int as opened,
      coalesce(sum(count) filter (where was = 'closed'), 0)::int as closed
    from (
      select 'opened' as was, * from (${flow(sql`opened_at`)}) opened
      union all select 'closed', * from (${flow(sql`closed_at`)}) closed
    ) flow
    left join rule on rule.id = flow.rule_id
    left join person on person.code = flow.owner_code
    group by 1, 2, 3, 4 order by 1`;
}

/** What was open and overdue at the end of a step. */
export interface StandingLine {
  readonly open: number;
  readonly overdue: number;
}

/** What stood at the end of each step of the period; the last step ends with it. */
export async function listStanding(
  sql: Sql,
  scope: WarningScope,
  { fromMs, untilMs, stepMs }: Period & { readonly stepMs: number },
): Promise<readonly StandingLine[]> {
  // Before the period counts as in a step before the first.
  const stepOf = (column: ReturnType<Sql>) => sql`
    greatest(-1, floor(extract(epoch from ${column} - ${fromMs}::timestamptz) * 1000 / ${stepMs}))::int`;
  const rows = await sql<
    { opened: number; closed: number | null; due: number; warnings: number }[]
  >`
    select ${stepOf(sql`opened_at`)} as opened,
      case when closed_at is null then null else ${stepOf(sql`closed_at`)} end as closed,
      ${stepOf(sql`close_due_at`)} as due, count(*)::int as warnings
    from warning
    where ${inScope(sql, scope)} and opened_at < ${untilMs}::timestamptz
      and (closed_at is null or closed_at >= ${fromMs}::timestamptz)
    group by 1, 2, 3`;
  return Array.from({ length: Math.round((untilMs - fromMs) / stepMs) }, (_, step) => {
    const standing = rows.filter(
      ({ opened, closed }) => opened <= step && (closed === null || closed > step),
    );
    const count = (lines: typeof standing) => lines.reduce((sum, line) => sum + line.warnings, 0);
    return { open: count(standing), overdue: count(standing.filter(({ due }) => due <= step)) };
  });
}

export interface BacklogLine {
  readonly departmentCode: string | null;
  readonly ruleKind: RuleKind | null;
  readonly severity: Severity;
  readonly open: number;
  readonly overdue: number;
}

/** What is open now, by the owner's department, kind and severity. */
export async function listBacklog(
  sql: Sql,
  scope: WarningScope,
  nowMs: number,
): Promise<readonly BacklogLine[]> {
  return sql<BacklogLine[]>`
    select person.department_code as "departmentCode", rule.kind as "ruleKind", warning.severity,
      count(*)::int as open,
      count(*) filter (where warning.close_due_at < ${nowMs}::timestamptz)::int as overdue
    from warning
    left join person on person.code = warning.owner_code
    left join rule on rule.id = warning.rule_id
    where warning.state <> 'closed' and ${inScope(sql, scope)} group by 1, 2, 3`;
}

export interface RuleOutcomeLine {
  readonly ruleId: number;
  readonly reason: CloseReason;
  readonly warnings: number;
}

/** How the warnings of each rule ended in the period. */
export async function listRuleOutcomes(
  sql: Sql,
  scope: WarningScope,
  period: Period,
): Promise<readonly RuleOutcomeLine[]> {
  return sql<RuleOutcomeLine[]>`
    select warning.rule_id as "ruleId", warning.state_body ->> 'reason' as reason, count(*)::int as warnings
    from warning
    where ${inScope(sql, scope)} and warning.state = 'closed' and ${within(sql, sql`closed_at`, period)}
    group by 1, 2`;
}
