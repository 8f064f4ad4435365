import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Attribute, Condition } from '../../../domain/condition.ts';
import type { CustomerTags } from '../../../domain/customer.ts';
import { compileDetector } from '../../../domain/detect/compile.ts';
import type { Detector } from '../../../domain/detect/detector.ts';
import { denseTagIdMax } from '../../../domain/detect/tag-table.ts';
import type { Dictionary, Origins } from '../../../domain/dictionary.ts';
import type { Rule, RuleKind } from '../../../domain/rule.ts';
import { ruleKinds } from '../../../domain/rules/registry.ts';
import { tagLevels, tagStatuses, type Tag } from '../../../domain/tag.ts';
import { buildTag } from '../../support/builders.ts';
import { buildCustomer, buildRule, detectAll } from '../../support/customers.ts';
import { detectNaively, missingNaively } from './naive.ts';

// Hundreds of random companies take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const nowSeconds = 1_800_000_000;
const daySeconds = 86_400;
const codes = Array.from({ length: 10 }, (_, index) => `t${index}`);
const tagIds = [1, 2, 3, 4, 5, 7, 40, 41, denseTagIdMax + 1, 2_147_483_647];
const attributes: readonly Attribute[] = [
  { code: 'spend', type: 'number', name: { 'zh-CN': '消费', en: 'Spend' }, slot: 0 },
  { code: 'active-at', type: 'date', name: { 'zh-CN': '活跃', en: 'Active' }, slot: 1 },
  { code: 'member', type: 'boolean', name: { 'zh-CN': '会员', en: 'Member' }, slot: 2 },
  { code: 'region', type: 'text', name: { 'zh-CN': '地区', en: 'Region' }, slot: 0 },
];

const anyCode = fc.constantFrom(...codes, 'not-there');
const anyCodes = (minLength: number) => fc.array(anyCode, { minLength, maxLength: 5 });
const fewDays = fc.constantFrom(0, 1, 2, 30);

const anyCondition = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('compare' as const),
      attribute: fc.constantFrom('spend', 'member', 'region', 'not-there'),
      operator: fc.constantFrom('<', '<=', '=', '!=', '>=', '>'),
      value: fc.constantFrom<number | string | boolean>(0, 1, 100, true, false, '华东', '华南'),
    }),
    fc.record({
      kind: fc.constant('within-days' as const),
      attribute: fc.constantFrom('active-at', 'spend'),
      days: fewDays,
    }),
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      conditions: fc.array(tie('condition'), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('within-months' as const),
      attribute: fc.constantFrom('active-at', 'spend'),
      months: fc.constantFrom(0, 1, 6),
    }),
    fc.record({
      kind: fc.constant('at-least' as const),
      count: fc.integer({ min: 1, max: 3 }),
      conditions: fc.array(tie('condition'), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), condition: tie('condition') }),
  ),
})).condition;

const anyTags: fc.Arbitrary<readonly Tag[]> = fc
  .tuple(
    ...codes.map((code, index) =>
      fc
        .record({
          level: fc.constantFrom(...tagLevels),
          status: fc.constantFrom('active' as const, ...tagStatuses),
          lifeDays: fc.option(fewDays),
          confirmEveryDays: fc.option(fewDays),
          successorCode: fc.option(anyCode),
          parentCode: fc.option(anyCode, { freq: 2 }),
          departmentCodes: fc.subarray(['sales', 'risk']),
          ownerCode: fc.constantFrom('ann', 'bob'),
          sensitive: fc.boolean(),
          criteria: fc.option(anyCondition, { freq: 2 }),
        })
        .map((tag) => buildTag({ ...tag, id: tagIds[index] ?? 0, code })),
    ),
  )
  // Some of the tags that customers carry are not in the dictionary.
  .chain((tags) => fc.subarray([...tags], { minLength: 5 }));

