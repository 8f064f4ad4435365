import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkTags, type CheckInput } from '../../commands/check-tags.ts';
import type { CommandContext } from '../../commands/context.ts';
import { attributes, rules, sources, tags } from '../../db/schema/dictionary.ts';
import { mirrorCustomers, mirrorTags } from '../../db/schema/mirror.ts';
import { buildTag } from '../support/builders.ts';
import { blacklisted, highValue, liLei, settleCompany } from '../support/company.ts';
import { buildRule } from '../support/customers.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const nowMs = Date.UTC(2026, 10, 22, 1);
const unknownTagId = 5000;

const bigSpender = buildTag({
  id: 800,
  code: 'big-spender',
  name: { 'zh-CN': '大额消费', en: 'Big spender' },
  criteria: { kind: 'compare', attribute: 'spend', operator: '>=', value: 100_000 },
});
const vip = buildTag({ id: 801, code: 'vip', name: { 'zh-CN': 'VIP客户', en: 'VIP' } });
const secret = buildTag({
  id: 802,
  code: 'secret',
  sensitive: true,
  departmentCodes: ['risk'],
  seenByDepartmentCodes: ['sales'],
});
const moreRules = [
  buildRule({ kind: 'criteria', id: 2, code: 'big', tagCode: 'big-spender', direction: 'unmet' }),
  buildRule({ kind: 'synonym', id: 3, canonicalCode: 'high-value', synonymCodes: ['vip'] }),
  buildRule({ kind: 'unknown', id: 4, severity: 'low' }),
  buildRule({
    kind: 'sensitivity',
    id: 5,
    code: 'sensitive',
    tagCodes: [],
    departmentCodes: [],
    actorNames: ['风控系统'],
  }),
];

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { query } = testDatabase.database;
  await settleCompany(testDatabase.database);
  await query.insert(tags).values([bigSpender, vip, secret]);
  await query.insert(attributes).values({
    code: 'spend',
    type: 'number',
    name: { 'zh-CN': '年消费', en: 'Spend' },
    slot: 0,
  });
  await query
    .insert(rules)
    .values(moreRules.map((rule) => ({ ...rule, enabled: true, body: rule, version: 1 })));
  const [source] = await query
    .insert(sources)
    .values({ code: 'crm', body: {} })
    .returning({ id: sources.id });
  const sourceId = source?.id ?? 0;
  await query
    .insert(mirrorTags)
    .values({ sourceId, tagRef: 'X', name: '野标签', tagId: unknownTagId });
  await query
    .insert(mirrorCustomers)
    .values([
      customer({ ref: 'C-1', tagIds: [highValue.id], spend: 5000 }),
      customer({ ref: 'C-2', tagIds: [unknownTagId], spend: null }),
    ]);
});
afterAll(() => testDatabase.drop());

test('a tag that brings a conflict is not allowed, and the advice says what to do first', async () => {
  const answer = await check({ subject: { kind: 'customer', ref: 'C-1' }, add: 'blacklisted' });
  expect(answer).toMatchObject({
    kind: 'done',
    allowed: false,
    findings: [
      {
        ruleCode: 'blacklist-rules-high-value',
        ruleKind: 'dominance',
        severity: 'high',
        tags: [{ code: 'high-value' }, { code: 'blacklisted' }],
      },
    ],
  });
  const advice = answer.kind === 'refused' ? null : answer.findings[0]?.advice;
  expect(advice?.['zh-CN']).toContain(`请先移除「${highValue.name['zh-CN']}」`);
  expect(advice?.en).toContain(`Remove “${highValue.name.en}” first.`);
});

test('a tag is found by its name in either language, whatever its case', async () => {
  for (const add of [blacklisted.name['zh-CN'], blacklisted.name.en.toUpperCase()]) {
    const answer = await check({ subject: { kind: 'tags', tags: ['high-value'] }, add });
    expect(answer).toMatchObject({ kind: 'done', allowed: false });
  }
});

