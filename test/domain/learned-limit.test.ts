import { describe, expect, test } from 'vitest';
import type { RuleDefinition } from '../../domain/configuration.ts';
import { learnedDays, learnedLimit, type Reached } from '../../domain/learned-limit.ts';
import { buildTag } from '../support/builders.ts';

const common = {
  code: 'rule',
  name: { 'zh-CN': '规则', en: 'Rule' },
  severity: 'low',
  ownerCode: null,
  enabled: true,
} as const;
const floor = 0.7;

const decided = (
  times: number,
  right: boolean,
  value: number | null,
  tagCode: string | null = null,
): readonly Reached[] => Array.from({ length: times }, () => ({ right, value, tagCode }));

describe('a rule of too many tags', () => {
  const overload: RuleDefinition = {
    ...common,
    kind: 'overload',
    tagsMax: 12,
    temporaryTagsMax: null,
  };

  test('that is wrong about customers just over it gets the smallest limit that leaves it right', () => {
    const reached = [
      ...decided(12, false, 13),
      ...decided(10, false, 14),
      ...decided(1, false, 19),
      ...decided(15, true, 18),
    ];
    expect(learnedLimit(overload, reached, floor)).toEqual({ ...overload, tagsMax: 14 });
  });

  test('keeps its limit where right and wrong lie mixed, or where it would have to be no limit', () => {
    const mixed = [...decided(10, true, 13), ...decided(10, false, 14), ...decided(10, false, 13)];
    expect(learnedLimit(overload, [...mixed, ...decided(9, true, 13)], floor)).toBeNull();
    expect(learnedLimit(overload, decided(20, false, 40), floor)).toBeNull();
  });

  test('loses nothing right that is not known to lie beyond the new limit', () => {
    const reached = [...decided(10, false, 13), ...decided(10, true, null)];
    expect(learnedLimit(overload, reached, floor)).toBeNull();
  });

  test('is about temporary tags where it has no other limit', () => {
    const temporary = { ...overload, tagsMax: null, temporaryTagsMax: 3 };
    expect(learnedLimit(temporary, decided(10, false, 4), floor)).toEqual({
      ...temporary,
      temporaryTagsMax: 4,
    });
  });
});

describe('a rule of time', () => {
  const stale: RuleDefinition = { ...common, kind: 'stale', tagCodes: [] };
  const tags = [
    buildTag({ code: 'phone', confirmEveryDays: 90 }),
    buildTag({ code: 'address', confirmEveryDays: 90 }),
  ];
  const learner = { tags, precisionFloor: floor };

  test('that is wrong about one tag asks for whole months after which nine of ten had come', () => {
    const reached = [
      ...decided(9, false, 100, 'phone'),
      ...decided(1, false, 300, 'phone'),
      ...decided(20, true, null, 'address'),
    ];
    expect(learnedDays(stale, reached, learner)).toEqual({
      code: 'phone',
      after: { confirmEveryDays: 120 },
      record: { right: 0, wrong: 10 },
    });
  });

  test('asks for the life of a tag where that is what ended', () => {
    const life: RuleDefinition = { ...common, kind: 'time-to-live', tagCodes: [] };
    const known = { tags: [buildTag({ code: 'new', lifeDays: 90 })], precisionFloor: floor };
    expect(learnedDays(life, decided(10, false, 95, 'new'), known)?.after).toEqual({
      lifeDays: 120,
    });
  });

  test('asks for nothing where it is right, too few decided, the days are not known or would be years', () => {
    expect(learnedDays(stale, decided(4, false, 100, 'phone'), learner)).toBeNull();
    expect(learnedDays(stale, decided(20, true, 100, 'phone'), learner)).toBeNull();
    expect(learnedDays(stale, decided(20, false, null, 'phone'), learner)).toBeNull();
    expect(learnedDays(stale, decided(20, false, 900, 'phone'), learner)).toBeNull();
  });
});
