import type { Database } from '../db/client.ts';

const yearMs = 365 * 86_400_000;
/** Of a hundred warnings, so many are open. */
const openPerHundred = 2;

/** A year of a large company in its tables: tags with counts, warnings with findings, scans, audit rows. */
export async function fillHistory(
  { sql }: Database,
  size: { readonly tags: number; readonly warnings: number; readonly nowMs: number },
): Promise<void> {
  const { tags, warnings, nowMs } = size;
  await sql`
    insert into tag (code, name, definition, level, category, department_codes, owner_code, status, sensitive, version)
    select 'bench-' || n, jsonb_build_object('zh-CN', '标签' || n, 'en', 'Tag ' || n),
      jsonb_build_object('zh-CN', '第 ' || n || ' 个标签', 'en', 'The tag number ' || n),
      'main', 'basic', '[]', (array['li-lei', 'he-jun', 'sun-li'])[1 + n % 3], 'active', false, 1
    from generate_series(1, ${tags}) n`;
  await sql`
    insert into tag_version (tag_code, version, body, changed_by, changed_at, reason)
    select code, 1, jsonb_build_object('status', status), 'hu-bin', ${nowMs - yearMs}::timestamptz, ''
    from tag where code like 'bench-%'`;
  await sql`
    insert into tag_count (tag_id, customers, scan_id) select id, id * 7919 % 90000, 1 from tag
    on conflict do nothing`;
  await sql`
    insert into scan (kind, state, started_at, finished_at, customers, findings_open)
    select case when n % 24 = 0 then 'full' else 'incremental' end, 'done', at, at + interval '20 s',
      (select count(*) from mirror_customer), 100000 - n
    from generate_series(0, 8759) n,
      lateral (select ${nowMs - yearMs}::timestamptz + n * interval '1 hour' as at) started`;
  await sql`
    insert into warning (fingerprint, rule_id, rule_code, severity, owner_code, state, state_body, level, snoozes,
      customers, opened_at, claimed_at, closed_at, claim_due_at, close_due_at, version)
    select 'bench/' || case when is_open then 'open/' || n else (n % 5000)::text end, rule.id, rule.code,
      rule.body ->> 'severity', (array['li-lei', 'he-jun', 'sun-li', 'wang-fang', 'ma-chao'])[1 + n % 5],
      case when is_open then 'open' else 'closed' end,
      case when is_open then '{"kind": "open"}'::jsonb else jsonb_build_object('kind', 'closed', 'by', 'li-lei',
        'atMs', ${nowMs}::float8, 'reason', case when n % 9 = 0 then 'not-a-conflict' else 'fixed' end, 'fixId', null) end,
      0, 0, 1 + n % 400, at, at + (n % 300) * interval '1 min',
      case when is_open then null else at + (n % 4000) * interval '1 min' end,
      at + interval '4 hours', at + interval '24 hours', 3
    from generate_series(1, ${warnings}) n
    join (select id, code, body, row_number() over (order by id) - 1 as place, count(*) over () as rules from rule) rule
      on rule.place = n % rule.rules
    cross join lateral (select n % 100 < ${openPerHundred} as is_open,
      ${nowMs - yearMs}::timestamptz + n * (${yearMs} / 1000.0 / ${warnings}) * interval '1 s' as at) history`;
  await sql`
    insert into finding (rule_id, customer_id, first_tag_id, second_tag_id, state, warning_id, first_scan_id,
      last_scan_id, opened_at)
    select warning.rule_id, customer.id, (select min(id) from tag), 0,
      case when warning.state = 'closed' then 'gone' else 'open' end, warning.id, 1, 1, warning.opened_at
    from warning join mirror_customer customer on customer.id % 1000 = warning.id % 1000
      and customer.id <= 20000 where warning.id % 10 < 3
    on conflict do nothing`;
  await sql.begin(async (transaction) => {
    // Every row would move the trail's end on, and so many versions of one row in a transaction take minutes.
    await transaction`alter table audit_row disable trigger audit_head_follow`;
    await transaction`
      insert into audit_row (at, actor_code, through, action, subject_kind, subject_id, previous_hash, hash)
      select opened_at, 'li-lei', 'slack', 'warning.' || state, 'warning', id::text, '', id::text from warning`;
    await transaction`alter table audit_row enable trigger audit_head_follow`;
    await transaction`
      update audit_head set (last_row_id, hash) = (select id, hash from audit_row order by id desc limit 1)`;
  });
  await sql`analyze`;
}

/** Makes the customers of the mirror so many by adding each of them again under other refs. */
export async function repeatCustomers({ sql }: Database, customers: number): Promise<void> {
  await sql`
    insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids, source_ids,
      import_ids, present_in, changed_at)
    select ref || '/' || n, name, numbers, texts, tag_ids, since_seconds, actor_ids, source_ids, import_ids,
      present_in, changed_at
    from generate_series(1, (select ceil(${customers}::float8 / greatest(count(*), 1)) - 1 from mirror_customer)::int) n,
      mirror_customer
    limit greatest(0, ${customers} - (select count(*) from mirror_customer))`;
  await sql`vacuum analyze mirror_customer`;
}
