import { expect, test } from 'vitest';
import { ownersConcerned } from '../../domain/committee.ts';
import type { Duty } from '../../domain/duty.ts';
import type { SingleProposal } from '../../domain/request.ts';
import type { Rule } from '../../domain/rule.ts';
import { buildTag } from '../support/builders.ts';

const tags = [
  buildTag({ code: 'vip', ownerCode: 'ann' }),
  buildTag({ code: 'high-value', ownerCode: 'bob' }),
  buildTag({ code: 'loyal', ownerCode: 'ann' }),
];
const rule: Rule = {
  id: 1,
  kind: 'exclusive',
  code: 'tiers',
  name: { 'zh-CN': '层级', en: 'Tiers' },
  severity: 'high',
  ownerCode: 'dan',
  enabled: true,
  tagCodes: ['vip', 'loyal'],
  precedence: [],
  allowedPairs: [],
};
const night: Duty = {
  code: 'night',
  name: { 'zh-CN': '夜班', en: 'Night shift' },
  memberCodes: ['fay', 'gus'],
  rotation: { kind: 'round-robin' },
};
const known = { tags, rules: [rule], duties: new Map([[night.code, night]]) };
const { id: _, ...tiers } = rule;

const cases: readonly (readonly [string, SingleProposal, readonly string[]])[] = [
  [
    'both of a merge',
    { kind: 'merge-tags', fromCode: 'vip', intoCode: 'high-value' },
    ['ann', 'bob'],
  ],
  [
    'whoever had a tag before it was handed over',
    {
      kind: 'change-tag',
      code: 'high-value',
      before: { ownerCode: 'cai' },
      after: { ownerCode: 'bob' },
    },
    ['bob', 'cai'],
  ],
  [
    'of a rule, before and after',
    { kind: 'change-rule', before: { ...tiers, ownerCode: 'eve' }, after: tiers },
    ['dan', 'eve'],
  ],
  [
    'all who shared the duty that the rule was of',
    { kind: 'change-rule', before: { ...tiers, ownerCode: 'night' }, after: tiers },
    ['dan', 'fay', 'gus'],
  ],
  ['nobody of a tag that is gone', { kind: 'retire-tag', code: 'gone' }, []],
];

test.each(cases)('an applied request concerns %s', (_case, proposal, owners) => {
  expect(ownersConcerned(proposal, known)).toEqual(owners);
});

test('a batch concerns each owner once', () => {
  const items = ['vip', 'loyal', 'high-value'].map(
    (code) => ({ kind: 'retire-tag', code }) as const,
  );
  expect(ownersConcerned({ kind: 'batch', items }, known)).toEqual(['ann', 'bob']);
});
