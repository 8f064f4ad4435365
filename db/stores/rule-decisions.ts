import type { Reached } from '../../domain/learned-limit.ts';
import type { RuleDecision, TagPair } from '../../domain/learning.ts';
import type { Rule } from '../../domain/rule.ts';
import type { Sql } from '../client.ts';

/** The newest closed warnings that are looked at, and pairs of each: what a look may cost. */
const decisionsMax = 20_000;
const pairsMax = 20;

/**
 * What people decided about warnings of the rules in force, by rule code. What a rule did before the committee last
 * changed it does not count.
 */
export async function loadRuleDecisions(
  sql: Sql,
): Promise<ReadonlyMap<string, readonly RuleDecision[]>> {
  const rows = await sql<{ code: string; right: boolean; pairs: TagPair[] }[]>`
    with changed as (
      select coalesce(proposal -> 'learned' ->> 'ruleCode', proposal -> 'after' ->> 'code') as code,
        max((state_body ->> 'atMs')::float8) as at_ms
      from request where state = 'applied'
        and (proposal ->> 'kind' = 'change-rule' or proposal -> 'learned' ->> 'ruleCode' is not null)
      group by 1
    )
    select rule.code, w.state_body ->> 'reason' <> 'not-a-conflict' as right,
      coalesce((
        select json_agg(json_build_array(pair.first_code, pair.second_code)) from (
          select distinct first_tag.code as first_code, second_tag.code as second_code
          from finding f
            join tag first_tag on first_tag.id = f.first_tag_id
            join tag second_tag on second_tag.id = f.second_tag_id
          where f.warning_id = w.id limit ${pairsMax}) pair), '[]') as pairs
    from warning w
      join rule on rule.id = w.rule_id and rule.enabled and not rule.removed
      left join changed on changed.code = rule.code
    where w.state = 'closed'
      and (changed.at_ms is null or extract(epoch from w.opened_at) * 1000 > changed.at_ms)
      and (w.state_body ->> 'reason' in ('fixed', 'fixed-by-hand')
        or w.state_body ->> 'reason' = 'not-a-conflict' and exists (
          select from audit_row a where a.subject_kind = 'warning' and a.subject_id = w.id::text
            and a.action = 'warning.closed' and a.after ->> 'dismissReason' = 'rule-wrong'))
    order by w.closed_at desc limit ${decisionsMax}`;
  const byRule = new Map<string, RuleDecision[]>();
  for (const { code, right, pairs } of rows) {
    const known = byRule.get(code) ?? [];
    known.push({ right, pairs });
    byRule.set(code, known);
  }
  return byRule;
}

/** Codes of the rules about which this requester has a request that is being decided, or was decided since then. */
export async function listProposedRules(
  sql: Sql,
  input: { readonly requesterCode: string; readonly sinceMs: number },
): Promise<readonly string[]> {
  const rows = await sql<{ code: string }[]>`
    select distinct coalesce(proposal -> 'learned' ->> 'ruleCode', proposal -> 'after' ->> 'code') as code
    from request
    where requester_code = ${input.requesterCode}
      and (proposal ->> 'kind' = 'change-rule' or proposal -> 'learned' ->> 'ruleCode' is not null)
      and (state in ('voting', 'applying')
        or (state_body ->> 'atMs')::float8 >= ${input.sinceMs}::float8)`;
  return rows.map(({ code }) => code);
}

/** Customers of one warning that are looked at. */
const reachedCustomersMax = 1_000;

/**
 * How far the decided warnings of a rule with a limit went: the tags on their customers, as they were before the fix
 * or as they are where it was dismissed; or the days that a tag which was left had been there. Nothing for other rules.
 */
export async function loadReached(sql: Sql, rule: Rule): Promise<readonly Reached[]> {
  if (rule.kind === 'overload') return loadTagNumbers(sql, rule);
  const isOfTime = rule.kind === 'stale' || rule.kind === 'time-to-live';
  return isOfTime ? loadTagAges(sql, rule) : [];
}

/** Decided warnings of a rule since the committee last changed it, or the days of a tag because of it. */
function decidedWarnings(sql: Sql, rule: Rule) {
  return sql`
    select w.id, w.closed_at, w.state_body ->> 'reason' <> 'not-a-conflict' as right
    from warning w
    where w.state = 'closed' and w.rule_id = ${rule.id}
      and extract(epoch from w.opened_at) * 1000 > coalesce((
        select max((state_body ->> 'atMs')::float8) from request where state = 'applied'
          and (proposal ->> 'kind' = 'change-rule' and proposal -> 'after' ->> 'code' = ${rule.code}
            or proposal -> 'learned' ->> 'ruleCode' = ${rule.code})), 0)
      and (w.state_body ->> 'reason' in ('fixed', 'fixed-by-hand')
        or w.state_body ->> 'reason' = 'not-a-conflict' and exists (
          select from audit_row a where a.subject_kind = 'warning' and a.subject_id = w.id::text
            and a.action = 'warning.closed' and a.after ->> 'dismissReason' = 'rule-wrong'))
    order by w.closed_at desc limit ${decisionsMax}`;
}

async function loadTagNumbers(
  sql: Sql,
  rule: Extract<Rule, { kind: 'overload' }>,
): Promise<readonly Reached[]> {
  const counts =
    rule.tagsMax === null
      ? sql`count(distinct t) filter (where exists (select from tag where tag.id = t and tag.level = 'temporary'))`
      : sql`count(distinct t)`;
  const least = rule.tagsMax ?? rule.temporaryTagsMax ?? 0;
  return sql<Reached[]>`
    with decided as materialized (${decidedWarnings(sql, rule)}),
    numbered as (
      select decided.id, decided.right, case when decided.right then (
          select max(n) from (
            select ${counts} as n from fix join fix_item item on item.fix_id = fix.id, unnest(item.before_tag_ids) as t
            where fix.warning_id = decided.id and fix.undone_at is null
            group by item.customer_id limit ${reachedCustomersMax}) as before)
        else (
          select max(n) from (
            select ${counts} as n
            from finding f join mirror_customer m on m.id = f.customer_id, unnest(m.tag_ids) as t
            where f.warning_id = decided.id
            group by m.id limit ${reachedCustomersMax}) as present) end as value
      from decided)
    select "right", null as "tagCode", value::float8 as value from numbered
    where value is null or value > ${least}`;
}

async function loadTagAges(
  sql: Sql,
  rule: Extract<Rule, { kind: 'stale' | 'time-to-live' }>,
): Promise<readonly Reached[]> {
  const since = rule.kind === 'stale' ? sql`max(t.since)` : sql`min(t.since)`;
  return sql<Reached[]>`
    with decided as materialized (${decidedWarnings(sql, rule)}),
    aged as (
      select decided.id, decided.right, f.first_tag_id as tag_id, max((
        select extract(epoch from decided.closed_at)::float8 - ${since}
        from unnest(m.tag_ids, m.since_seconds) as t (tag_id, since)
        where not decided.right and t.tag_id = f.first_tag_id and t.since > 0
          and t.since < extract(epoch from decided.closed_at))) as seconds
      from decided
        cross join lateral (
          select customer_id, first_tag_id from finding
          where warning_id = decided.id limit ${reachedCustomersMax}) as f
        left join mirror_customer m on m.id = f.customer_id
      group by decided.id, decided.right, f.first_tag_id)
    select aged.right, tag.code as "tagCode", floor(aged.seconds / 86400)::float8 as value
    from aged join tag on tag.id = aged.tag_id`;
}
