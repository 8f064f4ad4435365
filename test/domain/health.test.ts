import { expect, test } from 'vitest';
import { healthScore, type HealthPart } from '../../domain/health.ts';

const part = (good: number, of: number): HealthPart => ({ kind: 'known', good, of });

test('tag health is the mean of the shares, whatever the parts count', () => {
  expect(healthScore([part(5, 10), part(1_000_000, 1_000_000)])).toBe(75);
});

test('a part with nothing to judge does not count, and nothing to judge is no score', () => {
  expect(healthScore([part(9, 10), part(0, 0)])).toBe(90);
  expect(healthScore([part(0, 0)])).toBeNull();
});
