import { and, eq, gte } from 'drizzle-orm';
import type { DigestView } from '../../bot/views.ts';
import type { Person } from '../../domain/person.ts';
import type { Database, Sql } from '../client.ts';
import { digests } from '../schema/access.ts';
import { departments } from '../schema/people.ts';
import { appendAudit, type Queryable } from './audit.ts';
import { loadPeople } from './people.ts';

/** What a digest row keeps: the view but for its id and reader. */
type DigestBody = Omit<DigestView, 'id' | 'reader'>;

const needAttentionMax = 5;
const causesMax = 3;

/** A manager's business line: everybody of the same department and everybody who reports to them. */
function businessLine(manager: Person, people: ReadonlyMap<string, Person>): readonly string[] {
  return [...people.values()]
    .filter(
      (person) =>
        person.departmentCode === manager.departmentCode || person.managerCode === manager.code,
    )
    .map((person) => person.code);
}

/** Counts one manager's period and keeps the result, so that the card and the page say the same. Returns its id. */
export async function createDigest(
  database: Database,
  input: {
    readonly reader: Person;
    readonly fromMs: number;
    readonly untilMs: number;
    readonly nowMs: number;
  },
): Promise<number> {
  const { reader, fromMs, untilMs, nowMs } = input;
  const people = await loadPeople(database.query);
  const owners = businessLine(reader, people);
  const period = { owners, fromMs, untilMs };
  const before = { owners, fromMs: fromMs - (untilMs - fromMs), untilMs: fromMs };
  const [department] = await database.query
    .select()
    .from(departments)
    .where(eq(departments.code, reader.departmentCode));
  const body: DigestBody = {
    fromMs,
    untilMs,
    departmentName: department?.name ?? {
      'zh-CN': reader.departmentCode,
      en: reader.departmentCode,
    },
    bySeverity: await countBySeverity(database.sql, period),
    before: sum(Object.values(await countBySeverity(database.sql, before))),
    ...(await medians(database.sql, period)),
    recurred: await countRecurred(database.sql, period),
    causes: await topCauses(database.sql, owners),
    needAttention: await worstOpen(database.sql, period),
  };
  return database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .insert(digests)
      .values({
        personCode: reader.code,
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
          actorCode: null,
          through: 'system',
          action: 'digest.created',
          subjectKind: 'digest',
          subjectId: String(row.id),
          before: null,
          after: { reader: reader.code, fromMs, untilMs },
        },
      ],
      nowMs,
    );
    return row.id;
  });
}

