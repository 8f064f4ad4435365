import { describe, expect, test } from 'vitest';
import type { CustomerTags } from '../../../domain/customer.ts';
import type { Dictionary, Origins } from '../../../domain/dictionary.ts';
import { planChange, planItems } from '../../../domain/fix-plan.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { ResolutionCode } from '../../../domain/fix.ts';
import type { Rule } from '../../../domain/rule.ts';
import { ruleKindOf, ruleKinds } from '../../../domain/rules/registry.ts';
import { buildTag } from '../../support/builders.ts';
import { buildCustomer, buildRule, detectAll } from '../../support/customers.ts';

const nowSeconds = 1_800_000_000;
const daySeconds = 86_400;

const gold = buildTag({ id: 1, code: 'gold' });
const silver = buildTag({ id: 2, code: 'silver' });
const bronze = buildTag({ id: 3, code: 'bronze' });
const fresh = buildTag({ id: 4, code: 'fresh', lifeDays: 90, successorCode: 'gold' });
const event = buildTag({ id: 5, code: 'event', level: 'temporary', confirmEveryDays: 30 });
const old = buildTag({ id: 6, code: 'old', status: 'deprecated', successorCode: 'silver' });
const sub = buildTag({ id: 7, code: 'sub', level: 'sub' });
const unknownId = 99;
const parent = buildTag({ id: 8, code: 'parent' });
const childA = buildTag({ id: 9, code: 'child-a', parentCode: 'parent', level: 'sub' });
const childB = buildTag({ id: 10, code: 'child-b', parentCode: 'parent', level: 'sub' });
const secret = buildTag({ id: 11, code: 'secret', departmentCodes: ['risk'], sensitive: true });
// All of nothing is true, any of nothing is false, whatever a customer's attributes are.
const met = buildTag({ id: 12, code: 'met', criteria: { kind: 'all', conditions: [] } });
const unmet = buildTag({ id: 13, code: 'unmet', criteria: { kind: 'any', conditions: [] } });
const others = [parent, childA, childB, secret, met, unmet];
const tags = [gold, silver, bronze, fresh, event, old, sub, ...others];
const origins: Origins = {
  actors: [
    { id: 1, name: 'Ann', person: { code: 'ann', departmentCode: 'sales', departmentsAbove: [] } },
  ],
  sources: [
    { id: 1, masterTagCodes: ['gold'], tagIds: [1, 2] },
    { id: 2, masterTagCodes: [], tagIds: [1] },
  ],
  departmentOf: new Map(),
};

const tier = buildRule({
  kind: 'exclusive',
  tagCodes: ['bronze', 'gold', 'silver'],
  precedence: ['gold', 'silver', 'bronze'],
  allowedPairs: [],
});
const pair = buildRule({
  kind: 'exclusive',
  tagCodes: ['gold', 'silver'],
  precedence: ['gold', 'silver'],
  allowedPairs: [],
});
const unranked = buildRule({
  kind: 'exclusive',
  tagCodes: ['gold', 'silver', 'bronze'],
  precedence: [],
  allowedPairs: [['gold', 'bronze']],
});
const synonym = buildRule({
  kind: 'synonym',
  canonicalCode: 'gold',
  synonymCodes: ['silver', 'bronze'],
});
const dominance = buildRule({
  kind: 'dominance',
  dominantCode: 'old',
  dominatedCodes: ['gold', 'silver'],
});
const life = buildRule({ kind: 'time-to-live', tagCodes: [] });
const stale = buildRule({ kind: 'stale', tagCodes: [] });
const overload = buildRule({ kind: 'overload', tagsMax: 2, temporaryTagsMax: 0 });
const deprecated = buildRule({ kind: 'deprecated' });
const unknown = buildRule({ kind: 'unknown' });
const subTags = buildRule({ kind: 'implied', tagCodes: null, singleChoiceCodes: [] });
const oneChild = buildRule({ kind: 'implied', tagCodes: [], singleChoiceCodes: ['parent'] });
const scoped = buildRule({ kind: 'scope', tagCodes: [] });
const sensitive = buildRule({
  kind: 'sensitivity',
  tagCodes: [],
  departmentCodes: [],
  actorNames: [],
});
const mismatch = buildRule({ kind: 'mismatch', tagCodes: [] });

interface Case {
  readonly name: string;
  readonly rule: Rule;
  readonly customer: CustomerTags;
  /** Of the first finding. */
  readonly resolutions: readonly ResolutionCode[];
  /** What each does for the first finding: tag ids added and removed. */
  readonly changes: Readonly<Partial<Record<ResolutionCode, readonly [number[], number[]]>>>;
}

