import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { onDuty } from '../../../activities/responders.ts';
import {
  endSilenceNow,
  previewSilenceOf,
  silenceFindings,
} from '../../../commands/silence-findings.ts';
import type { CommandContext } from '../../../commands/context.ts';
import { rules } from '../../../db/schema/dictionary.ts';
import { groupFindings } from '../../../db/stores/grouping.ts';
import { loadDictionary } from '../../../db/stores/dictionary.ts';
import { loadPeople } from '../../../db/stores/people.ts';
import { countMuted } from '../../../db/stores/muted-findings.ts';
import { listSilences } from '../../../db/stores/silences.ts';
import { verifyAudit } from '../../../db/stores/audit-verification.ts';
import type { Duty } from '../../../domain/duty.ts';
import { defaultGrouping, type GroupingPolicy, type Policy } from '../../../domain/policy.ts';
import {
  blacklisted,
  blacklistRule,
  dataAdmin,
  hanMeimei,
  highValue,
  settleCompany,
  testPolicy,
} from '../../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startMs = Date.UTC(2026, 10, 22, 1);
const broadRuleId = 1;
const narrowRuleId = 2;
const dutyRuleId = 3;
const duty: Duty = {
  code: 'watch',
  name: { 'zh-CN': '值班', en: 'Watch' },
  memberCodes: ['li-lei', 'wang-fang'],
  rotation: { kind: 'round-robin' },
};

let testDatabase: TestDatabase;
let nowMs = startMs;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await settleCompany(testDatabase.database);
  for (const { id, code, ownerCode } of [
    { id: narrowRuleId, code: 'narrow', ownerCode: 'wang-fang' },
    { id: dutyRuleId, code: 'shared', ownerCode: 'watch' },
  ]) {
    const body = { ...blacklistRule, code, ownerCode, severity: 'low' as const };
    await testDatabase.database.query
      .insert(rules)
      .values({ id, code, kind: body.kind, enabled: true, version: 1, body });
  }
});
afterAll(() => testDatabase.drop());
beforeEach(async () => {
  nowMs = startMs;
  await testDatabase.database
    .sql`truncate mirror_customer, finding, warning, silence restart identity cascade`;
});

/** Customers with a finding each of a rule, brought by one import. */
async function find(
  ruleId: number,
  customers: number,
  { importId = 0, swapped = false } = {},
): Promise<void> {
  const { sql } = testDatabase.database;
  const tagIds = [highValue.id, blacklisted.id].sort((a, b) => a - b);
  const [first, second] = swapped ? [blacklisted.id, highValue.id] : [highValue.id, blacklisted.id];
  await sql`
    with customer as (
      insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids,
        source_ids, import_ids, present_in, changed_at)
      select gen_random_uuid(), 'C', '{}', '{}', ${tagIds}::int[], '{1,2}', '{0,0}', '{1,1}',
        array[0, ${importId}]::int[], '{1}', now() from generate_series(1, ${customers}) returning id)
    insert into finding (rule_id, customer_id, first_tag_id, second_tag_id, state, first_scan_id,
      last_scan_id, opened_at)
    select ${ruleId}, id, ${first}, ${second}, 'open', 1, 1, ${nowMs} from customer`;
}

async function group(grouping: Partial<GroupingPolicy> = {}): Promise<readonly string[]> {
  const { query, sql } = testDatabase.database;
  const policy: Policy = {
    ...testPolicy,
    duties: [duty],
    grouping: { ...defaultGrouping, ...grouping },
  };
  const people = await loadPeople(query);
  await groupFindings(testDatabase.database, {
    dictionary: await loadDictionary(query),
    people,
    policy,
    nowMs,
    onDuty: (one, turn) => onDuty(one, { people, atMs: nowMs, turn }),
  });
  const rows = await sql<{ line: string }[]>`
    select w.fingerprint || ' ' || w.owner_code || ' ' || count(f.id) as line
    from warning w left join finding f on f.warning_id = w.id
    where w.state <> 'closed' group by w.id order by w.id`;
  return rows.map((row) => row.line);
}