export async function readDigestView(
  database: Database,
  digestId: number,
): Promise<DigestView | null> {
  const [row] = await database.query.select().from(digests).where(eq(digests.id, digestId));
  if (row === undefined) return null;
  const reader = (await loadPeople(database.query)).get(row.personCode);
  // The body is written by createDigest alone.
  return reader === undefined ? null : { ...(row.body as DigestBody), id: row.id, reader };
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

/** The newest digest of a person made since an instant; null where there is none. */
export async function findDigestSince(
  database: Queryable,
  input: { readonly personCode: string; readonly sinceMs: number },
): Promise<number | null> {
  const [row] = await database
    .select({ id: digests.id })
    .from(digests)
    .where(and(eq(digests.personCode, input.personCode), gte(digests.createdAt, input.sinceMs)));
  return row?.id ?? null;
}

interface Period {
  readonly owners: readonly string[];
  /** Half-open, epoch milliseconds. */
  readonly fromMs: number;
  readonly untilMs: number;
}

type Counts = DigestView['before'];

/** open and overdue are as of the end of the period; opened and closed are within it. */
async function countBySeverity(
  sql: Sql,
  { owners, fromMs, untilMs }: Period,
): Promise<DigestView['bySeverity']> {
  const rows = await sql<({ severity: keyof DigestView['bySeverity'] } & Counts)[]>`
    select severity,
      count(*) filter (where opened_at < ${untilMs}::timestamptz
        and (closed_at is null or closed_at >= ${untilMs}::timestamptz)) as open,
      count(*) filter (where opened_at >= ${fromMs}::timestamptz
        and opened_at < ${untilMs}::timestamptz) as opened,
      count(*) filter (where closed_at >= ${fromMs}::timestamptz
        and closed_at < ${untilMs}::timestamptz) as closed,
      count(*) filter (where close_due_at < ${untilMs}::timestamptz
        and opened_at < ${untilMs}::timestamptz
        and (closed_at is null or closed_at >= ${untilMs}::timestamptz)) as overdue
    from warning where owner_code = any(${[...owners]}) group by severity`;
  const none: Counts = { open: 0, opened: 0, closed: 0, overdue: 0 };
  const of = (severity: keyof DigestView['bySeverity']): Counts => {
    const row = rows.find((candidate) => candidate.severity === severity);
    return row === undefined
      ? none
      : { open: row.open, opened: row.opened, closed: row.closed, overdue: row.overdue };
  };
  return { high: of('high'), medium: of('medium'), low: of('low') };
}

function sum(counts: readonly Counts[]): Counts {
  return {
    open: counts.reduce((total, count) => total + count.open, 0),
    opened: counts.reduce((total, count) => total + count.opened, 0),
    closed: counts.reduce((total, count) => total + count.closed, 0),
    overdue: counts.reduce((total, count) => total + count.overdue, 0),
  };
}

async function medians(
  sql: Sql,
  { owners, fromMs, untilMs }: Period,
): Promise<Pick<DigestView, 'medianClaimMs' | 'medianCloseMs'>> {
  const [row] = await sql<{ claim: number | null; close: number | null }[]>`
    select
      (select percentile_cont(0.5) within group (
          order by extract(epoch from claimed_at - opened_at)::float8 * 1000)
        from warning where owner_code = any(${[...owners]})
          and claimed_at >= ${fromMs}::timestamptz and claimed_at < ${untilMs}::timestamptz) as claim,
      (select percentile_cont(0.5) within group (
          order by extract(epoch from closed_at - opened_at)::float8 * 1000)
        from warning where owner_code = any(${[...owners]})
          and closed_at >= ${fromMs}::timestamptz and closed_at < ${untilMs}::timestamptz) as close`;
  return { medianClaimMs: row?.claim ?? null, medianCloseMs: row?.close ?? null };
}

async function countRecurred(sql: Sql, { owners, fromMs, untilMs }: Period): Promise<number> {
  const [row] = await sql<{ recurred: number }[]>`
    select count(*) as recurred from warning
    where owner_code = any(${[...owners]})
      and opened_at >= ${fromMs}::timestamptz and opened_at < ${untilMs}::timestamptz
      and exists (select from warning earlier where earlier.fingerprint = warning.fingerprint
        and earlier.closed_at <= warning.opened_at and earlier.id <> warning.id)`;
  return row?.recurred ?? 0;
}

/** The imports behind most customers of the open warnings. */
async function topCauses(sql: Sql, owners: readonly string[]): Promise<DigestView['causes']> {
  const rows = await sql<{ name: string; count: number; of: number }[]>`
    with affected as (
      select finding.customer_id, finding.first_tag_id, finding.second_tag_id
      from finding join warning on warning.id = finding.warning_id
      where finding.state = 'open' and warning.state <> 'closed'
        and warning.owner_code = any(${[...owners]})
    )
    select batch.name, count(distinct affected.customer_id) as count,
      (select count(distinct customer_id) from affected) as of
    from affected
    join mirror_customer customer on customer.id = affected.customer_id
    cross join lateral unnest(customer.tag_ids, customer.import_ids) as tagged (tag_id, import_id)
    join mirror_import batch on batch.id = tagged.import_id
    where tagged.tag_id in (affected.first_tag_id, affected.second_tag_id)
    group by batch.name order by count desc, batch.name limit ${causesMax}`;
  return rows.map((row) => ({ kind: 'import', name: row.name, count: row.count, of: row.of }));
}

async function worstOpen(
  sql: Sql,
  { owners, untilMs }: Period,
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
    where warning.state <> 'closed' and warning.owner_code = any(${[...owners]})
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