const cases: readonly Case[] = [
  {
    name: 'a pair with a precedence: the stronger stays',
    rule: pair,
    customer: buildCustomer([1, 2]),
    resolutions: ['keep-second', 'keep-first'],
    changes: { 'keep-second': [[], [2]], 'keep-first': [[], [1]] },
  },
  {
    name: 'a group: the strongest of each customer stays',
    rule: tier,
    customer: buildCustomer([2, 3]),
    resolutions: ['keep-strongest', 'keep-second', 'keep-first'],
    changes: { 'keep-strongest': [[], [3]], 'keep-second': [[], [3]], 'keep-first': [[], [2]] },
  },
  {
    name: 'a group without precedence: the one put on last stays, and what may stand beside it',
    rule: unranked,
    customer: buildCustomer([
      { tagId: 1, sinceSeconds: 50 },
      { tagId: 2, sinceSeconds: 20 },
      { tagId: 3 },
    ]),
    resolutions: ['keep-latest', 'keep-second', 'keep-first'],
    changes: { 'keep-latest': [[], [2]] },
  },
  {
    name: 'a synonym next to the canonical tag',
    rule: synonym,
    customer: buildCustomer([1, 2]),
    resolutions: ['replace', 'keep-first'],
    changes: { replace: [[], [2]], 'keep-first': [[], [1]] },
  },
  {
    name: 'two synonyms: both give way to the canonical tag',
    rule: synonym,
    customer: buildCustomer([2, 3]),
    resolutions: ['replace', 'keep-second', 'keep-first'],
    changes: { replace: [[1], [2, 3]], 'keep-second': [[], [3]] },
  },
  {
    name: 'a dominated tag goes',
    rule: dominance,
    customer: buildCustomer([1, 6]),
    resolutions: ['keep-second', 'keep-first'],
    changes: { 'keep-second': [[], [1]], 'keep-first': [[], [6]] },
  },
  {
    name: 'an expired tag gives way to its successor',
    rule: life,
    customer: buildCustomer([{ tagId: 4, sinceSeconds: nowSeconds - 90 * daySeconds }]),
    resolutions: ['replace', 'remove'],
    changes: { replace: [[1], [4]], remove: [[], [4]] },
  },
  {
    name: 'an expired tag whose successor is there already',
    rule: life,
    customer: buildCustomer([1, { tagId: 4, sinceSeconds: nowSeconds - 90 * daySeconds }]),
    resolutions: ['replace', 'remove'],
    changes: { replace: [[], [4]] },
  },
  {
    name: 'a stale tag can be removed',
    rule: stale,
    customer: buildCustomer([{ tagId: 5, sinceSeconds: nowSeconds - 31 * daySeconds }]),
    resolutions: ['remove'],
    changes: { remove: [[], [5]] },
  },
  {
    name: 'a deprecated tag gives way to its successor',
    rule: deprecated,
    customer: buildCustomer([6]),
    resolutions: ['replace', 'remove'],
    changes: { replace: [[2], [6]] },
  },
  {
    name: 'a sub tag gets its main tag',
    rule: subTags,
    customer: buildCustomer([9]),
    resolutions: ['add-second', 'remove'],
    changes: { 'add-second': [[8], []], remove: [[], [9]] },
  },
  {
    name: 'of a choice of one the latest stays',
    rule: oneChild,
    customer: buildCustomer([8, { tagId: 9, sinceSeconds: 9 }, { tagId: 10, sinceSeconds: 5 }]),
    resolutions: ['keep-latest', 'keep-second', 'keep-first'],
    changes: { 'keep-latest': [[], [10]], 'keep-second': [[], [10]], 'keep-first': [[], [9]] },
  },
  {
    name: 'a tag of another department can be removed',
    rule: scoped,
    customer: buildCustomer([{ tagId: 11, actorId: 1 }]),
    resolutions: ['remove'],
    changes: { remove: [[], [11]] },
  },
  {
    name: 'a sensitive tag without the right can be removed',
    rule: sensitive,
    customer: buildCustomer([{ tagId: 11, actorId: 1 }]),
    resolutions: ['remove'],
    changes: { remove: [[], [11]] },
  },
  {
    name: 'a tag whose criteria are met goes on',
    rule: buildRule({ kind: 'criteria', tagCode: 'met', direction: 'missing' }),
    customer: buildCustomer([1]),
    resolutions: ['add'],
    changes: { add: [[12], []] },
  },
  {
    name: 'a tag whose criteria are not met goes',
    rule: buildRule({ kind: 'criteria', tagCode: 'unmet', direction: 'unmet' }),
    customer: buildCustomer([1, 13]),
    resolutions: ['remove'],
    changes: { remove: [[], [13]] },
  },
  {
    name: 'what the master does not say goes',
    rule: mismatch,
    customer: buildCustomer([{ tagId: 1, sourceId: 2 }], { presentIn: [1, 2] }),
    resolutions: ['follow-master'],
    changes: { 'follow-master': [[], [1]] },
  },
  {
    name: 'an unknown tag can be removed',
    rule: unknown,
    customer: buildCustomer([1, unknownId]),
    resolutions: ['remove'],
    changes: { remove: [[], [unknownId]] },
  },
  {
    name: 'too many tags: temporary ones go first, then unknown ones, then sub tags, the oldest first',
    rule: overload,
    customer: buildCustomer([
      { tagId: 1, sinceSeconds: 1 },
      { tagId: 2, sinceSeconds: 2 },
      { tagId: 5, sinceSeconds: 9 },
      { tagId: 7, sinceSeconds: 3 },
      { tagId: unknownId, sinceSeconds: 8 },
    ]),
    resolutions: ['remove-weakest'],
    changes: { 'remove-weakest': [[], [5, unknownId, 7]] },
  },
];

