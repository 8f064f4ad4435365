import type { Undecided } from '../../domain/detect/undecided.ts';
import type { Sql } from '../client.ts';

/** Who could not be decided in the last scan of all customers that ended. */
export interface LastUndecided {
  readonly scanId: number;
  /** Epoch milliseconds. */
  readonly finishedAtMs: number;
  readonly byRule: readonly Undecided[];
}

/** Of one scan, by rule: the shards' customers added up. */
export async function readUndecided(sql: Sql, scanId: number): Promise<readonly Undecided[]> {
  return sql<Undecided[]>`
    with told as (
      select u."ruleId" as rule_id, u.customers, u.missing
      from scan_shard s cross join lateral jsonb_to_recordset(s.undecided)
        as u("ruleId" int, customers float8, missing jsonb)
      where s.scan_id = ${scanId}),
    attributes as (
      select t.rule_id, m."attributeCode" as code, sum(m.customers) as customers
      from told t cross join lateral jsonb_to_recordset(t.missing)
        as m("attributeCode" text, customers float8)
      group by t.rule_id, m."attributeCode"),
    rules as (select rule_id, sum(customers) as customers from told group by rule_id)
    select r.rule_id as "ruleId", r.customers,
      coalesce((select jsonb_agg(
          jsonb_build_object('attributeCode', a.code, 'customers', a.customers)
          order by a.customers desc, a.code)
        from attributes a where a.rule_id = r.rule_id), '[]') as missing
    from rules r order by r.rule_id`;
}

/** Of incremental scans only those who changed are known, so it is told as of the last scan of all; null: none ended. */
export async function readLastUndecided(sql: Sql): Promise<LastUndecided | null> {
  const [last] = await sql<{ id: number; finished_at: number }[]>`
    select id, finished_at from scan
    where state = 'done' and covers_all and finished_at is not null order by id desc limit 1`;
  if (last === undefined) return null;
  return {
    scanId: last.id,
    finishedAtMs: last.finished_at,
    byRule: await readUndecided(sql, last.id),
  };
}
