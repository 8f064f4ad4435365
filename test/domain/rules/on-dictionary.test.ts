import { describe, expect, test } from 'vitest';
import type { Dictionary } from '../../../domain/dictionary.ts';
import type { Rule } from '../../../domain/rule.ts';
import { populationJumpOf } from '../../../domain/rules/population-jump.ts';
import { ruleKindOf } from '../../../domain/rules/registry.ts';
import type { DictionaryFacts } from '../../../domain/rules/rule-kind.ts';
import type { Tag } from '../../../domain/tag.ts';
import { buildPerson, buildTag } from '../../support/builders.ts';
import { buildCustomer, buildRule, detectAll } from '../../support/customers.ts';

const nowSeconds = 1_800_000_000;
const daySeconds = 86_400;
const owner = buildPerson({ code: 'owner' });
const noFacts: DictionaryFacts = {
  people: new Map([['owner', owner]]),
  customers: new Map(),
  history: new Map(),
  sinceSeconds: new Map(),
  nowSeconds,
};

function inspect(rule: Rule, tags: readonly Tag[], facts: Partial<DictionaryFacts> = {}) {
  const dictionary: Dictionary = { tags, rules: [rule], attributes: [], relations: [] };
  expect(detectAll(dictionary, buildCustomer(tags.map((tag) => tag.id)), nowSeconds).found).toEqual(
    [],
  );
  return ruleKindOf(rule).inspect?.(rule, dictionary, { ...noFacts, ...facts });
}

const text = (zh: string, en: string) => ({ 'zh-CN': zh, en });

describe('a tag without a definition', () => {
  const rule = buildRule({ kind: 'no-definition', definitionCharsMin: 6 });
  const name = text('高价值客户名单', 'High value list');
  test.each([
    ['says who should have it', text('近一年消费满十万', 'Spent 100,000 a year'), false],
    ['is blank in one language', text('近一年消费满十万', '  '), true],
    ['only repeats its name', text('高价值客户名单。', 'Spent 100,000 a year'), true],
    ['repeats its name in other letters', text('近一年消费满十万', 'HIGH-VALUE LIST'), true],
    ['is too short', text('好客户', 'Spent 100,000 a year'), true],
    ['is made of spaces and marks', text('……  ……  ……', 'Spent 100,000 a year'), true],
    ['is written from right to left', text('近一年消费满十万', 'عميل ذو قيمة عالية'), false],
  ])('%s', (_words, definition, isFound) => {
    expect(inspect(rule, [buildTag({ id: 1, name, definition })])).toEqual(isFound ? [1] : []);
  });

  test('counts only while it is active', () => {
    const tag = buildTag({ id: 1, definition: text('', ''), status: 'deprecated' });
    expect(inspect(rule, [tag])).toEqual([]);
  });
});

test('a tag is unowned where its owner is unknown, has left or is no owner', () => {
  const people = new Map([
    ['owner', owner],
    ['left', buildPerson({ status: 'left' })],
    ['reader', buildPerson({ roles: ['tagger'] })],
  ]);
  const tags = ['owner', 'left', 'reader', 'nobody'].map((ownerCode, index) =>
    buildTag({ id: index + 1, ownerCode }),
  );
  const archived = buildTag({ id: 9, ownerCode: 'left', status: 'archived' });
  expect(inspect(buildRule({ kind: 'unowned' }), [archived, ...tags], { people })).toEqual([
    2, 3, 4,
  ]);
});

test('a tag is unused with few customers and enough age, of unknown age too', () => {
  const tags = [1, 2, 3, 4, 5].map((id) => buildTag({ id }));
  const facts = {
    customers: new Map([
      [1, 2],
      [2, 3],
      [3, 2],
      [4, 0],
    ]),
    sinceSeconds: new Map([
      [1, nowSeconds - 30 * daySeconds],
      [2, nowSeconds - 30 * daySeconds],
      [3, nowSeconds - 30 * daySeconds + 1],
      [4, nowSeconds - 400 * daySeconds],
    ]),
  };
  const rule = buildRule({ kind: 'unused', customersMax: 2, daysMin: 30 });
  expect(inspect(rule, tags, facts)).toEqual([1, 4, 5]);
});

