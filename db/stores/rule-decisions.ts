import type { RuleDecision, TagPair } from '../../domain/learning.ts';
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
      select proposal -> 'after' ->> 'code' as code, max((state_body ->> 'atMs')::float8) as at_ms
      from request where state = 'applied' and proposal ->> 'kind' = 'change-rule' group by 1
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
            and a.action = 'warning.dismissed' and a.after ->> 'dismissReason' = 'rule-wrong'))
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
    select distinct proposal -> 'after' ->> 'code' as code from request
    where requester_code = ${input.requesterCode} and proposal ->> 'kind' = 'change-rule'
      and (state in ('voting', 'applying')
        or (state_body ->> 'atMs')::float8 >= ${input.sinceMs}::float8)`;
  return rows.map(({ code }) => code);
}