const by = (grouping: GroupingPolicy['by']['high']) => ({
  by: { high: grouping, medium: grouping, low: grouping },
});
const rule = blacklistRule.code;

describe('grouping', () => {
  test('one warning of a rule and owner unless the policy asks for more', async () => {
    await find(broadRuleId, 2, { importId: 7 });
    await find(broadRuleId, 1, { swapped: true });
    expect(await group()).toEqual([`${rule}:li-lei li-lei 3`]);
  });

  test('one for each import; what no import brought is by itself', async () => {
    await find(broadRuleId, 2, { importId: 7 });
    await find(broadRuleId, 1);
    expect((await group(by('import'))).toSorted()).toEqual([
      `${rule}:li-lei li-lei 1`,
      `${rule}:li-lei:import/7 li-lei 2`,
    ]);
    await find(broadRuleId, 3, { importId: 7 });
    expect(await group(by('import'))).toContain(`${rule}:li-lei:import/7 li-lei 5`);
  });

  test('one for each two tags', async () => {
    await find(broadRuleId, 2);
    await find(broadRuleId, 1, { swapped: true });
    const [a, b] = [highValue.id, blacklisted.id];
    expect((await group(by('tag-pair'))).toSorted()).toEqual(
      [
        `${rule}:li-lei:tags/${a}/${b} li-lei 2`,
        `${rule}:li-lei:tags/${b}/${a} li-lei 1`,
      ].toSorted(),
    );
  });

  test('one for each customer, up to the limit; a flood comes as one warning', async () => {
    await find(broadRuleId, 3);
    expect(await group({ ...by('customer'), warningsMax: 3 })).toHaveLength(3);
    await find(broadRuleId, 4);
    const grouped = await group({ ...by('customer'), warningsMax: 3 });
    expect(grouped).toHaveLength(4);
    expect(grouped).toContain(`${rule}:li-lei li-lei 4`);
  });

  test('a rule of a duty goes to its members in turns, and stays one warning', async () => {
    await find(dutyRuleId, 1);
    expect(await group()).toEqual(['shared:watch li-lei 1']);
    await find(dutyRuleId, 1);
    expect(await group()).toEqual(['shared:watch li-lei 2']);
    await testDatabase.database.sql`update warning set state = 'closed', closed_at = ${nowMs}`;
    await find(dutyRuleId, 1);
    expect(await group()).toEqual(['shared:watch wang-fang 1']);
  });

  test('what a broader finding of the same customer explains waits until that is gone', async () => {
    const { sql } = testDatabase.database;
    await find(broadRuleId, 1);
    await sql`
      insert into finding (rule_id, customer_id, first_tag_id, second_tag_id, state, first_scan_id,
        last_scan_id, opened_at)
      select ${narrowRuleId}, customer_id, first_tag_id, second_tag_id, 'open', 1, 1, opened_at from finding`;
    await find(narrowRuleId, 1);
    const inhibitions = [{ ruleCode: rule, mutedRuleCodes: ['narrow'] }];
    expect(await group({ inhibitions })).toEqual([
      `${rule}:li-lei li-lei 1`,
      'narrow:wang-fang wang-fang 1',
    ]);
    const waiting = [{ mutingRuleCode: rule, ruleCode: 'narrow', findings: 1 }];
    const [{ id: warningId } = { id: 0 }] = await sql<{ id: number }[]>`
      select id from warning where rule_code = ${rule}`;
    expect(await countMuted(sql, inhibitions, { warningId })).toEqual(waiting);
    expect(await countMuted(sql, inhibitions, { warningId: warningId + 1 })).toEqual([]);
    for (const ruleCode of [rule, 'narrow']) {
      expect(await countMuted(sql, inhibitions, { ruleCode })).toEqual(waiting);
    }
    expect(await countMuted(sql, inhibitions, { ruleCode: 'shared' })).toEqual([]);
    await sql`update finding set state = 'gone' where rule_id = ${broadRuleId}`;
    expect(await countMuted(sql, inhibitions, { ruleCode: 'narrow' })).toEqual([]);
    expect(await group({ inhibitions })).toContain('narrow:wang-fang wang-fang 2');
  });

  test('a warning like one that closed lately has come back, with its count', async () => {
    const { sql } = testDatabase.database;
    const seen: unknown[] = [];
    for (const laterMs of [0, 13 * dayMs, 15 * dayMs]) {
      nowMs += laterMs;
      await find(broadRuleId, 1);
      await group();
      const [row] = await sql`
        select recurrences, previous_id from warning order by id desc limit 1`;
      seen.push(row);
      await sql`update warning set state = 'closed', closed_at = ${nowMs} where state <> 'closed'`;
    }
    expect(seen).toEqual([
      { recurrences: 0, previous_id: null },
      { recurrences: 1, previous_id: 1 },
      { recurrences: 0, previous_id: null },
    ]);
  });
});

