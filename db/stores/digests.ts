import { and, eq, gte, sql as raw } from 'drizzle-orm';
import type { DigestTrends, DigestView } from '../../bot/views.ts';
import { totalsOf } from '../../domain/assessment.ts';
import { healthScore } from '../../domain/health.ts';
import { hiddenFrom, hiddenFromAnybody } from '../../domain/hidden.ts';
import { recipientCodeOf, type ChatGroup } from '../../domain/chat-group.ts';
import type { Dictionary } from '../../domain/dictionary.ts';
import type { DigestPeriod } from '../../domain/digest.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import { businessLine, type Department, type Person } from '../../domain/person.ts';
import { defaultPreference } from '../../domain/preference.ts';
import type { Database, Sql } from '../client.ts';
import { digests } from '../schema/access.ts';
import { appendAudit, type Queryable } from './audit.ts';
import { monthIn, sumPoints } from './assessment.ts';
import { findPolicy } from './dictionary.ts';
import { recordMade, type Act } from './inbound-events.ts';
import { loadPreference } from './preferences.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { dayMs, listHealth, readHealth, recordHealth, weekMs } from './overview.ts';
import { readTopCauses } from './top-causes.ts';
import {
  countBySeverity,
  countRecurred,
  inScope,
  listFlow,
  listStanding,
  measureTimes,
  sumCounts,
  type FlowLine,
  type WarningScope,
} from './warning-figures.ts';

/** What a digest row keeps: the view but for its id and reader. */
type DigestBody = Omit<DigestView, 'id' | 'readerCode'>;

/** Whom a digest is for: a person, about their business line, or a group, about everybody. */
export type DigestAudience =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'group'; readonly group: Pick<ChatGroup, 'code'> };

const everybodyName = { 'zh-CN': '全公司', en: 'Company' };

function codeOf(audience: DigestAudience): string {
  return audience.kind === 'person' ? audience.person.code : recipientCodeOf(audience.group);
}

/** Of digests that were made when none were drawn. */
const withoutTrends: Pick<DigestBody, 'every' | 'content' | 'health' | 'trends'> = {
  every: 'week',
  content: 'full',
  health: { now: null, before: null },
  trends: { step: 'week', health: [], standing: [], opened: [] },
};
/** Of digests that were made when these were not held against the period before. */
const unknownBefore = { medianClaimMs: null, medianCloseMs: null, recurred: null };

const needAttentionMax = 5;

/** Counts a period for a person or a group and keeps the result, so that the card and the page say the same. Returns its id. */
export async function createDigest(
  database: Database,
  input: {
    readonly audience: DigestAudience;
    readonly every: DigestPeriod;
    /** When the period before began. */
    readonly beforeMs: number;
    readonly fromMs: number;
    readonly untilMs: number;
    /** By the reader: the audit trail names them, and nobody else is told of it. @default false */
    readonly isAskedFor?: boolean;
    /** What asked for it. @default none */
    readonly act?: Act | undefined;
    readonly nowMs: number;
  },
): Promise<number> {
  const { audience, every, beforeMs, fromMs, untilMs, isAskedFor = false, act, nowMs } = input;
  const code = codeOf(audience);
  const { dictionary, people, departments } = await readCurrentKnowledge(database);
  const scope = scopeOf(audience, { dictionary, people });
  const period = { fromMs, untilMs };
  const before = { fromMs: beforeMs, untilMs: fromMs };
  const times = await measureTimes(database.sql, scope, period);
  const timesBefore = await measureTimes(database.sql, scope, before);
  const { digestContent } =
    audience.kind === 'person'
      ? await loadPreference(database.query, audience.person.code)
      : defaultPreference;
  await recordHealth(database.sql);
  const trends = await readTrends(database.sql, scope, { every, untilMs });
  const health = {
    now: healthScore(await readHealth(database.sql)),
    before: trends.health.findLast(({ atMs }) => atMs < fromMs)?.score ?? null,
  };
  const body: DigestBody = {
    every,
    content: digestContent,
    fromMs,
    untilMs,
    departmentName: nameOf(audience, departments),
    bySeverity: await countBySeverity(database.sql, scope, period),
    before: {
      ...sumCounts(await countBySeverity(database.sql, scope, before)),
      medianClaimMs: timesBefore.claim?.p50 ?? null,
      medianCloseMs: timesBefore.close?.p50 ?? null,
      recurred: await countRecurred(database.sql, scope, before),
    },
    medianClaimMs: times.claim?.p50 ?? null,
    medianCloseMs: times.close?.p50 ?? null,
    recurred: await countRecurred(database.sql, scope, period),
    ...(await monthOfLine(database, scope.ownerCodes, untilMs)),
    causes: await readTopCauses(database, scope, dictionary),
    health,
    trends,
    needAttention: await worstOpen(database.sql, scope, untilMs),
  };
  return database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .insert(digests)
      .values({
        personCode: code,
        fromAt: fromMs,
        untilAt: untilMs,
        body,
        createdAt: nowMs,
      })
      .returning({ id: digests.id });
    if (row === undefined) throw new Error('The digest was not recorded.');
    await appendAudit(
      transaction,
      [
        {
          actorCode: isAskedFor ? code : null,
          through: 'system',
          action: 'digest.created',
          subjectKind: 'digest',
          subjectId: String(row.id),
          before: null,
          after: { reader: code, every, fromMs, untilMs },
        },
      ],
      nowMs,
    );
    if (act !== undefined) await recordMade(transaction, act, String(row.id));
    return row.id;
  });
}

