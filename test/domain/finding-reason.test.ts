import { expect, test } from 'vitest';
import { findingReasonWords } from '../../bot/texts/finding-reason.ts';
import type { Attribute, Condition } from '../../domain/condition.ts';
import type { Dictionary } from '../../domain/dictionary.ts';
import {
  findingReasons,
  type FindingReason,
  type ReasonedCustomer,
} from '../../domain/finding-reason.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Rule } from '../../domain/rule.ts';
import { tagFindingReasons } from '../../domain/tag-finding-reason.ts';
import { buildPerson, buildTag } from '../support/builders.ts';
import { buildRule } from '../support/customers.ts';

const nowSeconds = Date.UTC(2026, 10, 22) / 1000;
const attributes: readonly Attribute[] = [
  { code: 'spend', type: 'number', name: { 'zh-CN': '消费额', en: 'Spend' }, slot: 0 },
  { code: 'ordered-at', type: 'date', name: { 'zh-CN': '下单时间', en: 'Last order' }, slot: 1 },
  { code: 'is-company', type: 'boolean', name: { 'zh-CN': '是否企业', en: 'Company' }, slot: 2 },
  { code: 'region', type: 'text', name: { 'zh-CN': '区域', en: 'Region' }, slot: 0 },
];
const spendsMuch: Condition = {
  kind: 'compare',
  attribute: 'spend',
  operator: '>=',
  value: 100_000,
};
const ordered: Condition = { kind: 'within-months', attribute: 'ordered-at', months: 6 };
const isCompany: Condition = {
  kind: 'compare',
  attribute: 'is-company',
  operator: '=',
  value: true,
};
const isAbroad: Condition = {
  kind: 'compare',
  attribute: 'region',
  operator: '=',
  value: '海外',
};
const sourceNames = ['', 'CRM', '营销平台', '客服系统'];

const tag = buildTag({ id: 5, code: 'high-value' });
const name = { 'zh-CN': '规则', en: 'Rule' };
const base = {
  id: 1,
  code: 'rule',
  name,
  severity: 'low',
  ownerCode: null,
  enabled: true,
} as const;
const criteriaRule: Rule = {
  ...base,
  kind: 'criteria',
  tagCode: tag.code,
  direction: 'both',
};
const mismatchRule: Rule = { ...base, kind: 'mismatch', tagCodes: [] };

function dictionary(criteria: Condition | null): Dictionary {
  return {
    tags: [{ ...tag, criteria }],
    relations: [],
    attributes,
    rules: [],
    origins: {
      actors: [],
      departmentOf: new Map(),
      sources: [
        { id: 1, masterTagCodes: [tag.code], tagIds: [tag.id] },
        { id: 2, masterTagCodes: [], tagIds: [tag.id] },
        { id: 3, masterTagCodes: [], tagIds: [] },
      ],
    },
  };
}

function why(
  rule: Rule,
  criteria: Condition | null,
  customer: Partial<ReasonedCustomer>,
): readonly FindingReason[] {
  return findingReasons(rule, tag.id, buildReasoned(customer), {
    ...context,
    dictionary: dictionary(criteria),
  });
}

function buildReasoned(customer: Partial<ReasonedCustomer>): ReasonedCustomer {
  const { tagIds = [] } = customer;
  return {
    tagIds,
    sourceIds: tagIds.map(() => 1),
    sinceSeconds: tagIds.map(() => Number.NaN),
    actors: tagIds.map(() => null),
    presentIn: [1],
    numbers: [],
    texts: [],
    ...customer,
  };
}

const context = {
  nowSeconds,
  sourceName: (id: number) => ({ 'zh-CN': sourceNames[id] ?? '', en: sourceNames[id] ?? '' }),
  departmentName: (code: string) => ({ 'zh-CN': '销售部', en: code }),
};
function inWords(reasons: readonly FindingReason[], locale: Locale = 'zh-CN'): readonly string[] {
  return reasons.map((reason) =>
    findingReasonWords(reason, locale, (atMs) => new Date(atMs).toISOString().slice(0, 10)),
  );
}

const carrying = { tagIds: [5], sourceIds: [1] };

test('criteria that are not met are told by what decides, and what the source does not say is said', () => {
  const criteria: Condition = { kind: 'all', conditions: [spendsMuch, ordered, isCompany] };
  const found = why(criteriaRule, criteria, { ...carrying, numbers: [32_500, null, 1] });
  expect(inWords(found)).toEqual(['消费额 32,500（条件：≥ 100,000）', '下单时间无数据']);
  expect(inWords(found, 'en')).toEqual([
    'Spend: 32,500 (criteria: ≥ 100,000)',
    'Last order: no data',
  ]);
});

