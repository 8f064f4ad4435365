import { fileURLToPath } from 'node:url';
import { readConfiguration } from '../../config/read.ts';
import type { Database } from '../../db/client.ts';
import { appendAudit } from '../../db/stores/audit.ts';
import { applyConfiguration } from '../../db/stores/configuration.ts';
import { loadDictionary } from '../../db/stores/dictionary.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { insertRequest } from '../../db/stores/requests.ts';
import { openWarning } from '../../db/stores/warnings.ts';
import type { DeliveryPurpose } from '../../bot/channel.ts';
import type { WarningState } from '../../domain/warning.ts';

const hourMs = 3_600_000;
const sampleFolder = fileURLToPath(new URL('../../sample', import.meta.url));

/** Ids of what `seedConsole` made. */
export interface ConsoleData {
  /** Severe, open, owned by li-lei, 37 customers with a sensitive second tag. */
  readonly openWarningId: number;
  /** Claimed by its owner. */
  readonly claimedWarningId: number;
  /** Closed by a fix that can still be undone. */
  readonly fixedWarningId: number;
  readonly requestId: number;
  readonly scanId: number;
}

/** The sample company with customers, findings, warnings in several states, a fix, a request, scans and inboxes. */
export async function seedConsole(database: Database, nowMs: number): Promise<ConsoleData> {
  const reading = await readConfiguration(sampleFolder);
  if (reading.kind !== 'ok') throw new Error('The sample configuration has problems.');
  await applyConfiguration(database.query, reading.configuration, {
    by: null,
    through: 'system',
    nowMs: nowMs - 48 * hourMs,
  });
  const scanId = await seedScans(database, nowMs);
  await seedCustomers(database, nowMs);
  const warnings = await seedWarnings(database, scanId, nowMs);
  const requestId = await seedRequest(database, nowMs);
  return { ...warnings, requestId, scanId };
}

async function seedScans({ sql }: Database, nowMs: number): Promise<number> {
  await sql`insert into scan (kind, state, requested_by, started_at, finished_at, customers, assignments, findings_open, findings_new, findings_gone, error)
    values ('incremental', 'failed', null, ${nowMs - 30 * hourMs}, ${nowMs - 30 * hourMs + 4_000}, 0, 0, 0, 0, 0, 'The source crm did not answer within 30 seconds.')`;
  const [done] = await sql<{ id: number }[]>`
    insert into scan (kind, state, requested_by, started_at, finished_at, customers, assignments, findings_open, findings_new, findings_gone)
    values ('full', 'done', 'chen-hao', ${nowMs - 20 * hourMs}, ${nowMs - 20 * hourMs + 3_412}, 20000, 128431, 412, 37, 12) returning id`;
  const missing = [{ attributeCode: 'last_order_at', customers: 1_204 }];
  const rule = sql`(select id from rule where code = 'dormant-criteria')`;
  await sql`update scan set covers_all = true where id = ${done?.id ?? 0}`;
  await sql`insert into scan_shard (scan_id, shard, from_id, until_id, done_at, undecided)
    values (${done?.id ?? 0}, 0, 0, 20000, ${nowMs - 20 * hourMs}, jsonb_build_array(jsonb_build_object(
      'ruleId', ${rule}, 'customers', 1204, 'missing', ${sql.json(missing)}::jsonb)))`;
  const [running] = await sql<{ id: number }[]>`
    insert into scan (kind, state, requested_by, started_at) values ('full', 'running', null, ${nowMs - 2_000}) returning id`;
  for (const shard of [0, 1, 2, 3, 4, 5, 6, 7]) {
    await sql`insert into scan_shard (scan_id, shard, from_id, until_id, done_at)
      values (${running?.id ?? 0}, ${shard}, ${shard * 2500}, ${shard * 2500 + 2500}, ${shard < 5 ? nowMs - 500 : null})`;
  }
  return done?.id ?? 0;
}

const customerNames = ['华东机电', '云杉科技', '海蓝贸易', '金穗食品', '北极星物流', '南湖医药'];

