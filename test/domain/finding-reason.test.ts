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
import { buildTag } from '../support/builders.ts';

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
  const whole = { tagIds: [], sourceIds: [], presentIn: [1], numbers: [], texts: [], ...customer };
  return findingReasons(rule, tag.id, whole, {
    dictionary: dictionary(criteria),
    nowSeconds,
    sourceName: (id) => ({ 'zh-CN': sourceNames[id] ?? '', en: sourceNames[id] ?? '' }),
  });
}

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
