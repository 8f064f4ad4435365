import { describe, expect, test } from 'vitest';
import { liftOf, type UsualShare } from '../../domain/root-cause.ts';

const [high, black] = [1, 2];
const all = (customers: number) => [{ tagIds: [high, black], customers }];
const usual = (
  ofAll: number | null,
  ...ofTag: readonly (readonly [tagId: number, carriers: number, brought: number])[]
): UsualShare => ({
  ofAll,
  ofTag: new Map(ofTag.map(([tagId, carriers, brought]) => [tagId, { carriers, brought }])),
});

describe('what brought a warning', () => {
  test('is more than half of it, and surely more than usual', () => {
    const rare = usual(0.01, [high, 1_000, 10], [black, 1_000, 10]);
    expect(liftOf(31, all(37), rare)).toBeCloseTo(31 / 37 / (1 - 0.99 ** 2), 6);
    expect(liftOf(18, all(37), rare)).toBeNull();
  });

  test('is not whoever puts these tags on most customers anyway', () => {
    expect(liftOf(31, all(37), usual(0.1, [black, 1_000, 900]))).toBeNull();
  });

  test('is told from chance by the figures: six of ten may be chance where six hundred of a thousand are not', () => {
    const often = usual(0.2, [high, 10_000, 2_000], [black, 10_000, 2_000]);
    expect(liftOf(6, all(10), often)).toBeNull();
    expect(liftOf(600, all(1_000), often)).toBeCloseTo(0.6 / 0.36, 6);
  });

  test('is nothing where two customers are all there is, or nobody to compare with', () => {
    expect(liftOf(2, all(2), usual(0.01))).toBeNull();
    expect(liftOf(9, all(10), usual(null))).toBeNull();
  });

  test('leans on all tagging where few others carry a tag', () => {
    const groups = [{ tagIds: [black], customers: 10 }];
    expect(liftOf(9, groups, usual(0.02, [black, 1, 1]))).toBeCloseTo(0.9 / (1.4 / 21), 6);
    expect(liftOf(9, groups, usual(0, [black, 0, 0]))).toBe(Number.POSITIVE_INFINITY);
  });

  test('weighs customers by the tags they carry', () => {
    const groups = [
      { tagIds: [high], customers: 30 },
      { tagIds: [black], customers: 10 },
    ];
    const usualShare = usual(0.1, [high, 1_980, 180], [black, 980, 480]);
    const expected = (30 * 182) / 2_000 + (10 * 482) / 1_000;
    expect(liftOf(35, groups, usualShare)).toBeCloseTo(35 / expected, 6);
  });
});