const ruleBodies = {
  exclusive: fc.record({
    kind: fc.constant('exclusive' as const),
    tagCodes: anyCodes(2),
    precedence: anyCodes(0),
    allowedPairs: fc.array(fc.tuple(anyCode, anyCode), { maxLength: 2 }),
  }),
  dominance: fc.record({
    kind: fc.constant('dominance' as const),
    dominantCode: anyCode,
    dominatedCodes: anyCodes(1),
  }),
  synonym: fc.record({
    kind: fc.constant('synonym' as const),
    canonicalCode: anyCode,
    synonymCodes: anyCodes(1),
  }),
  'time-to-live': fc.record({ kind: fc.constant('time-to-live' as const), tagCodes: anyCodes(0) }),
  stale: fc.record({ kind: fc.constant('stale' as const), tagCodes: anyCodes(0) }),
  criteria: fc.record({
    kind: fc.constant('criteria' as const),
    tagCode: anyCode,
    direction: fc.constantFrom('unmet' as const, 'missing' as const, 'both' as const),
  }),
  overload: fc.record({
    kind: fc.constant('overload' as const),
    tagsMax: fc.option(fc.nat(6)),
    temporaryTagsMax: fc.option(fc.nat(3)),
  }),
  unknown: fc.record({ kind: fc.constant('unknown' as const) }),
  deprecated: fc.record({ kind: fc.constant('deprecated' as const) }),
  implied: fc.record({
    kind: fc.constant('implied' as const),
    tagCodes: fc.option(anyCodes(0)),
    singleChoiceCodes: anyCodes(0),
  }),
  scope: fc.record({ kind: fc.constant('scope' as const), tagCodes: anyCodes(0) }),
  sensitivity: fc.record({
    kind: fc.constant('sensitivity' as const),
    tagCodes: anyCodes(0),
    departmentCodes: fc.subarray(['sales', 'data']),
    actorNames: fc.subarray(['robot', 'Ann']),
  }),
  mismatch: fc.record({ kind: fc.constant('mismatch' as const), tagCodes: anyCodes(0) }),
} satisfies Partial<Record<RuleKind, unknown>>;

type CustomerKind = keyof typeof ruleBodies;

const anyRelations = fc.array(
  fc.record({
    kind: fc.constantFrom('implies' as const, 'synonym-of' as const),
    fromCode: anyCode,
    toCode: anyCode,
  }),
  { maxLength: 3 },
);

/** A master of some tags, another source that knows some, and a third that knows nothing. */
const anyOrigins: fc.Arbitrary<Origins> = fc
  .tuple(fc.subarray(codes), fc.subarray(tagIds))
  .map(([masterTagCodes, known]) => ({
    actors: [
      {
        id: 1,
        name: 'Ann',
        person: { code: 'ann', departmentCode: 'sales', departmentsAbove: [] },
      },
      {
        id: 2,
        name: 'Bob',
        person: { code: 'bob', departmentCode: 'risk', departmentsAbove: ['data'] },
      },
      { id: 3, name: 'Eve', person: { code: 'eve', departmentCode: 'data', departmentsAbove: [] } },
      { id: 4, name: 'robot', person: null },
      { id: 5, name: 'stranger', person: null },
    ],
    sources: [
      { id: 1, masterTagCodes, tagIds },
      { id: 2, masterTagCodes: [], tagIds: known },
      { id: 3, masterTagCodes: [], tagIds: [] },
    ],
    departmentOf: new Map([['ann', 'sales']]),
  }));

const anyRules = (kinds: readonly CustomerKind[]): fc.Arbitrary<readonly Rule[]> =>
  fc
    .array(
      fc.tuple(
        fc.oneof(...kinds.map((kind) => ruleBodies[kind])),
        fc.boolean().map((rarely) => rarely),
      ),
      { minLength: 1, maxLength: 8 },
    )
    .map((bodies) =>
      bodies.map(([body, enabled], index) =>
        buildRule({ ...body, id: index + 1, enabled: enabled || index === 0 }),
      ),
    );

const anySince = fc.oneof(
  fc.constant(Number.NaN),
  fc
    .tuple(fewDays, fc.constantFrom(-1, 0, 1, -daySeconds))
    .map(([days, off]) => nowSeconds - days * daySeconds + off),
  fc.constant(nowSeconds + 5 * daySeconds),
);

