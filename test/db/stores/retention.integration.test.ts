import { afterAll, beforeAll, expect, test } from 'vitest';
import { prune, readShelves } from '../../../db/stores/retention.ts';
import { settleCompany, testPolicy } from '../../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 22, 4, 40);
/** Every kind is kept for 100 days here. */
const keptDays = 100;
const oldMs = nowMs - (keptDays + 1) * dayMs;
const youngMs = nowMs - (keptDays - 1) * dayMs;

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  const kept = keptDays * dayMs;
  const retention = {
    findings: kept,
    cards: kept,
    scans: kept,
    fixDetails: kept,
    tagHistory: kept,
    digests: kept,
  };
  await settleCompany(database, { policy: { ...testPolicy, retention } });
  await plant();
});
afterAll(() => testDatabase.drop());

/** Of every kind what is over for long enough, named old, and all sorts of what is not, named kept. */
async function plant(): Promise<void> {
  const { sql } = testDatabase.database;
  const [rule] = await sql<{ id: number }[]>`select id from rule limit 1`;
  const warnings = [
    { id: 1, state: 'closed', closed_at: oldMs },
    { id: 2, state: 'closed', closed_at: youngMs },
    { id: 3, state: 'open', closed_at: null },
    // Closed long ago, but its fix can still be taken back.
    { id: 4, state: 'closed', closed_at: oldMs },
  ];
  for (const { id, state, closed_at } of warnings) {
    await sql`
      insert into warning (id, fingerprint, rule_id, rule_code, severity, owner_code, state,
        state_body, level, snoozes, customers, opened_at, closed_at, claim_due_at, close_due_at, version)
      values (${id}, ${`f${id}`}, ${rule?.id ?? 0}, 'r', 'high', 'li-lei', ${state}, '{}', 0, 0, 1,
        ${oldMs}, ${closed_at}, ${oldMs}, ${oldMs}, 1)`;
  }
  const findings = [
    { id: 1, state: 'gone', warning: 1, goneAt: oldMs },
    { id: 2, state: 'gone', warning: null, goneAt: oldMs },
    { id: 11, state: 'gone', warning: 2, goneAt: oldMs },
    { id: 12, state: 'gone', warning: 3, goneAt: oldMs },
    { id: 13, state: 'open', warning: 3, goneAt: null },
    { id: 14, state: 'excepted', warning: null, goneAt: null },
    { id: 15, state: 'dismissed', warning: 1, goneAt: null },
    { id: 16, state: 'gone', warning: null, goneAt: youngMs },
  ];
  for (const { id, state, warning, goneAt } of findings) {
    await sql`
      insert into finding (id, rule_id, customer_id, first_tag_id, second_tag_id, state, warning_id,
        first_scan_id, last_scan_id, opened_at, gone_at)
      values (${id}, 1, ${id}, 1, 0, ${state}, ${warning}, 1, 1, ${oldMs}, ${goneAt})`;
  }
  const fixes = [
    { id: 1, warning: 1, state: 'written', undoUntil: oldMs },
    { id: 11, warning: 3, state: 'written', undoUntil: oldMs },
    { id: 12, warning: 4, state: 'written', undoUntil: nowMs + dayMs },
    { id: 13, warning: 1, state: 'undoing', undoUntil: oldMs },
    { id: 14, warning: 1, state: 'written', undoUntil: youngMs },
  ];
  for (const { id, warning, state, undoUntil } of fixes) {
    await sql`
      insert into fix (id, warning_id, plan_key, state, requested_by, created_at, undo_until)
      values (${id}, ${warning}, ${`k${id}`}, ${state}, 'li-lei', ${oldMs}, ${undoUntil})`;
    await sql`
      insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome)
      values (${id}, 1, 1, '{1}', '{}', 'changed')`;
  }
  const cards = [
    { about: 'warning', id: 1, queuedAt: null, updatedAt: oldMs },
    { about: 'digest', id: 1, queuedAt: null, updatedAt: oldMs },
    { about: 'warning', id: 1, queuedAt: oldMs, updatedAt: oldMs },
    { about: 'warning', id: 3, queuedAt: null, updatedAt: oldMs },
    { about: 'warning', id: 4, queuedAt: null, updatedAt: oldMs },
    { about: 'request', id: 1, queuedAt: null, updatedAt: oldMs },
    { about: 'digest', id: 2, queuedAt: null, updatedAt: youngMs },
    { about: 'event', id: 2, queuedAt: oldMs, updatedAt: oldMs },
  ];
  for (const [id, at] of [
    [1, oldMs],
    // Still to be sent to a subscriber who has not answered.
    [2, oldMs],
    [3, youngMs],
  ] as const) {
    await sql`insert into event (id, origin, body, at) values (${id}, ${`audit/${id}`}, '{}', ${at})`;
  }
  await sql`
    insert into request (id, proposal, requester_code, reason, state, state_body, member_codes,
      quorum, veto_codes, created_at, due_at, version)
    values (1, '{}', 'li-lei', '', 'voting', '{}', '[]', 1, '[]', ${oldMs}, ${oldMs}, 1)`;
  for (const [at, { about, id, queuedAt, updatedAt }] of cards.entries()) {
    const [delivery] = await sql<{ id: string }[]>`
      insert into delivery (subject_kind, subject_id, purpose, channel, recipient_code, state,
        queued_at, created_at, updated_at)
      values (${about}, ${id}, ${`p${at}`}, 'inbox', 'li-lei', 'posted', ${queuedAt}, ${oldMs},
        ${updatedAt}) returning id`;
    await sql`
      insert into inbox_item (delivery_id, person_code, card, posted_at, updated_at)
      values (${delivery?.id ?? ''}, 'li-lei', '{}', ${oldMs}, ${oldMs})`;
  }
  const scans = [
    { id: 1, kind: 'full', state: 'done', at: oldMs },
    { id: 2, kind: 'incremental', state: 'failed', at: oldMs },
    // The newest good one of its kind.
    { id: 3, kind: 'full', state: 'done', at: oldMs },
    // Customers fall due by what it found.
    { id: 4, kind: 'customers', state: 'failed', at: oldMs },
    { id: 5, kind: 'incremental', state: 'running', at: null },
    { id: 6, kind: 'incremental', state: 'failed', at: youngMs },
  ];
  for (const { id, kind, state, at } of scans) {
    await sql`
      insert into scan (id, kind, state, started_at, finished_at)
      values (${id}, ${kind}, ${state}, ${oldMs}, ${at})`;
    await sql`
      insert into scan_shard (scan_id, shard, from_id, until_id) values (${id}, 0, 0, 1)`;
  }
  await sql`
    insert into due_customer (scan_id, shard, due_hour, customer_ids) values (4, 0, ${nowMs}, '{1}')`;
  for (const seenAt of [oldMs, youngMs]) {
    await sql`
      insert into assignment_change (source_id, customer_id, tag_id, change, actor_id, import_id, seen_at)
      values (1, 1, 1, 'added', 0, 0, ${seenAt})`;
    await sql`
      insert into digest (person_code, from_at, until_at, body, created_at)
      values ('li-lei', ${seenAt}, ${seenAt}, '{}', ${seenAt})`;
  }
  await sql`
    insert into inbound_event (channel, event_key, received_at, work) values
      ('slack', 'old', ${nowMs - 3 * dayMs}, null), ('slack', 'waits', ${nowMs - 3 * dayMs}, 'x'),
      ('slack', 'young', ${nowMs - dayMs}, null)`;
  await sql`
    insert into session (token_hash, person_code, created_at, expires_at) values
      ('old', 'li-lei', ${oldMs}, ${nowMs - 31 * dayMs}), ('open', 'li-lei', ${oldMs}, ${nowMs + 1})`;
}

