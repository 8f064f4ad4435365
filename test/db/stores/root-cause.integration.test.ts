import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findCause } from '../../../db/stores/root-cause.ts';
import { automaticActor } from '../../../domain/automatic-fix.ts';
import type { Rule } from '../../../domain/rule.ts';
import { buildRule } from '../../support/customers.ts';
import { blacklisted, blacklistRule, highValue, settleCompany } from '../../support/company.ts';
import { plantConflicts } from '../../support/conflicts.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const customers = 10;
/** Customers with the same tags of whom nothing was found. */
const others = 90;
/** When a fix of another rule ended. */
const fixedAtMs = Date.UTC(2026, 10, 20);
let testDatabase: TestDatabase;
let warningId: number;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await settleCompany(testDatabase.database);
  const planted = { customers, nowMs: Date.UTC(2026, 10, 22) };
  warningId = (await plantConflicts(testDatabase.database, planted)).warning.id;
  const { sql } = testDatabase.database;
  await sql`
    insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids,
      source_ids, import_ids, present_in, changed_at)
    select 'other-' || n, '', '{}', '{}', c.tag_ids, '{0,0}', '{0,0}', c.source_ids, '{0,0}', c.present_in, now()
    from generate_series(1, ${others}) as n, (select * from mirror_customer limit 1) as c`;
  await sql`insert into mirror_import (id, name) values (7, '风控名单'), (8, '双十一')`;
  await sql`
    insert into mirror_actor (id, name) values
      (3, 'li-lei'), (4, 'wang-fang'), (5, 'nobody'), (6, ${automaticActor})`;
  await sql`
    insert into rule (id, code, kind, enabled, version, body) values
      (2, 'high-value-by-spend', 'criteria', true, 1,
        ${sql.json({ name: { 'zh-CN': '消费达标即高价值', en: 'High value by spend' } })})`;
  const [{ id: tagging } = { id: 0 }] = await sql<{ id: number }[]>`
    insert into warning
    select (jsonb_populate_record(warning, '{"id": 99, "rule_id": 2, "fingerprint": "tagging"}')).*
    from warning returning id`;
  await sql`
    insert into fix (id, warning_id, plan_key, state, requested_by, created_at, written_at)
    values (1, ${tagging}, 'warning/99/1', 'written', ${automaticActor},
      ${fixedAtMs - 60_000}::timestamptz, ${fixedAtMs}::timestamptz)`;
  await sql`insert into source (id, code, body) values (90, 'cdp', ${sql.json({ name: { 'zh-CN': '数据平台', en: 'CDP' } })})`;
  await sql`insert into tag_count (tag_id, customers, scan_id) values (${blacklisted.id}, 500, 1), (${highValue.id}, 500, 1)`;
});
afterAll(() => testDatabase.drop());

beforeEach(async () => {
  const { sql } = testDatabase.database;
  await sql`update mirror_customer set import_ids = '{0,0}', actor_ids = '{0,0}'`;
  await sql`delete from tag_import_count`;
  await sql`delete from tag_source_count`;
  await sql`delete from fix_item`;
  await sql`delete from assignment_change`;
  await sql`
    update mirror_customer set since_seconds = '{0,0}',
      source_ids = array_fill((select id from source where code = 'crm'), array[2])`;
  await sql`
    insert into tag_source_count (tag_id, source_id, customers)
    select t.tag_id, source.id, t.customers from tag_count t, source where source.code = 'crm'`;
});

function cause(rule: Rule = { ...blacklistRule, id: 1 }, firstTagId = highValue.id) {
  return findCause(testDatabase.database, { warningId, rule, firstTagId });
}

/** Says where the tags of the first so many customers of the warning came from, or of the others. */
async function comeFrom(
  count: number,
  column: 'import_ids' | 'actor_ids' | 'source_ids',
  id: number,
  whose: 'warning' | 'others' = 'warning',
): Promise<void> {
  const { sql } = testDatabase.database;
  const isOther = whose === 'others';
  await sql`
    update mirror_customer set ${sql(column)} = array[${id}, ${id}]::int[]
    where id in (
      select id from mirror_customer where starts_with(ref, 'other-') = ${isOther} order by id limit ${count})`;
}

test('half of the customers are no cause', async () => {
  await comeFrom(5, 'import_ids', 7);
  expect(await cause()).toBeNull();
});

test('an import behind most of them is named, and how much more of them it brought than usual', async () => {
  const { sql } = testDatabase.database;
  await comeFrom(6, 'import_ids', 7);
  expect(await cause()).toEqual({ kind: 'import', name: '风控名单', count: 6, of: 10 });
  await sql`
    insert into tag_import_count (tag_id, import_id, customers) values
      (${blacklisted.id}, 7, 30), (${highValue.id}, 7, 30)`;
  expect(await cause()).toEqual({
    kind: 'import',
    name: '风控名单',
    count: 6,
    of: 10,
    // 24 of 490 others who carry either tag have it from there, so one of the two would be by chance.
    lift: expect.closeTo(0.6 / (1 - (1 - 24 / 490) ** 2), 6),
  });
  await sql`update tag_import_count set customers = 300`;
  expect(await cause()).toBeNull();
});

