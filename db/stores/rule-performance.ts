import type { RuleDecisions } from '../../domain/rule-performance.ts';
import type { RuleKind } from '../../domain/rule.ts';
import type { Sql } from '../client.ts';
import { numberList } from '../number-list.ts';

export interface RulePerformance extends RuleDecisions {
  readonly ruleId: number;
  readonly openFindings: number;
  readonly openWarnings: number;
  /** Median time from opening to closing of fixed warnings, in milliseconds; null: none was fixed. */
  readonly closeMedianMs: number | null;
  /** Findings that were mended, and how many of them came back. */
  readonly mended: number;
  readonly cameBack: number;
}

/** How each rule has done so far, by rule id; `ruleId` null: every rule. */
export async function loadRulePerformance(
  sql: Sql,
  ruleId: number | null,
): Promise<ReadonlyMap<number, RulePerformance>> {
  const ofRule = (column: ReturnType<Sql>) =>
    ruleId === null ? sql`true` : sql`${column} = ${ruleId}`;
  const rows = await sql<RulePerformance[]>`
    with closed as (
      select w.rule_id,
        count(*) filter (where w.state_body ->> 'reason' in ('fixed', 'fixed-by-hand')) as right,
        count(*) filter (where w.state_body ->> 'reason' = 'not-a-conflict' and exists (
          select from audit_row a where a.subject_kind = 'warning' and a.subject_id = w.id::text
            and a.action = 'warning.closed' and a.after ->> 'dismissReason' = 'rule-wrong')) as wrong,
        percentile_cont(0.5) within group (order by extract(epoch from w.closed_at - w.opened_at) * 1000)
          filter (where w.state_body ->> 'reason' in ('fixed', 'fixed-by-hand')) as close_median
      from warning w where w.state = 'closed' and ${ofRule(sql`w.rule_id`)} group by w.rule_id
    ), standing as (
      select rule_id, count(*) as warnings from warning
      where state <> 'closed' and ${ofRule(sql`rule_id`)} group by rule_id
    ), found as (
      select rule_id, count(*) filter (where state = 'open') as open,
        count(*) filter (where state = 'gone') as mended,
        count(*) filter (where state = 'gone' and last_opened_at >= gone_at) as returned
      from (select rule_id, state, gone_at,
          max(opened_at) over (partition by customer_id, rule_id, first_tag_id, second_tag_id) as last_opened_at
        from finding where ${ofRule(sql`rule_id`)}) each
      group by rule_id
    )
    select r.id as "ruleId", coalesce(found.open, 0) as "openFindings",
      coalesce(standing.warnings, 0) as "openWarnings", coalesce(closed.right, 0) as right,
      coalesce(closed.wrong, 0) as wrong, closed.close_median as "closeMedianMs",
      coalesce(found.mended, 0) as mended, coalesce(found.returned, 0) as "cameBack"
    from rule r left join closed on closed.rule_id = r.id left join standing on standing.rule_id = r.id
      left join found on found.rule_id = r.id
    where ${ofRule(sql`r.id`)}`;
  return new Map(rows.map((row) => [row.ruleId, row]));
}

/** Combinations, found by rules of some kinds, that people ruled to be no conflict; entry n of each list belongs together. */
export interface Dismissals {
  readonly customerIds: readonly number[];
  readonly firstTagIds: readonly number[];
  readonly secondTagIds: readonly number[];
}

export async function loadDismissals(
  sql: Sql,
  kinds: readonly RuleKind[],
  limit: number,
): Promise<Dismissals> {
  const [row] = await sql<{ customers: number[]; firsts: number[]; seconds: number[] }[]>`
    select coalesce(array_agg(customer_id::float8), '{}') as customers,
      coalesce(array_agg(first_tag_id), '{}') as firsts,
      coalesce(array_agg(second_tag_id), '{}') as seconds
    from (select customer_id, first_tag_id, second_tag_id from finding
      where state = 'dismissed' and rule_id in (select id from rule where kind = any (${kinds}::text[]))
      order by id desc limit ${limit}) as f`;
  return {
    customerIds: row?.customers ?? [],
    firstTagIds: row?.firsts ?? [],
    secondTagIds: row?.seconds ?? [],
  };
}

/** What the sources call some customers, in the order given; those that are gone are left out. */
export async function loadCustomerNames(
  sql: Sql,
  customerIds: readonly number[],
): Promise<readonly { readonly id: number; readonly ref: string; readonly name: string }[]> {
  return sql<{ id: number; ref: string; name: string }[]>`
    select m.id, m.ref, m.name
    from unnest(${numberList(customerIds)}::bigint[]) with ordinality as wanted(id, place)
      join mirror_customer m on m.id = wanted.id
    order by wanted.place`;
}
