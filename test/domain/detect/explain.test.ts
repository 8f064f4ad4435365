import { expect, test } from 'vitest';
import type { Attribute, Condition } from '../../../domain/condition.ts';
import { explainCondition } from '../../../domain/detect/explain.ts';
import { buildCustomer } from '../../support/customers.ts';

const nowSeconds = 1_800_000_000;
const attributes: readonly Attribute[] = [
  { code: 'spend', type: 'number', name: { 'zh-CN': '消费', en: 'Spend' }, slot: 0 },
  { code: 'active-at', type: 'date', name: { 'zh-CN': '活跃', en: 'Active' }, slot: 1 },
  { code: 'region', type: 'text', name: { 'zh-CN': '地区', en: 'Region' }, slot: 0 },
];
const spendsMuch: Condition = {
  kind: 'compare',
  attribute: 'spend',
  operator: '>=',
  value: 100_000,
};
const isActive: Condition = { kind: 'within-days', attribute: 'active-at', days: 180 };
const isEast: Condition = { kind: 'compare', attribute: 'region', operator: '=', value: '华东' };
const highValue: Condition = { kind: 'all', conditions: [spendsMuch, isActive] };

test('only the parts that fail are named, with what the customer has', () => {
  expect(explain(highValue, [5000, activeDaysAgo(10)])).toEqual({
    answer: 'false',
    because: [{ condition: spendsMuch, answer: 'false', found: 5000 }],
  });
});

test('a missing attribute leaves it open and is named', () => {
  expect(explain(highValue, [Number.NaN, activeDaysAgo(10)])).toEqual({
    answer: 'unknown',
    because: [{ condition: spendsMuch, answer: 'unknown', found: null }],
  });
});

test('a plain failure decides although another attribute is missing', () => {
  expect(explain(highValue, [Number.NaN, activeDaysAgo(181)])).toMatchObject({
    answer: 'false',
    because: [{ condition: isActive, answer: 'false' }],
  });
});

test('under a "not" it is the part that is true', () => {
  const isNotEast: Condition = { kind: 'not', condition: isEast };
  expect(explain(isNotEast, [1, 1], '华东')).toEqual({
    answer: 'false',
    because: [{ condition: isEast, answer: 'true', found: '华东' }],
  });
});

test('of alternatives all that failed are named', () => {
  const either: Condition = { kind: 'any', conditions: [spendsMuch, isEast] };
  const { answer, because } = explain(either, [1, 1], '华南');
  expect([answer, because.length]).toEqual(['false', 2]);
});

test('a date counts from its own instant to the end of the last day', () => {
  const lastSecond = nowSeconds - 180 * 86_400;
  const answerAt = (seconds: number) => explain(isActive, [0, seconds * 1000]).answer;
  expect(
    [lastSecond - 1, lastSecond, nowSeconds, nowSeconds + 1].map((seconds) => answerAt(seconds)),
  ).toEqual(['false', 'true', 'true', 'false']);
});

test('months are those of the calendar, and a shorter one ends on its last day', () => {
  const isRecent: Condition = { kind: 'within-months', attribute: 'active-at', months: 1 };
  const answerAt = (from: string, now: string) =>
    explainCondition(
      isRecent,
      attributes,
      buildCustomer([], { numbers: [0, Date.parse(from)], texts: [null] }),
      Date.parse(now) / 1000,
    ).answer;
  expect(answerAt('2027-01-31T10:00:00Z', '2027-02-28T10:00:00Z')).toBe('true');
  expect(answerAt('2027-01-31T10:00:00Z', '2027-02-28T10:00:01Z')).toBe('false');
  expect(answerAt('2028-01-31T10:00:00Z', '2028-02-29T10:00:00Z')).toBe('true');
  expect(answerAt('2026-12-15T10:00:00Z', '2027-01-15T10:00:01Z')).toBe('false');
  expect(answerAt('2027-01-15T10:00:00Z', '2027-01-15T09:59:59Z')).toBe('false');
});

test('of "at least two of" those that failed are named, and a missing attribute may leave it open', () => {
  const twoOf: Condition = {
    kind: 'at-least',
    count: 2,
    conditions: [spendsMuch, isActive, isEast],
  };
  expect(explain(twoOf, [5000, activeDaysAgo(10)], '华南')).toMatchObject({
    answer: 'false',
    because: [{ condition: spendsMuch }, { condition: isEast }],
  });
  expect(explain(twoOf, [5000, activeDaysAgo(10)]).answer).toBe('unknown');
  expect(explain(twoOf, [200_000, activeDaysAgo(10)]).answer).toBe('true');
});

function explain(
  condition: Condition,
  numbers: readonly number[],
  region: string | null = null,
): ReturnType<typeof explainCondition> {
  const customer = buildCustomer([], { numbers, texts: [region] });
  return explainCondition(condition, attributes, customer, nowSeconds);
}

function activeDaysAgo(days: number): number {
  return (nowSeconds - days * 86_400) * 1000;
}
