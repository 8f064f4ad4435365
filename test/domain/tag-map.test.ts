import { describe, expect, test } from 'vitest';
import {
  layOutTagMap,
  linksAround,
  linksOf,
  linksOfTags,
  type TagLink,
} from '../../domain/tag-map.ts';

const link = (fromCode: string, toCode: string): TagLink => ({
  kind: 'implies',
  fromCode,
  toCode,
});
const room = { tagsMax: 100, widthMin: 600 };

describe('links', () => {
  const tag = (
    code: string,
    parentCode: string | null = null,
    successorCode: string | null = null,
  ) => ({
    code,
    parentCode,
    successorCode,
  });

  test('are relations, sub tags and successors, each once, between tags that are there', () => {
    const relation = { kind: 'broader-than' as const, fromCode: 'a', toCode: 'b' };
    expect(
      linksOf([tag('a'), tag('b', 'a'), tag('c', null, 'a')], [relation, link('a', 'gone')]),
    ).toEqual([relation, { kind: 'succeeds', fromCode: 'c', toCode: 'a' }]);
  });

  test('around a tag go as many steps as asked for, whichever way they point', () => {
    const chain = [link('a', 'b'), link('c', 'b'), link('c', 'd'), link('d', 'e')];
    expect(linksAround(chain, 'a', 1)).toEqual(chain.slice(0, 1));
    expect(linksAround(chain, 'a', 2)).toEqual(chain.slice(0, 2));
  });
});

test('links of some tags are those with one of them at either end', () => {
  const links = [link('a', 'b'), link('b', 'c'), link('c', 'a'), link('b', 'b')];
  expect(linksOfTags(links, new Set(['c']))).toEqual([link('b', 'c'), link('c', 'a')]);
});

describe('the map', () => {
  const star = Array.from({ length: 12 }, (_, index) => link('hub', `ray-${index}`));
  const pairs = Array.from({ length: 8 }, (_, index) => link(`left-${index}`, `right-${index}`));

  test('keeps tags apart, within its frame, and is the same every time', () => {
    const map = layOutTagMap([...star, ...pairs], room);
    expect(map.tags).toHaveLength(13 + 16);
    for (const [index, one] of map.tags.entries()) {
      expect(one.x > 0 && one.x < map.width && one.y > 0 && one.y < map.height).toBe(true);
      for (const other of map.tags.slice(index + 1)) {
        expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(20);
      }
    }
    expect(layOutTagMap([...star, ...pairs], room)).toEqual(map);
  });

  test('leaves out the smallest islands where there is no room, with their links', () => {
    const map = layOutTagMap([...star, ...pairs], { ...room, tagsMax: 15 });
    expect(map.tags).toHaveLength(15);
    expect(map.leftOut).toBe(14);
    expect(map.links).toHaveLength(13);
  });

  test('of nothing is empty', () => {
    expect(layOutTagMap([], room)).toMatchObject({ tags: [], links: [], leftOut: 0 });
  });
});
