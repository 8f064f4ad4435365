import { describe, expect, test } from 'vitest';
import type { RuleDefinition } from '../../domain/configuration.ts';
import { learnedChange, type RuleDecision, type TagPair } from '../../domain/learning.ts';

const rule: RuleDefinition = {
  kind: 'exclusive',
  code: 'value-groups',
  name: { 'zh-CN': '价值分层互斥', en: 'Value groups' },
  severity: 'high',
  ownerCode: null,
  enabled: true,
  tagCodes: ['a', 'b', 'c'],
  precedence: [],
  allowedPairs: [],
};
const floor = { precisionFloor: 0.7, reached: [], tags: [] };

const decided = (times: number, right: boolean, ...pairs: TagPair[]): readonly RuleDecision[] =>
  Array.from({ length: times }, () => ({ right, pairs }));

describe('what had better become of a rule', () => {
  test('that is right often enough, or not surely wrong, is nothing', () => {
    expect(learnedChange(rule, [], floor)).toBeNull();
    expect(learnedChange(rule, decided(4, false, ['a', 'b']), floor)).toBeNull();
    const mixed = [...decided(30, true, ['a', 'b']), ...decided(6, false, ['a', 'b'])];
    expect(learnedChange(rule, mixed, floor)).toBeNull();
  });

  test('that is wrong about one pair is to let that pair stand', () => {
    const decisions = [
      ...decided(20, false, ['b', 'a']),
      ...decided(10, false, ['a', 'b']),
      ...decided(20, true, ['a', 'c']),
    ];
    expect(learnedChange(rule, decisions, floor)).toEqual({
      kind: 'rule',
      after: { ...rule, allowedPairs: [['b', 'a']] },
      record: { right: 20, wrong: 30 },
    });
  });

  test('that is wrong about several pairs is to let each of them stand', () => {
    const decisions = [...decided(12, false, ['a', 'b']), ...decided(20, false, ['b', 'c'])];
    expect(learnedChange(rule, decisions, floor)).toMatchObject({
      after: {
        enabled: true,
        allowedPairs: [
          ['b', 'c'],
          ['a', 'b'],
        ],
      },
    });
  });

  test('that is wrong altogether, or would have nothing left to find, is to go off', () => {
    const everywhere = [
      ...decided(12, false, ['a', 'b'], ['a', 'c'], ['b', 'c']),
      ...decided(9, false),
    ];
    expect(learnedChange(rule, everywhere, floor)).toMatchObject({
      after: { ...rule, enabled: false },
    });
    const two: RuleDefinition = { ...rule, tagCodes: ['a', 'b'] };
    const wrong = decided(12, false, ['a', 'b']);
    expect(learnedChange(two, wrong, floor)).toMatchObject({ after: { ...two, enabled: false } });
  });

  test('a floor of 0 asks for nothing', () => {
    expect(
      learnedChange(rule, decided(50, false, ['a', 'b']), { ...floor, precisionFloor: 0 }),
    ).toBeNull();
  });
});