describe('a population jumps', () => {
  const limits = { deviationsMax: 3.5, shareMin: 0.2, customersMin: 50 };
  const rule = buildRule({ kind: 'population-jump', tagCodes: [], ...limits });
  const steady = [1000, 1004, 998, 1001, 997, 1003];
  test.each([
    ['a count like the others', steady, 1010, false],
    ['half as many again', steady, 1500, true],
    ['nobody any more', steady, 0, true],
    ['twice the customers of a lively tag', [400, 1600, 900, 300, 1500], 1800, false],
    ['a short history', steady.slice(0, 4), 5000, false],
    ['a great share of few', [10, 11, 10, 9, 10], 40, false],
    [
      'many deviations that are a small share',
      [100_000, 100_001, 100_000, 99_999, 100_000],
      102_000,
      false,
    ],
    ['a tag that had nobody', [0, 0, 0, 0, 0], 3000, true],
  ])('%s', (_words, history, count, isFound) => {
    const facts = { customers: new Map([[1, count]]), history: new Map([[1, history]]) };
    expect(inspect(rule, [buildTag({ id: 1 })], facts)).toEqual(isFound ? [1] : []);
  });

  test('by the modified z-score of Iglewicz and Hoaglin', () => {
    expect(populationJumpOf([100, 120, 140, 160, 180], 200)).toEqual({
      usual: 140,
      change: 60,
      deviations: 60 / (1.4826 * 20),
    });
  });
});

/** A series of counts as `at` draws it with a noise that is the same each time. */
function seriesOf(length: number, at: (scan: number, noise: number) => number): readonly number[] {
  let state = 7;
  return Array.from({ length }, (_, scan) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.max(0, Math.round(at(scan, state / 2_147_483_648 - 0.5)));
  });
}

/** How many scans of a series are told as a jump, each held against the up to 30 before it. */
function alarmsIn(series: readonly number[]): readonly number[] {
  const rule = buildRule({
    kind: 'population-jump',
    tagCodes: [],
    deviationsMax: 3.5,
    shareMin: 0.2,
    customersMin: 50,
  });
  return series.flatMap((count, scan) => {
    const history = new Map([[1, series.slice(Math.max(0, scan - 30), scan)]]);
    const facts = { customers: new Map([[1, count]]), history };
    return inspect(rule, [buildTag({ id: 1 })], facts)?.length === 1 ? [scan] : [];
  });
}

describe('over a year of nightly scans', () => {
  const days = 365;
  test.each([
    ['a steady tag', (_: number, noise: number) => 5_000 + 200 * noise],
    ['a tag that grows by a percent a day', (scan: number) => 500 * 1.01 ** scan],
    ['a tag that shrinks by a percent a day', (scan: number) => 50_000 * 0.99 ** scan],
    [
      'a tag that half as many carry at weekends',
      (scan: number, noise: number) => (scan % 7 < 5 ? 4_000 : 2_000) + 100 * noise,
    ],
    [
      'a tag that follows the seasons',
      (scan: number, noise: number) =>
        5_000 + 3_000 * Math.sin((2 * Math.PI * scan) / days) + 200 * noise,
    ],
    ['a small tag', (_: number, noise: number) => 60 + 60 * noise],
  ])('%s is hardly ever told as a jump', (_words, at) => {
    const alarms = alarmsIn(seriesOf(days, at));
    expect(alarms.length / days).toBeLessThanOrEqual(0.012);
  });

  test('what an import put on wrongly is told from the day it comes until the usual number has followed', () => {
    const alarms = alarmsIn(
      seriesOf(60, (scan, noise) => (scan < 40 ? 5_000 : 8_000) + 200 * noise),
    );
    expect(alarms[0]).toBe(40);
    expect(alarms).toEqual(alarms.map((_, day) => 40 + day));
    expect(alarms.length).toBeGreaterThan(10);
  });

  test('a jump on top of weekends is told too', () => {
    const series = seriesOf(50, (scan, noise) => (scan % 7 < 5 ? 4_000 : 2_000) + 100 * noise);
    expect(alarmsIn([...series, 6_500]).at(-1)).toBe(50);
  });
});
