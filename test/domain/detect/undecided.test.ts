import { expect, test } from 'vitest';
import { undecidedWords } from '../../../bot/texts/undecided.ts';
import type { Attribute } from '../../../domain/condition.ts';
import { createUndecidedTally } from '../../../domain/detect/undecided.ts';

const attributes: readonly Attribute[] = [
  { code: 'industry', type: 'text', name: { 'zh-CN': '行业', en: 'Industry' }, slot: 0 },
  { code: 'spend', type: 'number', name: { 'zh-CN': '年消费', en: 'Spend' }, slot: 0 },
];

test('customers are counted once a rule, attributes once a customer, the most frequent first', () => {
  const { report, told } = createUndecidedTally();
  report(7, ['industry', 'spend']);
  report(7, ['spend']);
  report(3, ['spend']);
  expect(told()).toEqual([
    { ruleId: 3, customers: 1, missing: [{ attributeCode: 'spend', customers: 1 }] },
    {
      ruleId: 7,
      customers: 2,
      missing: [
        { attributeCode: 'spend', customers: 2 },
        { attributeCode: 'industry', customers: 1 },
      ],
    },
  ]);
});

test('are told in words by the names of the attributes', () => {
  const missing = (...parts: readonly (readonly [string, number])[]) =>
    parts.map(([attributeCode, customers]) => ({ attributeCode, customers }));
  const one = { customers: 12_040, missing: missing(['industry', 12_040]) };
  expect(undecidedWords(one, attributes, 'zh-CN')).toBe('12,040 位客户（缺少属性「行业」）');
  expect(undecidedWords(one, attributes, 'en')).toBe(
    '12,040 customers (attribute “Industry” missing)',
  );
  const several = {
    customers: 9,
    missing: missing(['spend', 8], ['industry', 2], ['a', 1], ['b', 1], ['c', 1], ['d', 1]),
  };
  expect(undecidedWords(several, attributes, 'zh-CN')).toBe(
    '9 位客户（缺少属性：「年消费」8 位、「行业」2 位、「a」1 位、「b」1 位、另有 2 个属性）',
  );
  expect(undecidedWords(several, attributes, 'en')).toBe(
    '9 customers (missing: “Spend” on 8, “Industry” on 2, “a” on 1, “b” on 1, 2 more attributes)',
  );
  expect(undecidedWords({ customers: 1, missing: [] }, attributes, 'en')).toBe('1 customer');
});
