import type { GroupingPolicy } from '../../domain/policy.ts';
import type { Sql } from '../client.ts';

/** Findings of `ruleCode` that open no warning while findings of `mutingRuleCode` on the same customers stand. */
export interface MutedFindings {
  readonly mutingRuleCode: string;
  readonly ruleCode: string;
  readonly findings: number;
}

/** What waits because the policy's inhibitions mute it: behind one warning or, with `ruleCode`, behind or of a rule. */
export async function countMuted(
  sql: Sql,
  inhibitions: GroupingPolicy['inhibitions'],
  about: { readonly warningId: number } | { readonly ruleCode: string },
): Promise<readonly MutedFindings[]> {
  const pairs = inhibitions
    .flatMap(({ ruleCode: muting, mutedRuleCodes }) =>
      mutedRuleCodes.map((muted) => ({ muting, muted })),
    )
    .filter(
      ({ muting, muted }) => 'warningId' in about || [muting, muted].includes(about.ruleCode),
    );
  if (pairs.length === 0) return [];
  const behind = 'warningId' in about ? sql`and explaining.warning_id = ${about.warningId}` : sql``;
  return sql<MutedFindings[]>`
    select muting.code as "mutingRuleCode", muted.code as "ruleCode", count(*)::int as findings
    from (select distinct * from unnest(${pairs.map(({ muting }) => muting)}::text[],
        ${pairs.map(({ muted }) => muted)}::text[]) as named(muting_code, muted_code)) as inhibition
      join rule muting on muting.code = inhibition.muting_code
      join rule muted on muted.code = inhibition.muted_code
      join finding f on f.rule_id = muted.id and f.state = 'open' and f.warning_id is null
    where exists (
      select from finding explaining where explaining.rule_id = muting.id
        and explaining.customer_id = f.customer_id and explaining.state = 'open' ${behind})
    group by muting.code, muted.code
    order by muting.code, muted.code`;
}