const anyCustomer: fc.Arbitrary<CustomerTags> = fc
  .record({
    assignments: fc.uniqueArray(
      fc.record({
        tagId: fc.constantFrom(...tagIds, 999, denseTagIdMax + 7),
        sourceId: fc.constantFrom(1, 2),
        sinceSeconds: anySince,
        actorId: fc.nat(5),
      }),
      { selector: (entry) => `${entry.tagId}/${entry.sourceId}`, maxLength: 14 },
    ),
    spend: fc.constantFrom(Number.NaN, 0, 1, 99, 100, 101),
    activeMs: anySince.chain((since) => fc.constantFrom(0, 1, 500).map((ms) => since * 1000 + ms)),
    member: fc.constantFrom(Number.NaN, 0, 1),
    region: fc.constantFrom(null, '华东', '华南', ''),
    presentIn: fc.subarray([1, 2, 3]),
  })
  .map(({ assignments, spend, activeMs, member, region, presentIn }) =>
    buildCustomer(assignments, {
      numbers: [spend, activeMs, member],
      texts: [region],
      presentIn,
    }),
  );

const allKinds = Object.keys(ruleBodies) as CustomerKind[];

test('every kind that looks at customers is tried', () => {
  const onCustomers = Object.values(ruleKinds).filter((module) => module.inspect === undefined);
  expect(new Set<string>(allKinds)).toEqual(new Set(onCustomers.map(({ kind }) => kind)));
});

function anyCase(kinds: readonly CustomerKind[]) {
  return fc.tuple(
    fc
      .record({
        tags: anyTags,
        rules: anyRules(kinds),
        relations: anyRelations,
        origins: anyOrigins,
      })
      .map((parts): Dictionary => ({ ...parts, attributes })),
    fc.array(anyCustomer, { minLength: 1, maxLength: 4 }),
  );
}

function agrees(compile: (dictionary: Dictionary) => Detector, kinds: readonly CustomerKind[]) {
  return fc.property(anyCase(kinds), ([dictionary, customers]) => {
    const detector = compile(dictionary);
    for (const customer of customers) {
      const { found } = detectAll(detector, customer, nowSeconds);
      expect(found).toEqual(detectNaively(dictionary, customer, nowSeconds));
    }
  });
}

describe('the compiled detector agrees with the definitions', () => {
  test.each(allKinds)('%s', (kind) => {
    fc.assert(agrees(compileDetector, [kind]), { numRuns: 300 });
  });

  test('all kinds together', () => {
    fc.assert(agrees(compileDetector, allKinds), { numRuns: 300 });
  });

  test.each(allKinds)('and a detector that misses one finding of kind %s is caught', (kind) => {
    const forgetful = (dictionary: Dictionary): Detector => {
      const detector = compileDetector(dictionary);
      return {
        detect(customer, now, report) {
          let seen = 0;
          return detector.detect(customer, now, (...finding) => {
            seen += 1;
            if (seen > 1) report(...finding);
          });
        },
      };
    };
    expect(fc.check(agrees(forgetful, [kind]), { numRuns: 300 }).failed).toBe(true);
  });
});

test('every customer of whom a rule cannot tell is told, with the attributes that decide and are missing', () => {
  let told = 0;
  fc.assert(
    fc.property(anyCase(['criteria']), ([dictionary, customers]) => {
      const detector = compileDetector(dictionary);
      for (const customer of customers) {
        const undecided: string[] = [];
        detector.detect(
          customer,
          nowSeconds,
          () => {},
          (ruleId, missing) => undecided.push([ruleId, ...missing.toSorted()].join(' ')),
        );
        const expected = dictionary.rules.flatMap((rule) => {
          const tag = dictionary.tags.find(
            ({ code }) => rule.kind === 'criteria' && code === rule.tagCode,
          );
          const criteria = tag?.criteria ?? null;
          if (rule.kind !== 'criteria' || !rule.enabled || tag === undefined || criteria === null) {
            return [];
          }
          const isThere = customer.tagIds.subarray(0, customer.count).includes(tag.id);
          const isLookedAt = isThere
            ? rule.direction !== 'missing'
            : rule.direction !== 'unmet' && tag.status === 'active';
          const missing = missingNaively(criteria, dictionary, customer, nowSeconds);
          return isLookedAt && missing.length > 0 ? [[rule.id, ...missing].join(' ')] : [];
        });
        told += expected.length;
        expect(undecided.toSorted()).toEqual(expected.toSorted());
      }
    }),
    { numRuns: 500 },
  );
  expect(told).toBeGreaterThan(50);
});