/** Customers 1 to 40 carry high-value and blacklist, from one import for most of them. */
async function seedCustomers({ sql, query }: Database, nowMs: number): Promise<void> {
  const tags = new Map((await loadDictionary(query)).tags.map((tag) => [tag.code, tag.id]));
  const tagIds = [tags.get('high-value') ?? 0, tags.get('blacklist') ?? 0].sort((a, b) => a - b);
  await sql`insert into mirror_actor (name) values ('王芳'), ('风控')`;
  await sql`insert into mirror_import (name) values ('2026-11-19 风控名单')`;
  const [source] = await sql<{ id: number }[]>`select id from source order by id limit 1`;
  for (let number = 1; number <= 40; number += 1) {
    const name =
      number === 3
        ? '上海浦东新区张江高科技园区国际人工智能与生物医药联合创新发展股份有限公司华东分公司（筹）'
        : `${customerNames[number % customerNames.length]}${number}`;
    await sql`insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids, source_ids, import_ids, present_in, changed_at)
      values (${`C-${10_292 + number}`}, ${name}, '{}', '{}', ${tagIds},
        ${[Math.floor(nowMs / 1000) - 21_600_000, Math.floor(nowMs / 1000) - 250_000]},
        ${[1, 2]}, ${[source?.id ?? 1, source?.id ?? 1]}, ${[0, number <= 31 ? 1 : 0]},
        ${[source?.id ?? 1]}, ${nowMs})`;
  }
  for (const [index, id] of [...tags.values()].entries()) {
    await sql`insert into tag_count (tag_id, customers, scan_id) values (${id}, ${((index * 7919) % 9000) + 3}, 1)`;
  }
  await sql`insert into mirror_tag (source_id, tag_ref, name, tag_id)
    values (${source?.id ?? 1}, 'legacy-77', '老系统标签 77', nextval('tag_id'))
    on conflict do nothing`;
}

async function seedWarnings(
  database: Database,
  scanId: number,
  nowMs: number,
): Promise<Pick<ConsoleData, 'openWarningId' | 'claimedWarningId' | 'fixedWarningId'>> {
  const { sql, query } = database;
  const dictionary = await loadDictionary(query);
  const people = await loadPeople(query);
  const open = async (
    code: string,
    ownerCode: string,
    customers: number,
    openedAtMs: number,
  ): Promise<number> => {
    const rule = dictionary.rules.find((candidate) => candidate.code === code);
    if (rule === undefined) throw new Error(`The sample has no rule ${code}.`);
    const owner = people.get(ownerCode);
    const { warning } = await query.transaction((transaction) =>
      openWarning(
        transaction,
        {
          ruleId: rule.id,
          ruleCode: code,
          severity: rule.severity,
          ownerCode,
          secondLineCode: owner?.secondLineCode ?? null,
          managerCode: owner?.managerCode ?? null,
          customers,
          claimWithinMs: 2 * hourMs,
          closeWithinMs: 24 * hourMs,
        },
        openedAtMs,
      ),
    );
    await deliver(database, { kind: 'warning', id: warning.id }, ownerCode, 'owner', openedAtMs);
    return warning.id;
  };
  const setState = async (id: number, state: WarningState) => {
    await sql`update warning set state = ${state.kind}, state_body = ${sql.json(state)}, version = version + 1,
      closed_at = ${state.kind === 'closed' ? state.atMs : null} where id = ${id}`;
  };

  const openWarningId = await open('high-value-x-blacklist', 'li-lei', 37, nowMs - hourMs / 2);
  const rule = dictionary.rules.find((candidate) => candidate.code === 'high-value-x-blacklist');
  const tagId = (code: string) => dictionary.tags.find((tag) => tag.code === code)?.id ?? 0;
  await sql`insert into finding (rule_id, customer_id, first_tag_id, second_tag_id, state, warning_id, first_scan_id, last_scan_id, opened_at)
    select ${rule?.id ?? 0}, id, ${tagId('high-value')}, ${tagId('blacklist')}, 'open', ${openWarningId}, ${scanId}, ${scanId}, ${nowMs - hourMs}
    from mirror_customer where id <= 37`;

  const claimedWarningId = await open('value-tier', 'li-lei', 1_208, nowMs - 5 * hourMs);
  await setState(claimedWarningId, { kind: 'claimed', by: 'li-lei', atMs: nowMs - 4 * hourMs });
  await open('member-tier', 'li-lei', 64, nowMs - 30 * hourMs);
  await open('gender', 'li-lei', 12, nowMs - 3 * hourMs);
  const fixedWarningId = await open('activity-state', 'li-lei', 3, nowMs - 40 * hourMs);
  const [fix] = await sql<{ id: number }[]>`
    insert into fix (warning_id, plan_key, choice, state, requested_by, created_at, written_at, undo_until)
    values (${fixedWarningId}, ${`warning/${fixedWarningId}/2`}, ${sql.json({ kind: 'all', resolution: 'keep-first' })},
      'written', 'li-lei', ${nowMs - 2 * hourMs}, ${nowMs - 2 * hourMs + 4_000}, ${nowMs + 70 * hourMs}) returning id`;
  const fixId = fix?.id ?? 0;
  const [source] = await sql<{ id: number }[]>`select id from source order by id limit 1`;
  const activity = dictionary.rules.find((candidate) => candidate.code === 'activity-state');
  const [kept = '', removed = ''] = activity?.kind === 'exclusive' ? activity.tagCodes : [];
  const outcomes = ['changed', 'changed', 'changed-meanwhile'];
  for (const [index, outcome] of outcomes.entries()) {
    await sql`insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome, detail)
      values (${fixId}, ${index + 38}, ${source?.id ?? 1}, ${[tagId(kept), tagId(removed)]}, ${[tagId(kept)]},
        ${outcome}, ${outcome === 'changed' ? null : '期间新增了其他标签'})`;
  }
  await setState(fixedWarningId, {
    kind: 'closed',
    reason: 'fixed',
    by: 'li-lei',
    atMs: nowMs - hourMs,
    fixId,
  });
  await sql`update warning set customers = 0 where id = ${fixedWarningId}`;
  await query.transaction((transaction) =>
    appendAudit(
      transaction,
      [
        audit('warning.claimed', openWarningId, 'han-meimei', { comment: '先核对风控名单。' }),
        audit('warning.released', openWarningId, 'han-meimei', null),
      ],
      nowMs - hourMs / 4,
    ),
  );
  return { openWarningId, claimedWarningId, fixedWarningId };
}

