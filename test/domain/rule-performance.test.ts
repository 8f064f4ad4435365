import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRule } from '../../domain/rule-performance.ts';
import { wilsonInterval } from '../../domain/wilson-interval.ts';

const precisionFloor = 0.7;

describe('the interval of a share', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (hits, tries, low, high) => {
    const interval = wilsonInterval(hits, tries);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('holds the share, stays within 0 and 1, and narrows as tries grow', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 200 }), (some, tries) => {
        const hits = Math.min(some, tries);
        const { low, high } = wilsonInterval(hits, tries);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low - 1e-12).toBeLessThanOrEqual(hits / tries);
        expect(high + 1e-12).toBeGreaterThanOrEqual(hits / tries);
        const more = wilsonInterval(hits * 4, tries * 4);
        expect(more.high - more.low).toBeLessThan(high - low);
      }),
    );
  });

  test('is everything where nothing was tried', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('a rule', () => {
  test('is not judged by few decisions', () => {
    expect(judgeRule({ right: 0, wrong: 4 }, precisionFloor)).toEqual({
      kind: 'unproven',
      decisions: 4,
    });
  });

  test('is doubtful once its whole interval lies under the floor', () => {
    expect(judgeRule({ right: 1, wrong: 9 }, precisionFloor)).toMatchObject({
      kind: 'doubtful',
      precision: 0.1,
    });
    expect(judgeRule({ right: 3, wrong: 3 }, precisionFloor)).toMatchObject({
      kind: 'sound',
      precision: 0.5,
    });
    const verdict = judgeRule({ right: 40, wrong: 60 }, precisionFloor);
    expect(verdict.kind === 'doubtful' && verdict.interval.high < precisionFloor).toBe(true);
  });
});