test('until the instant it names, nothing changes by time alone', () => {
  fc.assert(
    fc.property(anyCase(allKinds), fc.double({ min: 0, max: 1, noNaN: true }), (anyOne, part) => {
      const [dictionary, customers] = anyOne;
      const detector = compileDetector(dictionary);
      for (const customer of customers) {
        const { found, dueSeconds } = detectAll(detector, customer, nowSeconds);
        expect(dueSeconds).toBeGreaterThan(nowSeconds);
        const horizon = Math.min(dueSeconds - 1, nowSeconds + 100 * daySeconds);
        const later = nowSeconds + Math.floor((horizon - nowSeconds) * part);
        expect(detectNaively(dictionary, customer, later)).toEqual(found);
        expect(detectNaively(dictionary, customer, horizon)).toEqual(found);
      }
    }),
    { numRuns: 300 },
  );
});

test('a customer whose only open question is time is due exactly when the answer changes', () => {
  const tag = buildTag({ lifeDays: 90 });
  const dictionary: Dictionary = {
    tags: [tag],
    relations: [],
    attributes,
    rules: [buildRule({ kind: 'time-to-live', tagCodes: [] })],
  };
  const since = nowSeconds - 89 * daySeconds;
  const customer = buildCustomer([{ tagId: tag.id, sinceSeconds: since }]);
  const before = detectAll(dictionary, customer, nowSeconds);
  expect(before).toEqual({ found: [], dueSeconds: since + 90 * daySeconds });
  expect(detectAll(dictionary, customer, before.dueSeconds - 1).found).toEqual([]);
  expect(detectAll(dictionary, customer, before.dueSeconds).found).toEqual([[1, tag.id, 0]]);
});

test('one detector gives one customer the same answer whatever it saw before', () => {
  fc.assert(
    fc.property(anyCase(allKinds), ([dictionary, customers]) => {
      const reused = compileDetector(dictionary);
      for (const customer of [...customers, ...customers.toReversed()]) {
        expect(detectAll(reused, customer, nowSeconds)).toEqual(
          detectAll(dictionary, customer, nowSeconds),
        );
      }
    }),
  );
});

test('a customer with 10,000 tags, 5,000 of them known to 2,000 rules', () => {
  const tags = Array.from({ length: 5000 }, (_, index) => buildTag({ id: index + 1 }));
  const code = (index: number) => tags[index % tags.length]?.code ?? '';
  const rules = Array.from({ length: 2000 }, (_, index) =>
    buildRule({
      kind: 'exclusive',
      id: index + 1,
      tagCodes: [code(index), code(index + 1)],
      precedence: [],
      allowedPairs: [],
    }),
  );
  const dictionary: Dictionary = { tags, relations: [], attributes, rules };
  const customer = buildCustomer(Array.from({ length: 10_000 }, (_, index) => index + 1));
  const { found } = detectAll(dictionary, customer, nowSeconds);
  expect(found).toHaveLength(2000);
  expect(found[0]).toEqual([1, 2, 1]);
});

test('tags out of order are refused, since rules rely on the order', () => {
  const dictionary: Dictionary = { tags: [], relations: [], attributes, rules: [] };
  const customer = buildCustomer([1, 2]);
  customer.tagIds.set([2, 1]);
  expect(() => detectAll(dictionary, customer, nowSeconds)).toThrow('not ordered');
});
