import { expect, test } from 'vitest';
import { findSimilarTags } from '../../domain/similar-tags.ts';
import { buildTag } from '../support/builders.ts';

const highValue = buildTag({
  code: 'high-value',
  name: { 'zh-CN': '高价值客户', en: 'High-value customer' },
  definition: { 'zh-CN': '近一年消费较多的客户', en: 'Spends a lot every year' },
});
const netWorth = buildTag({
  code: 'high-net-worth',
  name: { 'zh-CN': '高净值客户', en: 'High net worth' },
  definition: { 'zh-CN': '可投资资产超过百万', en: 'Owns assets above one million' },
});
const birthday = buildTag({
  code: 'birthday',
  name: { 'zh-CN': '本月生日', en: 'Birthday' },
  definition: { 'zh-CN': '生日在当月', en: 'Was born in this month' },
});

test('a name that differs only in case, width or spacing is the same name', () => {
  const [found] = findSimilarTags(
    { ...highValue, code: 'new', name: { 'zh-CN': '高价值 客户', en: 'HIGH VALUE CUSTOMER' } },
    [birthday, highValue],
    5,
  );
  expect(found).toEqual({ code: 'high-value', why: 'same-name', score: 1 });
});

test('names alike are found closest first and unrelated ones are not', () => {
  const found = findSimilarTags(
    { ...netWorth, code: 'new', name: { 'zh-CN': '高净值客群', en: 'Affluent' } },
    [birthday, highValue, netWorth],
    5,
  );
  expect(found.map((tag) => tag.code)).toEqual(['high-net-worth']);
});

test('another name with nearly the same definition is found by its definition', () => {
  const definition = {
    'zh-CN': '近十二个月消费满十万元且半年内有订单的客户',
    en: 'Spent at least 100,000 in the last twelve months',
  };
  const existing = { ...highValue, definition };
  const [found] = findSimilarTags(
    { code: 'key', name: { 'zh-CN': '重点', en: 'Key' }, definition },
    [existing],
    5,
  );
  expect(found?.why).toBe('definition-alike');
});

test('the tag itself and more than the limit are left out', () => {
  expect(findSimilarTags(highValue, [highValue], 5)).toEqual([]);
  const twins = [1, 2, 3].map((number) => ({ ...highValue, code: `twin-${number}` }));
  expect(findSimilarTags({ ...highValue, code: 'new' }, twins, 2).map((tag) => tag.code)).toEqual([
    'twin-1',
    'twin-2',
  ]);
});
