import { expect, it } from 'vitest';
import {
  countAssignments,
  evaluateContainment,
  evaluateExclusions,
} from '../../evaluate/assignments.ts';
import { createRandom } from '../../sample/crm/random.ts';

/** Tags put on items by chance, but for two that keep apart, two on the same items and one within another. */
function assignments(): string {
  const random = createRandom();
  random.seed(7);
  const rows = ['item,tag'];
  for (let item = 0; item < 4_000; item += 1) {
    for (let tag = 0; tag < 20; tag += 1) if (random.chance(0.06)) rows.push(`${item},tag-${tag}`);
    if (random.chance(0.2)) rows.push(`${item},${random.chance(0.5) ? 'new' : 'lost'}`);
    if (random.chance(0.1)) rows.push(`${item},vip`, `${item},key`);
    const family = random.next();
    if (family < 0.1) rows.push(`${item},mothers`);
    if (family < 0.2) rows.push(`${item},parents`);
  }
  return rows.join('\n');
}

it('finds the pair that keeps apart and nothing that chance explains', () => {
  const { items, pairs } = evaluateExclusions(countAssignments(assignments()));
  expect(items).toBeGreaterThan(3_000);
  expect(pairs.map(({ first, second }) => [first, second].toSorted().join())).toEqual(['lost,new']);
  expect(pairs[0]).toMatchObject({ both: 0 });
});

it('finds the pair on the same items and the one within the other', () => {
  const { redundant, contained } = evaluateContainment(countAssignments(assignments()));
  expect(redundant.map(({ first, second }) => [first, second].toSorted().join())).toEqual([
    'key,vip',
  ]);
  expect(contained.map(({ first, second }) => `${first} < ${second}`)).toEqual([
    'mothers < parents',
  ]);
});