test('a person behind most of them is named where they put on fewer elsewhere; several of one department as it', async () => {
  await comeFrom(9, 'actor_ids', 3);
  expect(await cause()).toEqual({ kind: 'actor', name: 'li-lei', count: 9, of: 10 });
  await comeFrom(10, 'actor_ids', 3, 'others');
  expect(await cause()).toMatchObject({ kind: 'actor', name: 'li-lei', lift: expect.any(Number) });
  await comeFrom(60, 'actor_ids', 3, 'others');
  expect(await cause()).toBeNull();
  await comeFrom(90, 'actor_ids', 5, 'others');
  await comeFrom(5, 'actor_ids', 4);
  expect(await cause()).toMatchObject({ kind: 'department', count: 9, of: 10 });
  await comeFrom(60, 'actor_ids', 4, 'others');
  expect(await cause()).toBeNull();
  await comeFrom(5, 'actor_ids', 5);
  expect(await cause()).toBeNull();
});

test('a source counts only where the tags come from elsewhere too', async () => {
  const { sql } = testDatabase.database;
  await comeFrom(8, 'source_ids', 90);
  await sql`
    insert into tag_source_count (tag_id, source_id, customers) values
      (${blacklisted.id}, 90, 500), (${highValue.id}, 90, 500)`;
  expect(await cause()).toBeNull();
  await sql`update tag_source_count set customers = 100`;
  expect(await cause()).toMatchObject({
    kind: 'source',
    name: { 'zh-CN': '数据平台', en: 'CDP' },
    count: 8,
    of: 10,
    lift: expect.any(Number),
  });
});

/** A written fix of a warning of automatic tagging, which gave customers of the warning, or others, a tag. */
async function fixGives(
  count: number,
  tagId: number,
  whose: 'warning' | 'others' = 'warning',
): Promise<void> {
  const { sql } = testDatabase.database;
  const isOther = whose === 'others';
  await sql`
    insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome)
    select 1, id, source_ids[1], array_remove(tag_ids, ${tagId}), tag_ids, 'changed'
    from mirror_customer where starts_with(ref, 'other-') = ${isOther} order by id limit ${count}`;
}

test('a rule is named whose fixes put a tag on beside one that it may not stand with, however usual that is', async () => {
  const { sql } = testDatabase.database;
  const byRule = {
    kind: 'rule',
    ruleCode: 'high-value-by-spend',
    name: { 'zh-CN': '消费达标即高价值', en: 'High value by spend' },
    of: 10,
  };
  await fixGives(7, highValue.id);
  await fixGives(90, highValue.id, 'others');
  await comeFrom(10, 'actor_ids', 6);
  await comeFrom(90, 'actor_ids', 6, 'others');
  await sql`update tag_count set customers = 100`;
  expect(await cause()).toEqual({ ...byRule, count: 7 });

  // Blacklisted only after the fix: the fix made no conflict, and it gives everybody else the tag as well.
  const dayAfter = fixedAtMs / 1_000 + 86_400;
  await sql`update mirror_customer set since_seconds = array[${fixedAtMs / 1_000}, ${dayAfter}]::bigint[]`;
  expect(await cause()).toBeNull();
  await sql`delete from fix_item where customer_id in (select id from mirror_customer where starts_with(ref, 'other-'))`;
  expect(await cause()).toEqual({ ...byRule, count: 7 });
  await sql`update mirror_customer set since_seconds = '{0,0}'`;

  await sql`
    insert into assignment_change (source_id, customer_id, tag_id, change, actor_id, import_id, seen_at)
    select source_id, customer_id, ${highValue.id}, 'removed', 0, 0, to_timestamp(${dayAfter}) from fix_item limit 3`;
  expect(await cause()).toBeNull();
  await sql`delete from assignment_change`;
  await sql`update fix_item set undo_outcome = 'changed'`;
  expect(await cause()).toBeNull();
  await sql`update fix_item set undo_outcome = 'refused'`;
  expect(await cause()).toMatchObject(byRule);
  await comeFrom(10, 'actor_ids', 3);
  expect(await cause()).toMatchObject({ kind: 'actor' });
});

test('a jump in numbers is put down to the import without which there would be none', async () => {
  const { sql } = testDatabase.database;
  const jump = buildRule({
    kind: 'population-jump',
    tagCodes: [],
    deviationsMax: 3.5,
    shareMin: 0.2,
    customersMin: 50,
  });
  const counts = [1_000, 1_002, 998, 1_001, 1_000, 1_300];
  await sql`
    insert into population_history (scan_id, counted_at, customers, assignments, tag_ids, tag_customers)
    select n, to_timestamp(n::int * 3600), 9999, 9999, array[${blacklisted.id}]::int[], array[c::int]
    from unnest(${counts}::int[]) with ordinality as t(c, n)`;
  await sql`
    insert into tag_import_count (tag_id, import_id, customers) values
      (${blacklisted.id}, 7, 980), (${blacklisted.id}, 8, 290)`;
  expect(await cause(jump, blacklisted.id)).toEqual({
    kind: 'import',
    name: '双十一',
    count: 290,
    of: 300,
  });
  await sql`delete from tag_import_count where import_id = 8`;
  expect(await cause(jump, blacklisted.id)).toBeNull();
});