async function idsOf(query: PromiseLike<readonly { readonly id: unknown }[]>) {
  return (await query).map(({ id }) => id);
}

test('what is over for long enough goes, nothing that lives does, and the trail says how much', async () => {
  const { database } = testDatabase;
  const { sql } = database;
  const before = await readShelves(database, nowMs);
  const { signal } = new AbortController();
  const pruned = await prune(database, { nowMs, signal });
  expect(pruned).toEqual({
    findings: 2,
    cards: 3,
    scans: 4,
    fixDetails: 1,
    tagHistory: 1,
    digests: 1,
    events: 1,
    access: 1,
  });
  expect(await idsOf(sql`select id::int from finding order by id`)).toEqual([
    11, 12, 13, 14, 15, 16,
  ]);
  expect(await idsOf(sql`select fix_id as id from fix_item order by 1`)).toEqual([11, 12, 13, 14]);
  expect(await idsOf(sql`select purpose as id from delivery order by 1`)).toEqual([
    'p2',
    'p3',
    'p4',
    'p5',
    'p6',
    'p7',
  ]);
  expect(await sql`select from inbox_item`).toHaveLength(6);
  expect(await idsOf(sql`select id from event order by id`)).toEqual([2, 3]);
  expect(await idsOf(sql`select id from scan order by id`)).toEqual([3, 4, 5, 6]);
  expect(await idsOf(sql`select scan_id as id from scan_shard order by 1`)).toEqual([3, 4, 5, 6]);
  expect(await idsOf(sql`select event_key as id from inbound_event order by 1`)).toEqual([
    'waits',
    'young',
  ]);
  expect(await idsOf(sql`select token_hash as id from session`)).toEqual(['open']);
  expect(await sql`select from warning`).toHaveLength(4);
  expect(await sql`select from fix`).toHaveLength(5);
  const trail = await sql`select after from audit_row where action = 'retention.pruned'`;
  expect(trail.map(({ after }) => after)).toEqual([pruned]);

  const predicted = before.filter(({ over }) => over > 0).map(({ table, over }) => [table, over]);
  // A scan's record waits for its shards.
  expect(predicted).toEqual([
    ['finding', 2],
    ['delivery', 2],
    ['event', 1],
    ['scan_shard', 2],
    ['fix_item', 1],
    ['assignment_change', 1],
    ['digest', 1],
    ['inbound_event', 1],
    ['session', 1],
  ]);
});

test('a night on which nothing is over leaves no trace', async () => {
  const { database } = testDatabase;
  expect(await prune(database, { nowMs, signal: new AbortController().signal })).toEqual({});
  expect(await database.sql`select from audit_row where action = 'retention.pruned'`).toHaveLength(
    1,
  );
  const states = await readShelves(database, nowMs);
  expect(states.every(({ over }) => over === 0)).toBe(true);
  expect(states.find(({ table }) => table === 'finding')).toMatchObject({ keptDays, rows: 6 });
});