test('criteria that are met are told by what meets them', () => {
  const criteria: Condition = { kind: 'any', conditions: [spendsMuch, ordered] };
  const atMs = Date.UTC(2026, 9, 1);
  expect(inWords(why(criteriaRule, criteria, { numbers: [10, atMs, null] }))).toEqual([
    '下单时间 2026-10-01（条件：最近 6 个月内）',
  ]);
});

test('under a "not" the opposite is what the criteria ask', () => {
  const not = (condition: Condition): Condition => ({ kind: 'not', condition });
  const criteria: Condition = {
    kind: 'any',
    conditions: [not(spendsMuch), not(isAbroad), not(isCompany), not(ordered)],
  };
  const numbers = [100_000, Date.UTC(2026, 10, 1), 1];
  const found = why(criteriaRule, criteria, { ...carrying, numbers, texts: ['海外'] });
  expect(inWords(found)).toEqual([
    '消费额 100,000（条件：< 100,000）',
    '区域 海外（条件：≠ 海外）',
    '是否企业 是（条件：否）',
    '下单时间 2026-11-01（条件：不在最近 6 个月内）',
  ]);
  expect(inWords(found, 'en').slice(2)).toEqual([
    'Company: yes (criteria: no)',
    'Last order: 2026-11-01 (criteria: not within the last 6 months)',
  ]);
});

test('nothing is said where the answer is no longer the one that was found, or is open', () => {
  expect(why(criteriaRule, spendsMuch, { ...carrying, numbers: [100_000] })).toEqual([]);
  expect(why(criteriaRule, spendsMuch, { ...carrying, numbers: [null] })).toEqual([]);
  expect(why(criteriaRule, null, carrying)).toEqual([]);
  expect(why({ ...base, kind: 'unknown' }, spendsMuch, carrying)).toEqual([]);
});

test('a disagreement names who lacks the tag and who is right', () => {
  const onlyOther = why(mismatchRule, null, { tagIds: [5], sourceIds: [2], presentIn: [1, 2, 3] });
  expect(inWords(onlyOther)).toEqual(['主数据源 CRM 没有']);
  expect(inWords(onlyOther, 'en')).toEqual(['not in CRM, the master source']);
  const onlyMaster = why(mismatchRule, null, {
    tagIds: [5, 7],
    sourceIds: [1, 2],
    presentIn: [1, 2, 3],
  });
  expect(inWords(onlyMaster)).toEqual(['营销平台没有，以 CRM 为准']);
  expect(inWords(onlyMaster, 'en')).toEqual(['not in 营销平台; CRM is the master source']);
  const agreed = why(mismatchRule, null, {
    tagIds: [5, 5],
    sourceIds: [1, 2],
    presentIn: [1, 2, 3],
  });
  expect(agreed).toEqual([]);
});

const day = 86_400;
const daysAgo = (...days: readonly number[]) => days.map((count) => nowSeconds - count * day);

test('a tag that is over is told with its days, from the source that had it first; an unknown instant tells nothing', () => {
  const lasting = { ...tag, lifeDays: 90, confirmEveryDays: 30 };
  const because = (kind: 'time-to-live' | 'stale', sinceSeconds: readonly number[]) => {
    const customer = buildReasoned({ tagIds: [5, 5, 7], sinceSeconds });
    const rule = buildRule({ kind, tagCodes: [] });
    const known = { ...dictionary(null), tags: [lasting] };
    const found = findingReasons(rule, 5, customer, { ...context, dictionary: known });
    return [...inWords(found), ...inWords(found, 'en')];
  };
  expect(because('time-to-live', daysAgo(100, 40, 400))).toEqual([
    '有效期 90 天，2026-11-12 到期',
    'lasts 90 days, ended 2026-11-12',
  ]);
  expect(because('stale', daysAgo(100, 40, 1))).toEqual([
    '应每 30 天确认一次，上次是 2026-10-13',
    'to be confirmed every 30 days, last on 2026-10-13',
  ]);
  expect(because('time-to-live', [Number.NaN, Number.NaN, 0])).toEqual([]);
  expect(because('stale', daysAgo(100, 2, 1))).toEqual([]);
});