async function monthOfLine(
  { query }: Database,
  personCodes: readonly string[] | null,
  atMs: number,
): Promise<Pick<DigestBody, 'assessment'>> {
  const policy = await findPolicy(query);
  if (policy === null || policy.assessment === null) return {};
  const { timeZone } = policy.scans;
  const month = monthIn(timeZone, atMs);
  return { assessment: totalsOf(await sumPoints(query, { month, timeZone, personCodes })) };
}

function scopeOf(
  audience: DigestAudience,
  {
    dictionary,
    people,
  }: { readonly dictionary: Dictionary; readonly people: ReadonlyMap<string, Person> },
): WarningScope {
  if (audience.kind === 'group') {
    const { ruleIds } = hiddenFromAnybody(dictionary);
    return { ownerCodes: null, reader: { personCode: '', hiddenRuleIds: ruleIds } };
  }
  const { person } = audience;
  const { ruleIds } = hiddenFrom(person, dictionary, people);
  return {
    ownerCodes: businessLine(person, people),
    reader: { personCode: person.code, hiddenRuleIds: ruleIds },
  };
}

function nameOf(
  audience: DigestAudience,
  departments: ReadonlyMap<string, Department>,
): LocalizedText {
  if (audience.kind === 'group') return everybodyName;
  const { departmentCode } = audience.person;
  const unknown = { 'zh-CN': departmentCode, en: departmentCode };
  return departments.get(departmentCode)?.name ?? unknown;
}

export async function readDigestView(
  database: Database,
  digestId: number,
): Promise<DigestView | null> {
  const [row] = await database.query.select().from(digests).where(eq(digests.id, digestId));
  if (row === undefined) return null;
  // The body is written by createDigest alone.
  const body = { ...withoutTrends, ...(row.body as DigestBody) };
  return {
    ...body,
    before: { ...unknownBefore, ...body.before },
    trends: { ...withoutTrends.trends, ...body.trends },
    id: row.id,
    readerCode: row.personCode,
  };
}

export async function findDigestReader(
  database: Queryable,
  digestId: number,
): Promise<string | null> {
  const [row] = await database
    .select({ code: digests.personCode })
    .from(digests)
    .where(eq(digests.id, digestId));
  return row?.code ?? null;
}

/** A digest of a period made since an instant for a person or what stands for a group; null where there is none. */
export async function findDigestSince(
  database: Queryable,
  input: { readonly personCode: string; readonly every: DigestPeriod; readonly sinceMs: number },
): Promise<number | null> {
  const [row] = await database
    .select({ id: digests.id })
    .from(digests)
    .where(
      and(
        eq(digests.personCode, input.personCode),
        gte(digests.createdAt, input.sinceMs),
        raw`coalesce(${digests.body} ->> 'every', 'week') = ${input.every}`,
      ),
    );
  return row?.id ?? null;
}

/** What is drawn: two weeks by the day, eight weeks, or a quarter by the week. */
const trendSteps = {
  day: { step: 'day', stepMs: dayMs, steps: 14 },
  week: { step: 'week', stepMs: weekMs, steps: 8 },
  month: { step: 'week', stepMs: weekMs, steps: 13 },
} as const;

async function readTrends(
  sql: Sql,
  scope: WarningScope,
  { every, untilMs }: { readonly every: DigestPeriod; readonly untilMs: number },
): Promise<DigestTrends> {
  const { step: of, stepMs, steps } = trendSteps[every];
  const fromMs = untilMs - steps * stepMs;
  const span = { fromMs, untilMs, stepMs };
  const [health, standing, flow] = await Promise.all([
    listHealth(sql, { fromMs, untilMs: untilMs + 1 }),
    listStanding(sql, scope, span),
    listFlow(sql, scope, span),
  ]);
  const endOf = (step: number) => fromMs + (step + 1) * stepMs;
  return {
    step: of,
    health,
    standing: standing.map((line, step) => ({ untilMs: endOf(step), ...line })),
    opened: standing.map((_, step) => ({
      untilMs: endOf(step),
      byKind: openedByKind(flow.filter((line) => line.step === step)),
    })),
  };
}

function openedByKind(lines: readonly FlowLine[]): DigestTrends['opened'][number]['byKind'] {
  const opened = new Map<FlowLine['ruleKind'], number>();
  for (const line of lines) {
    if (line.opened === 0) continue;
    opened.set(line.ruleKind, (opened.get(line.ruleKind) ?? 0) + line.opened);
  }
  return [...opened].map(([kind, count]) => ({ kind, opened: count }));
}

async function worstOpen(
  sql: Sql,
  scope: WarningScope,
  untilMs: number,
): Promise<DigestView['needAttention']> {
  const rows = await sql<
    {
      warning_id: number;
      rule_name: DigestView['departmentName'];
      severity: DigestView['needAttention'][number]['severity'];
      customers: number;
      overdue: boolean;
    }[]
  >`
    select warning.id as warning_id, rule.body -> 'name' as rule_name, warning.severity,
      warning.customers, warning.close_due_at < ${untilMs}::timestamptz as overdue
    from warning join rule on rule.id = warning.rule_id
    where warning.state <> 'closed' and ${inScope(sql, scope)}
    order by overdue desc, array_position(array['high', 'medium', 'low'], warning.severity),
      warning.customers desc, warning.id
    limit ${needAttentionMax}`;
  return rows.map((row) => ({
    warningId: row.warning_id,
    ruleName: row.rule_name,
    severity: row.severity,
    customers: row.customers,
    overdue: row.overdue,
  }));
}