describe('silences', () => {
  const admin = { person: dataAdmin, through: 'console' } as const;
  const context = () => {
    // Silences are rows alone: no workflow hears of them.
    const { database } = testDatabase;
    return { database, now: () => nowMs } as CommandContext;
  };
  const scope = { ruleCode: rule, tagCode: null, severity: null };

  test('hold back what they cover until they end, and say before what that is', async () => {
    await find(broadRuleId, 2);
    await find(narrowRuleId, 1);
    const preview = await previewSilenceOf(context(), admin, scope);
    expect(preview).toMatchObject({ preview: { findings: 2, customers: 2, waiting: 2 } });
    const untilMs = nowMs + 10 * dayMs;
    const begun = await silenceFindings(context(), admin, { ...scope, untilMs, reason: '导入中' });
    expect(begun).toMatchObject({ kind: 'done', silence: { ruleCode: rule, untilMs } });
    expect(await group()).toEqual(['narrow:wang-fang wang-fang 1']);
    nowMs = untilMs;
    expect(await group()).toContain(`${rule}:li-lei li-lei 2`);
  });

  test('by tag and severity only together; ended early, once', async () => {
    const narrow = { ruleCode: null, tagCode: highValue.code, severity: 'low' as const };
    const input = { ...narrow, untilMs: nowMs + dayMs, reason: 'moving' };
    await silenceFindings(context(), admin, input);
    await find(broadRuleId, 1);
    await find(narrowRuleId, 1);
    expect(await group()).toEqual([`${rule}:li-lei li-lei 1`]);
    const [silence] = await listSilences(testDatabase.database.query, 10);
    const id = silence?.id ?? 0;
    expect(await endSilenceNow(context(), admin, id)).toMatchObject({ kind: 'done' });
    expect(await endSilenceNow(context(), admin, id)).toMatchObject({ kind: 'unchanged' });
    expect(await group()).toContain('narrow:wang-fang wang-fang 1');
    expect(await verifyAudit(testDatabase.database.sql)).toMatchObject({ fault: null });
  });

  test.each([
    ['nobody but a data admin', { ...scope }, 1, 'role-needed', hanMeimei],
    ['for everything', { ...scope, ruleCode: null }, 1, 'invalid', dataAdmin],
    ['of a rule that is not there', { ...scope, ruleCode: 'none' }, 1, 'not-found', dataAdmin],
    ['of a tag that is not there', { ...scope, tagCode: 'none' }, 1, 'not-found', dataAdmin],
    ['into the past', scope, -1, 'invalid', dataAdmin],
    ['for longer than an exception', scope, 91, 'invalid', dataAdmin],
  ])('refused: %s', async (_name, where, days, kind, person) => {
    const input = { ...where, untilMs: nowMs + days * dayMs, reason: 'because' };
    const actor = { person, through: 'console' } as const;
    expect(await silenceFindings(context(), actor, input)).toMatchObject({
      kind: 'refused',
      refusal: { kind },
    });
  });
});