function audit(action: string, warningId: number, actorCode: string, after: unknown) {
  return {
    actorCode,
    through: 'inbox',
    action,
    subjectKind: 'warning',
    subjectId: String(warningId),
    before: null,
    after,
  };
}

async function seedRequest(database: Database, nowMs: number): Promise<number> {
  const request = await insertRequest(
    database,
    {
      proposal: {
        kind: 'create-tag',
        code: 'high-net-worth',
        name: { 'zh-CN': '高净值客户', en: 'High net worth' },
        definition: {
          'zh-CN': '可投资资产在 600 万元以上的个人客户。',
          en: 'Private customers with more than 6 million yuan to invest.',
        },
        level: 'main',
        category: 'transaction',
        departmentCodes: ['sales'],
        ownerCode: 'li-lei',
        lifeDays: 365,
      },
      requesterCode: 'wang-fang',
      reason: '私行业务需要单独跟进这部分客户。',
      state: { kind: 'voting' },
      memberCodes: ['han-meimei', 'zhao-jing', 'lin-xiao'],
      quorum: 2,
      vetoCodes: [],
      createdAtMs: nowMs - 6 * hourMs,
      dueAtMs: nowMs + 42 * hourMs,
    },
    { through: 'inbox' },
  );
  await database.sql`insert into vote (request_id, person_code, ballot, comment, voted_at)
    values (${request.id}, 'zhao-jing', 'approve', '定义清楚，同意。', ${nowMs - 5 * hourMs})`;
  const subject = { kind: 'request', id: request.id } as const;
  await deliver(database, subject, 'han-meimei', 'vote', nowMs - 6 * hourMs);
  await deliver(database, subject, 'wang-fang', 'requester', nowMs - 6 * hourMs);
  return request.id;
}

/** Puts a card into somebody's inbox; the page draws it afresh, so what is stored does not matter here. */
async function deliver(
  { sql }: Database,
  subject: { readonly kind: 'warning' | 'request'; readonly id: number },
  personCode: string,
  purpose: DeliveryPurpose,
  postedAtMs: number,
): Promise<void> {
  const [delivery] = await sql<{ id: string }[]>`
    insert into delivery (subject_kind, subject_id, purpose, channel, recipient_code, state, created_at, updated_at)
    values (${subject.kind}, ${subject.id}, ${purpose}, 'inbox', ${personCode}, 'posted', ${postedAtMs}, ${postedAtMs})
    returning id`;
  await sql`insert into inbox_item (delivery_id, person_code, card, posted_at, updated_at)
    values (${delivery?.id ?? ''}, ${personCode}, '{}', ${postedAtMs}, ${postedAtMs})`;
}
