import { healthScore, type HealthPart } from '../../domain/health.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import type { Database, Sql } from '../client.ts';
import { readCandidateProgress } from './candidates.ts';
import { listSources, type SourceLine } from './console.ts';
import {
  countBySeverity,
  listBacklog,
  listFlow,
  listRecurrence,
  listRuleOutcomes,
  listStanding,
  listTimes,
  measureTimes,
  sumCounts,
  type BacklogLine,
  type FlowLine,
  type Period,
  type StandingLine,
  type Times,
  type WarningCounts,
  type WarningScope,
} from './warning-figures.ts';

export const dayMs = 86_400_000;
export const weekMs = 7 * dayMs;
/** How far back the charts go. */
export const overviewWeeks = 12;
const monthMs = 30 * dayMs;

/** What governing the tags brought: the first scan and the month after it against now and the month before. */
export interface Comparison {
  readonly sinceMs: number;
  readonly before: ComparedFigures;
  readonly now: ComparedFigures;
}

export interface ComparedFigures {
  /** In use, those that only a source knows included; null: not looked over yet. */
  readonly tags: number | null;
  /** Findings open after the full scan. */
  readonly findings: number;
  /** null: of a first month that would overlap with the last. */
  readonly warningsOpened: number | null;
  readonly medianCloseMs: number | null;
}

export interface RulePrecision {
  readonly ruleCode: string;
  readonly ruleName: LocalizedText;
  /** Warnings whose conflict was put right: fixed, fixed by hand. */
  readonly right: number;
  /** Warnings that a person ruled wrong or right until a date. */
  readonly wrong: number;
}

export interface Overview {
  readonly atMs: number;
  readonly healthParts: readonly HealthPart[];
  /** Over the last `overviewWeeks`. */
  readonly health: readonly HealthPoint[];
  /** Of the last seven days and of the seven before. */
  readonly week: WarningCounts;
  readonly weekBefore: WarningCounts;
  readonly recurred: number;
  /** By week over the last `overviewWeeks`: how many of what was opened had been closed before. */
  readonly recurrence: readonly number[];
  /** Of the last thirty days. */
  readonly times: Times;
  /** Of each week of the last `overviewWeeks`. */
  readonly timesByWeek: readonly Times[];
  /** By week over the last `overviewWeeks`, from 0 to the present one. */
  readonly flow: readonly FlowLine[];
  readonly backlog: readonly BacklogLine[];
  /** What was open and overdue at the end of each of the last `overviewWeeks`. */
  readonly standing: readonly StandingLine[];
  readonly precision: readonly RulePrecision[];
  readonly sources: readonly SourceLine[];
  /** Null before the first full scan. */
  readonly comparison: Comparison | null;
}

/** Everything the overview shows, as of an instant (epoch milliseconds). */
export async function readOverview(
  { sql }: Pick<Database, 'sql'>,
  scope: WarningScope,
  nowMs: number,
): Promise<Overview> {
  const week = { fromMs: nowMs - weekMs, untilMs: nowMs };
  const span = { fromMs: nowMs - overviewWeeks * weekMs, untilMs: nowMs };
  const [
    healthParts,
    health,
    now,
    before,
    recurrence,
    times,
    timesByWeek,
    flow,
    standing,
    backlog,
    precision,
    sources,
    comparison,
  ] = await Promise.all([
    readHealth(sql),
    listHealth(sql, span),
    countBySeverity(sql, scope, week),
    countBySeverity(sql, scope, { fromMs: nowMs - 2 * weekMs, untilMs: nowMs - weekMs }),
    listRecurrence(sql, scope, { ...span, stepMs: weekMs }),
    measureTimes(sql, scope, { fromMs: nowMs - monthMs, untilMs: nowMs }),
    listTimes(sql, scope, { ...span, stepMs: weekMs }),
    listFlow(sql, scope, { ...span, stepMs: weekMs }),
    listStanding(sql, scope, { ...span, stepMs: weekMs }),
    listBacklog(sql, scope, nowMs),
    readPrecision(sql, scope, span),
    listSources(sql),
    readComparison(sql, scope, nowMs),
  ]);
  return {
    atMs: nowMs,
    healthParts,
    health,
    week: sumCounts(now),
    weekBefore: sumCounts(before),
    recurred: recurrence.at(-1) ?? 0,
    recurrence,
    times,
    timesByWeek,
    flow,
    standing,
    backlog,
    precision,
    sources,
    comparison,
  };
}

/** Tag health after one day's last full scan. */
export interface HealthPoint {
  readonly atMs: number;
  /** 0 to 100. */
  readonly score: number;
}

/** Keeps with the last full scan how healthy the tags are now, where that is not kept yet. */
export async function recordHealth(sql: Sql): Promise<void> {
  const [scan] = await sql<{ id: number; isKept: boolean }[]>`
    select id, health is not null as "isKept" from scan where kind = 'full' and state = 'done'
    order by id desc limit 1`;
  if (scan === undefined || scan.isKept) return;
  const parts = await readHealth(sql);
  await sql`
    update scan set health = ${sql.json(parts.map((part) => ({ ...part })))}
    where id = ${scan.id} and health is null`;
}