test('too many tags are counted, each once, against the limits they pass', () => {
  const event = buildTag({ id: 6, code: 'event', level: 'temporary' });
  const rule = buildRule({ kind: 'overload', tagsMax: 2, temporaryTagsMax: 0 });
  const customer = buildReasoned({ tagIds: [5, 5, 6, 99] });
  const known = { ...dictionary(null), tags: [tag, event] };
  const found = findingReasons(rule, 0, customer, { ...context, dictionary: known });
  expect(inWords(found)).toEqual(['共 3 个标签（上限 2）', '临时标签 1 个（上限 0）']);
  expect(inWords(found, 'en')).toEqual(['3 tags (at most 2)', '1 temporary tag (at most 0)']);
});

test('whoever put a tag on and may not is told with their department, or as nobody known', () => {
  const secret = { ...tag, departmentCodes: ['risk'], sensitive: true };
  const of = (code: string, departmentCode: string) => ({
    code,
    departmentCode,
    departmentsAbove: [],
  });
  const origins = {
    departmentOf: new Map<string, string>(),
    sources: [],
    actors: [
      { id: 1, name: 'Ann', person: of('ann', 'sales') },
      { id: 2, name: '李风控', person: of('li', 'risk') },
      { id: 3, name: '某系统', person: null },
    ],
  };
  const known = { ...dictionary(null), tags: [secret], origins };
  const because = (kind: 'scope' | 'sensitivity', actors: readonly string[]) => {
    const rule =
      kind === 'scope'
        ? buildRule({ kind, tagCodes: [] })
        : buildRule({ kind, tagCodes: [], departmentCodes: [], actorNames: [] });
    const customer = buildReasoned({ tagIds: actors.map(() => 5), actors });
    const found = findingReasons(rule, 5, customer, { ...context, dictionary: known });
    return [...inWords(found), ...inWords(found, 'en')];
  };
  const ann = ['Ann 属于销售部', 'Ann works in sales'];
  expect(because('scope', ['Ann', '某系统'])).toEqual(ann);
  expect(because('sensitivity', ['Ann', '李风控'])).toEqual(ann);
  expect(because('sensitivity', ['某系统'])).toEqual([
    '某系统不在人员名单中',
    '某系统 is nobody on the list of people',
  ]);
});

test('what is found on a tag of the dictionary is told by what the dictionary and its counts say', () => {
  const facts = {
    people: new Map([
      [
        'wang',
        buildPerson({ code: 'wang', status: 'left', name: { 'zh-CN': '王芳', en: 'Wang Fang' } }),
      ],
    ]),
    customers: new Map([[5, 1_300]]),
    history: new Map([[5, [1_000, 1_001, 999, 1_000, 1_000]]]),
    sinceSeconds: new Map([[5, daysAgo(100)[0] ?? 0]]),
  };
  const because = (rule: Rule, overrides: Partial<typeof tag>) => {
    const found = tagFindingReasons(rule, { ...tag, ...overrides }, facts);
    return [...inWords(found), ...inWords(found, 'en')];
  };
  const noDefinition = buildRule({ kind: 'no-definition', definitionCharsMin: 6 });
  expect(because(noDefinition, { definition: { 'zh-CN': 'VIP', en: '' } })).toEqual([
    '中文定义只有「VIP」',
    '没有英文定义',
    'the Chinese definition is only “VIP”',
    'no English definition',
  ]);
  const unowned = buildRule({ kind: 'unowned' });
  expect(because(unowned, { ownerCode: 'wang' })).toEqual([
    '责任人王芳已离职',
    'its owner Wang Fang has left',
  ]);
  expect(because(unowned, { ownerCode: 'zoe' })).toEqual([
    '责任人 zoe 不在人员名单中',
    'its owner zoe is nobody on the list of people',
  ]);
  expect(because(buildRule({ kind: 'unused', customersMax: 0, daysMin: 30 }), { id: 5 })).toEqual([
    '现有 1,300 位客户，2026-08-14 收入字典',
    '1,300 customers now, in the dictionary since 2026-08-14',
  ]);
  const jump = buildRule({
    kind: 'population-jump',
    tagCodes: [],
    deviationsMax: 3.5,
    shareMin: 0.2,
    customersMin: 50,
  });
  expect(because(jump, {})).toEqual([
    '现有 1,300 位客户，平时约 1,000 位',
    '1,300 customers now, usually about 1,000',
  ]);
  expect(because(jump, { id: 6 })).toEqual([]);
});