test('the tag that would have to go is not to be added, and what to use instead is named', async () => {
  const answer = await check({ subject: { kind: 'tags', tags: ['high-value'] }, add: 'VIP客户' });
  const advice = answer.kind === 'refused' ? null : answer.findings[0]?.advice;
  expect(advice?.['zh-CN']).toContain('不要添加「VIP客户」');
  expect(advice?.en).toContain('Do not add “VIP”');
});

test('criteria that are not met are named with what the customer has', async () => {
  const answer = await check({ subject: { kind: 'customer', ref: 'C-1' }, add: 'big-spender' });
  expect(answer).toMatchObject({ kind: 'done', allowed: false });
  const advice = answer.kind === 'refused' ? null : answer.findings[0]?.advice;
  expect(advice?.['zh-CN']).toBe(
    '客户未达到「大额消费」的标准：「年消费」应 ≥ 100000，现为 5000。不要添加「大额消费」。',
  );
  expect(advice?.en).toBe(
    'The customer does not meet the criteria of “Big spender”: “Spend” should be ≥ 100000 and is 5000. Do not add “Big spender”.',
  );
});

test('a missing attribute forbids nothing, and what was wrong before does not either', async () => {
  const answer = await check({ subject: { kind: 'customer', ref: 'C-2' }, add: 'big-spender' });
  expect(answer).toMatchObject({
    kind: 'done',
    allowed: true,
    findings: [{ ruleKind: 'unknown', tags: [{ code: '野标签', name: { 'zh-CN': '野标签' } }] }],
  });
});

test('a change of the dictionary is heeded at once', async () => {
  const input: CheckInput = { subject: { kind: 'tags', tags: ['high-value'] }, add: 'blacklisted' };
  const { sql } = testDatabase.database;
  expect(await check(input)).toMatchObject({ allowed: false });
  await sql`update rule set enabled = false where id = 1`;
  expect(await check(input)).toMatchObject({ allowed: true, findings: [] });
  await sql`update rule set enabled = true where id = 1`;
  expect(await check(input)).toMatchObject({ allowed: false });
});

test('a sensitive tag is not for whoever may not put it on, whoever asks for them', async () => {
  const add = 'secret';
  const subject = { kind: 'tags', tags: ['high-value'] } as const;
  const refused = { kind: 'done', allowed: false, findings: [{ ruleKind: 'sensitivity' }] };
  expect(await check({ subject, add })).toMatchObject({ allowed: true, findings: [] });
  expect(await check({ subject, add, by: liLei.code })).toMatchObject(refused);
  expect(await check({ subject, add, by: '路人' })).toMatchObject(refused);
  expect(await check({ subject, add, by: '风控系统' })).toMatchObject({ allowed: true });
  expect(await check({ subject, add }, 'console')).toMatchObject(refused);
});

test('an unknown customer and an unknown tag are refused by name', async () => {
  expect(await check({ subject: { kind: 'customer', ref: 'C-9' }, add: null })).toEqual({
    kind: 'refused',
    refusal: { kind: 'not-found', what: 'customer', id: 'C-9' },
  });
  expect(await check({ subject: { kind: 'customer', ref: 'C-1' }, add: '没有的' })).toEqual({
    kind: 'refused',
    refusal: { kind: 'not-found', what: 'tag', id: '没有的' },
  });
});

function check(input: CheckInput, through: 'api' | 'console' = 'api') {
  const context: CommandContext = {
    database: testDatabase.database,
    now: () => nowMs,
    get temporal(): never {
      throw new Error('A check needs no workflow.');
    },
  };
  return checkTags(context, { person: liLei, through }, input);
}

function customer(input: {
  readonly ref: string;
  readonly tagIds: readonly number[];
  readonly spend: number | null;
}) {
  const zeros = input.tagIds.map(() => 0);
  return {
    ref: input.ref,
    name: input.ref,
    numbers: [input.spend ?? Number.NaN],
    texts: [],
    tagIds: [...input.tagIds],
    sinceSeconds: zeros,
    actorIds: zeros,
    sourceIds: input.tagIds.map(() => 1),
    importIds: zeros,
    presentIn: [1],
    changedAt: nowMs,
  };
}