/** Tag health over the period, a point a day on which there was a full scan. */
export async function listHealth(sql: Sql, period: Period): Promise<readonly HealthPoint[]> {
  const rows = await sql<{ atMs: number; health: readonly HealthPart[] }[]>`
    select distinct on (date_trunc('day', finished_at)) finished_at as "atMs", health from scan
    where kind = 'full' and health is not null
      and finished_at >= ${period.fromMs}::timestamptz and finished_at < ${period.untilMs}::timestamptz
    order by date_trunc('day', finished_at), id desc`;
  return rows.flatMap(({ atMs, health }) => {
    const score = healthScore(health);
    return score === null ? [] : [{ atMs, score }];
  });
}

/** The customers are those of the last full scan, which is also what `tag_count` counted. */
export async function readHealth(sql: Sql): Promise<readonly HealthPart[]> {
  const [row] = await sql<
    {
      active: number;
      documented: number;
      owned: number;
      used: number;
      counted: boolean;
      found: number;
      known: number;
      customers: number | null;
      in_conflict: number;
    }[]
  >`
    select dictionary.*, mirror.*, scanned.customers,
      (select count(distinct customer_id) from finding where state = 'open') as in_conflict
    from (
      select count(*) as active,
        count(*) filter (where trim(tag.definition ->> 'zh-CN') <> '' or trim(tag.definition ->> 'en') <> '') as documented,
        count(*) filter (where person.status = 'active') as owned,
        count(*) filter (where tag_count.customers > 0) as used,
        exists (select from tag_count) as counted
      from tag
      left join person on person.code = tag.owner_code
      left join tag_count on tag_count.tag_id = tag.id
      where tag.status = 'active'
    ) dictionary
    cross join (
      select count(distinct mirror_tag.tag_id) as found,
        count(distinct mirror_tag.tag_id) filter (where tag.id is not null) as known
      from mirror_tag left join tag on tag.id = mirror_tag.tag_id
    ) mirror
    left join lateral (${fullScan(sql, 'last')}) scanned on true`;
  if (row === undefined) return [];
  const customers = row.customers ?? 0;
  return [
    { kind: 'known', good: row.known, of: row.found },
    { kind: 'documented', good: row.documented, of: row.active },
    { kind: 'owned', good: row.owned, of: row.active },
    { kind: 'used', good: row.used, of: row.counted ? row.active : 0 },
    { kind: 'clean', good: Math.max(0, customers - row.in_conflict), of: customers },
  ];
}

function fullScan(sql: Sql, which: 'first' | 'last') {
  return sql`
    select customers, findings_open, finished_at from scan where kind = 'full' and state = 'done'
    order by id ${which === 'first' ? sql`asc` : sql`desc`} limit 1`;
}

async function readPrecision(
  sql: Sql,
  scope: WarningScope,
  period: { readonly fromMs: number; readonly untilMs: number },
): Promise<readonly RulePrecision[]> {
  const outcomes = await listRuleOutcomes(sql, scope, period);
  const names = await sql<{ id: number; code: string; name: LocalizedText }[]>`
    select id, code, body -> 'name' as name from rule order by id`;
  const count = (ruleId: number, reasons: readonly string[]) =>
    outcomes
      .filter((line) => line.ruleId === ruleId && reasons.includes(line.reason))
      .reduce((sum, line) => sum + line.warnings, 0);
  return names
    .map(({ id, code, name }) => ({
      ruleCode: code,
      ruleName: name,
      right: count(id, ['fixed', 'fixed-by-hand']),
      wrong: count(id, ['not-a-conflict', 'excepted']),
    }))
    .filter(({ right, wrong }) => right + wrong > 0);
}

async function readComparison(
  sql: Sql,
  scope: WarningScope,
  nowMs: number,
): Promise<Comparison | null> {
  const [scans] = await sql<{ sinceMs: number; firstFindings: number; lastFindings: number }[]>`
    select first.finished_at as "sinceMs", first.findings_open as "firstFindings",
      last.findings_open as "lastFindings"
    from (${fullScan(sql, 'first')}) first cross join (${fullScan(sql, 'last')}) last`;
  if (scans === undefined) return null;
  const { sinceMs, firstFindings, lastFindings } = scans;
  const month = async (fromMs: number) => {
    const period = { fromMs, untilMs: fromMs + monthMs };
    const [counts, { close }] = await Promise.all([
      countBySeverity(sql, scope, period),
      measureTimes(sql, scope, period),
    ]);
    return { warningsOpened: sumCounts(counts).opened, medianCloseMs: close?.p50 ?? null };
  };
  const hasTwoMonths = nowMs - sinceMs >= 2 * monthMs;
  const [{ first, last }, firstMonth, lastMonth] = await Promise.all([
    readCandidateProgress({ sql }),
    hasTwoMonths ? month(sinceMs) : { warningsOpened: null, medianCloseMs: null },
    month(nowMs - monthMs),
  ]);
  return {
    sinceMs,
    before: { tags: first?.tags ?? null, findings: firstFindings, ...firstMonth },
    now: { tags: last?.tags ?? null, findings: lastFindings, ...lastMonth },
  };
}