test('every kind that looks at customers is tried', () => {
  const onCustomers = Object.values(ruleKinds).filter((module) => module.inspect === undefined);
  expect(new Set<string>(cases.map(({ rule }) => rule.kind))).toEqual(
    new Set(onCustomers.map(({ kind }) => kind)),
  );
});

describe('what can be done about a finding', () => {
  test.each(cases)('$name', ({ rule, customer, resolutions, changes }) => {
    const dictionary: Dictionary = { tags, rules: [rule], attributes: [], relations: [], origins };
    const [found] = detectAll(dictionary, customer, nowSeconds).found;
    const finding: Finding = {
      ruleId: rule.id,
      customerId: 1,
      firstTagId: found?.[1] ?? -1,
      secondTagId: found?.[2] ?? -1,
    };
    const module = ruleKindOf(rule);
    expect(module.resolutions(rule, finding, dictionary)).toEqual(resolutions);
    for (const [resolution, [added, removed]] of Object.entries(changes)) {
      const code = resolution as ResolutionCode;
      expect(module.change(rule, finding, code, customer, dictionary)).toEqual({
        addTagIds: added,
        removeTagIds: removed,
      });
    }
  });

  test.each(cases)('$name: the recommended change leaves no finding of the rule', (one) => {
    const { rule, customer } = one;
    const dictionary: Dictionary = { tags, rules: [rule], attributes: [], relations: [], origins };
    let current = customer;
    for (const [, firstTagId, secondTagId] of detectAll(dictionary, customer, nowSeconds).found) {
      const finding = { ruleId: rule.id, customerId: 1, firstTagId, secondTagId };
      const [recommended = 'remove'] = ruleKindOf(rule).resolutions(rule, finding, dictionary);
      const change = ruleKindOf(rule).change(rule, finding, recommended, current, dictionary);
      const kept = [...current.tagIds].filter((tagId) => !change.removeTagIds.includes(tagId));
      current = buildCustomer([...kept, ...change.addTagIds]);
    }
    expect(detectAll(dictionary, current, nowSeconds).found).toEqual([]);
  });
});

test('what the master says goes on in each other source that lacks it and knows it', () => {
  const dictionary: Dictionary = {
    tags,
    rules: [mismatch],
    attributes: [],
    relations: [],
    origins,
  };
  const customer = buildCustomer([{ tagId: 1, sourceId: 1 }], { presentIn: [1, 2] });
  const findings = [{ ruleId: 1, customerId: 1, firstTagId: 1, secondTagId: 0 }];
  expect(detectAll(dictionary, customer, nowSeconds).found).toEqual([[1, 1, 0]]);
  const change = planChange({
    rule: mismatch,
    findings,
    resolution: 'follow-master',
    customer,
    dictionary,
  });
  expect(planItems(customer, [1, 2], change)).toEqual([
    { customerId: 1, sourceId: 2, beforeTagIds: [], afterTagIds: [1] },
  ]);
});

test('each tag goes on in the sources that lack it, and in no other, whatever else of the customer is mended', () => {
  const dictionary: Dictionary = {
    tags,
    rules: [mismatch],
    attributes: [],
    relations: [],
    origins: {
      ...origins,
      sources: [
        { id: 1, masterTagCodes: ['gold', 'silver', 'bronze'], tagIds: [1, 2, 3] },
        { id: 2, masterTagCodes: [], tagIds: [1, 3] },
        { id: 3, masterTagCodes: [], tagIds: [2] },
      ],
    },
  };
  // 2 lacks gold and has bronze, which the master does not say; 3 lacks silver and knows no gold.
  const customer = buildCustomer(
    [
      { tagId: 1, sourceId: 1 },
      { tagId: 2, sourceId: 1 },
      { tagId: 3, sourceId: 2 },
    ],
    { presentIn: [1, 2, 3] },
  );
  const findings = detectAll(dictionary, customer, nowSeconds).found.map(
    ([ruleId, firstTagId, secondTagId]) => ({ ruleId, customerId: 1, firstTagId, secondTagId }),
  );
  expect(findings.map(({ firstTagId }) => firstTagId)).toEqual([1, 2, 3]);
  const resolution = 'follow-master';
  const change = planChange({ rule: mismatch, findings, resolution, customer, dictionary });
  const items = planItems(customer, [1, 2, 3], change).toSorted((a, b) => a.sourceId - b.sourceId);
  expect(items).toEqual([
    { customerId: 1, sourceId: 2, beforeTagIds: [3], afterTagIds: [1] },
    { customerId: 1, sourceId: 3, beforeTagIds: [], afterTagIds: [2] },
  ]);
});
