import type { Database } from '../../db/client.ts';
import { openWarning } from '../../db/stores/warnings.ts';
import type { Warning } from '../../domain/warning.ts';
import { blacklisted, blacklistRule, highValue } from './company.ts';
import { createFakeCrm, type FakeCrm } from './fake-crm.ts';

/** Customers who are both of high value and blacklisted, in a CRM and its mirror, with their findings and warning. */
export async function plantConflicts(
  database: Database,
  input: { readonly customers: number; readonly nowMs: number },
): Promise<{ readonly warning: Warning; readonly crm: FakeCrm; readonly refs: readonly string[] }> {
  const { sql } = database;
  const refs = Array.from({ length: input.customers }, (_, index) => `C-${index + 1}`);
  const tagIds = [highValue.id, blacklisted.id].sort((a, b) => a - b);
  const body = sql.json({ name: { 'zh-CN': 'CRM', en: 'CRM' } });
  await sql`insert into source (code, body) values ('crm', ${body}) on conflict do nothing`;
  const [source] = await sql<{ id: number }[]>`select id from source where code = 'crm'`;
  const sourceId = source?.id ?? 0;
  await sql`
    insert into mirror_tag (source_id, tag_ref, name, tag_id) values
      (${sourceId}, 'HV', '高价值客户', ${highValue.id}), (${sourceId}, 'BL', '黑名单', ${blacklisted.id})
    on conflict do nothing`;
  const { warning } = await database.query.transaction((transaction) =>
    openWarning(
      transaction,
      {
        ruleId: 1,
        ruleCode: blacklistRule.code,
        severity: 'high',
        ownerCode: 'li-lei',
        secondLineCode: 'han-meimei',
        managerCode: 'zhao-lin',
        customers: input.customers,
        claimWithinMs: 2 * 3_600_000,
        closeWithinMs: 24 * 3_600_000,
      },
      input.nowMs,
    ),
  );
  await sql`
    with planted as (
      insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids,
        source_ids, import_ids, present_in, changed_at)
      select ref, ref, '{}', '{}', ${tagIds}::int[], '{0,0}', '{0,0}',
        array[${sourceId}, ${sourceId}]::smallint[], '{0,0}', array[${sourceId}]::smallint[], now()
      from unnest(${refs}::text[]) as ref returning id)
    insert into finding (rule_id, customer_id, first_tag_id, second_tag_id, state, warning_id,
      first_scan_id, last_scan_id, opened_at)
    select 1, id, ${highValue.id}, ${blacklisted.id}, 'open', ${warning.id}, 1, 1, now() from planted`;
  const crm = createFakeCrm(Object.fromEntries(refs.map((ref) => [ref, ['HV', 'BL']])));
  return { warning, crm, refs };
}
