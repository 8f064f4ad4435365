import { expect, test } from 'vitest';
import { fillBatch } from '../../../commands/fill-batch.ts';
import type { AskedSingle } from '../../../domain/request.ts';
import {
  changesCustomers,
  prepareProposal,
  tagsOfProposal,
} from '../../../domain/requests/registry.ts';
import { buildPerson, buildTag } from '../../support/builders.ts';

const li = buildPerson({ code: 'li', roles: ['owner'] });
const han = buildPerson({ code: 'han', name: { 'zh-CN': '韩梅梅', en: 'Han Meimei' } });
const known = {
  tags: [
    buildTag({ code: 'vip', name: { 'zh-CN': 'VIP客户', en: 'VIP' } }),
    buildTag({ code: 'old', name: { 'zh-CN': '旧客户', en: 'Old' } }),
    buildTag({ code: 'high-value', name: { 'zh-CN': '高价值客户', en: 'High value' } }),
  ],
  rules: [],
  attributes: [],
  people: new Map([han, li].map((person) => [person.code, person])),
  duties: new Map(),
  relations: [],
  departmentCodes: [],
  masteredCodes: new Set(['gold']),
  naming: null,
};

const retire = (code: string): AskedSingle => ({ kind: 'retire-tag', code });

test('a batch is about all its tags, and each of its changes is held against what is there', () => {
  const batch = {
    kind: 'batch',
    items: [retire('vip'), retire('old')],
  } as const;
  const prepared = prepareProposal(batch, known);
  expect(prepared).toMatchObject({ kind: 'sound', proposal: { items: [{ code: 'vip' }, {}] } });
  if (prepared.kind === 'sound') {
    expect(tagsOfProposal(prepared.proposal)).toEqual(['vip', 'old']);
    expect(changesCustomers(prepared.proposal)).toBe(true);
  }
});

test.each([
  ['nothing', [], { kind: 'invalid', field: 'items' }],
  [
    'two kinds',
    [retire('vip'), { kind: 'merge-tags', fromCode: 'old', intoCode: 'high-value' }],
    { kind: 'invalid', field: 'items' },
  ],
  [
    'a tag that is not there',
    [retire('vip'), retire('gone')],
    { kind: 'batch-item', item: 2, fault: { kind: 'not-found', id: 'gone' } },
  ],
  ['a tag twice', [retire('vip'), retire('vip')], { kind: 'batch-rivals', items: [1, 2] }],
  [
    'a merge into what another one merges away',
    [
      { kind: 'merge-tags', fromCode: 'vip', intoCode: 'old' },
      { kind: 'merge-tags', fromCode: 'old', intoCode: 'high-value' },
    ],
    { kind: 'batch-rivals', items: [1, 2] },
  ],
] as const)('a batch of %s is refused', (_, items, fault) => {
  expect(prepareProposal({ kind: 'batch', items }, known)).toMatchObject({ kind: 'faulty', fault });
});

const context = {
  known,
  requester: li,
  spell: (name: string) => name.replace('沉默客户', 'chen mo ke hu'),
  newTags: { level: 'sub', category: 'behaviour' },
  newOwner: '',
} as const;

test.each([
  ['merge', 'VIP客户 → 高价值客户\n\nold -> high-value', ['merge-tags', 'merge-tags']],
  ['deprecate', 'vip\nold，High value', ['deprecate-tag', 'deprecate-tag']],
  ['retire', 'vip\r\nold', ['retire-tag', 'retire-tag']],
  ['activate', 'vip\nold', ['activate-tag', 'activate-tag']],
  ['owner', 'vip, 韩梅梅', ['change-tag']],
] as const)('a list of %s is read by codes and names', (kind, list, kinds) => {
  const filled = fillBatch(kind, list, context);
  expect(filled.kind).toBe('filled');
  if (filled.kind === 'filled' && filled.proposal.kind === 'batch') {
    expect(filled.proposal.items.map((item) => item.kind)).toEqual(kinds);
  }
});

test('one owner takes over every tag of the list but those whose line names another', () => {
  const filled = fillBatch('owner', 'vip → \nold\nhigh-value → li', {
    ...context,
    newOwner: 'han',
  });
  expect(filled).toMatchObject({
    proposal: {
      items: [
        { code: 'vip', after: { ownerCode: 'han' } },
        { code: 'old', after: { ownerCode: 'han' } },
        { code: 'high-value', after: { ownerCode: 'li' } },
      ],
    },
  });
  expect(fillBatch('owner', 'vip', { ...context, newOwner: 'nobody' })).toMatchObject({
    refusal: { what: 'person' },
  });
});

test('a line that says nothing known is named by its number', () => {
  expect(fillBatch('merge', 'vip → high-value\nvip → nobody', context)).toMatchObject({
    kind: 'refused',
    line: 2,
    refusal: { kind: 'not-found', what: 'tag', id: 'nobody' },
  });
  expect(fillBatch('owner', 'vip', context)).toMatchObject({
    line: 1,
    refusal: { what: 'person' },
  });
  expect(fillBatch('retire', ' \n', context)).toMatchObject({ refusal: { kind: 'invalid' } });
});

test('a list of new tags gives each its names, a code of its own and what it means', () => {
  const list = [
    '沉默客户 → 近 180 天没有下单，且没有登录',
    '沉默客户 | Silent → silent → 消费 → 0',
    'VIP|VIP → 年消费>10万',
    '沉默客户 → 另一个',
  ].join('\n');
  const made = (code: string, names: readonly [string, string], definition: string) => ({
    kind: 'create-tag',
    code,
    name: { 'zh-CN': names[0], en: names[1] },
    definition: { 'zh-CN': definition, en: definition },
    ownerCode: 'li',
  });
  expect(fillBatch('create', list, context)).toMatchObject({
    kind: 'filled',
    proposal: {
      kind: 'batch',
      items: [
        made('chen-mo-ke-hu', ['沉默客户', '沉默客户'], '近 180 天没有下单，且没有登录'),
        made('silent', ['沉默客户', 'Silent'], '消费 → 0'),
        made('vip-2', ['VIP', 'VIP'], '年消费>10万'),
        made('chen-mo-ke-hu-2', ['沉默客户', '沉默客户'], '另一个'),
      ],
    },
  });
  const kinds = '甲 → 一\n乙 → 二 [临时标签]\n丙 → 三【主标签，交易】\n丁 → 四 [见备注]';
  expect(fillBatch('create', kinds, context)).toMatchObject({
    proposal: {
      items: [
        { definition: { en: '一' }, level: 'sub', category: 'behaviour' },
        { definition: { en: '二' }, level: 'temporary', category: 'behaviour' },
        { definition: { en: '三' }, level: 'main', category: 'transaction' },
        { definition: { en: '四 [见备注]' }, level: 'sub', category: 'behaviour' },
      ],
    },
  });
  expect(fillBatch('create', '沉默客户 → ', context)).toMatchObject({
    kind: 'refused',
    line: 1,
    refusal: { kind: 'invalid', field: 'definition' },
  });
});
