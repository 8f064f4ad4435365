import { eq } from 'drizzle-orm';
import { advisoryLocks } from '../advisory-locks.ts';
import type { FloodView } from '../../bot/views.ts';
import type { FloodPolicy } from '../../domain/policy.ts';
import type { Severity } from '../../domain/severity.ts';
import type { Sql } from '../client.ts';
import { floods } from '../schema/warnings.ts';
import type { Queryable } from './audit.ts';

/**
 * Gathers what was opened since an instant and nobody has been told of yet into a flood for everybody who would get
 * more cards of it than the policy allows. Answers how many floods it made. Calling it again does nothing.
 */
export async function gatherFloods(
  sql: Sql,
  policy: FloodPolicy,
  at: { readonly openedSinceMs: number; readonly nowMs: number },
): Promise<number> {
  return sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${advisoryLocks.findings})`;
    const gathered = await transaction<{ id: number; warning_ids: number[] }[]>`
      with many as (
        select owner_code, array_agg(id order by id) as warning_ids from warning
        where opened_at >= ${at.openedSinceMs} and version = 1 and state = 'open'
          and flood_id is null and severity <> all(${[...policy.singly]}::text[])
        group by owner_code having count(*) > ${policy.cardsMax}
      ), made as (
        insert into flood (owner_code, opened_at) select owner_code, ${at.nowMs} from many
        returning id, owner_code
      )
      select made.id, many.warning_ids from made join many using (owner_code)`;
    for (const { id, warning_ids } of gathered) {
      await transaction`update warning set flood_id = ${id} where id = any(${warning_ids}::int[])`;
    }
    return gathered.length;
  });
}

/** The flood of which a warning is one. */
export interface Flood {
  readonly id: number;
  /** For whom the scan opened them. */
  readonly ownerCode: string;
  /** Of all of them. */
  readonly severity: Severity;
  /** How many are not closed. */
  readonly standing: number;
  /** `purpose/person` of everybody who was told of it in one card. */
  readonly told: ReadonlySet<string>;
}

/** Null where the warning came by itself. */
export async function findFlood(sql: Sql, warningId: number): Promise<Flood | null> {
  const [row] = await sql<
    { id: number; ownerCode: string; severity: Severity; standing: number; told: string[] }[]
  >`
    select flood.id, flood.owner_code as "ownerCode", of_it.severity, of_it.standing,
      array(select distinct purpose || '/' || recipient_code from delivery
        where subject_kind = 'flood' and subject_id = flood.id) as told
    from warning one join flood on flood.id = one.flood_id,
      lateral (
        select count(*) filter (where state <> 'closed')::int as standing,
          (array_agg(severity order by array_position(array['high', 'medium', 'low'], severity)))[1] as severity
        from warning where flood_id = flood.id
      ) as of_it
    where one.id = ${warningId}`;
  return row === undefined ? null : { ...row, told: new Set(row.told) };
}

const rulesMax = 8;
const worstMax = 5;

/** Everything the card of a flood says; null where there is none of this id. */
export async function readFloodView(sql: Sql, floodId: number): Promise<FloodView | null> {
  const [row] = await sql<FloodView[]>`
    select flood.id, flood.opened_at as "openedAtMs",
      sum(w.version)::int as version, count(*)::int as warnings,
      (count(*) filter (where w.state <> 'closed'))::int as standing,
      (count(*) filter (where w.state = 'open'))::int as unclaimed,
      json_build_object(
        'high', count(*) filter (where w.state <> 'closed' and w.severity = 'high'),
        'medium', count(*) filter (where w.state <> 'closed' and w.severity = 'medium'),
        'low', count(*) filter (where w.state <> 'closed' and w.severity = 'low')) as "bySeverity",
      min(w.claim_due_at) filter (where w.state = 'open') as "claimDueAtMs",
      min(w.close_due_at) filter (where w.state <> 'closed') as "closeDueAtMs"
    from flood join warning w on w.flood_id = flood.id
    where flood.id = ${floodId} group by flood.id`;
  if (row === undefined) return null;
  const ruleName = sql`coalesce(rule.body -> 'name',
    jsonb_build_object('zh-CN', w.rule_code, 'en', w.rule_code))`;
  const [byRule, worst] = await Promise.all([
    sql<FloodView['byRule'][number][]>`
      select w.rule_code as "ruleCode", ${ruleName} as "ruleName", count(*)::int as warnings
      from warning w left join rule on rule.id = w.rule_id
      where w.flood_id = ${floodId} and w.state <> 'closed'
      group by w.rule_code, rule.body order by count(*) desc, w.rule_code limit ${rulesMax}`,
    sql<FloodView['worst'][number][]>`
      select w.id as "warningId", ${ruleName} as "ruleName", w.severity, w.customers
      from warning w left join rule on rule.id = w.rule_id
      where w.flood_id = ${floodId} and w.state <> 'closed'
      order by array_position(array['high', 'medium', 'low'], w.severity), w.customers desc, w.id
      limit ${worstMax}`,
  ]);
  return { ...row, byRule, worst };
}

/** For whom a scan opened a flood; null where there is none of this id. */
export async function findFloodOwner(database: Queryable, floodId: number): Promise<string | null> {
  const [row] = await database
    .select({ ownerCode: floods.ownerCode })
    .from(floods)
    .where(eq(floods.id, floodId));
  return row?.ownerCode ?? null;
}
