import type { RelationKind, Tag } from './tag.ts';

/** succeeds: the first tag is to become the second one. */
export type LinkKind = RelationKind | 'succeeds';

export interface TagLink {
  readonly kind: LinkKind;
  readonly fromCode: string;
  readonly toCode: string;
}

/** What stands between the tags of the dictionary: relations, sub tags below their main tag, successors. */
export function linksOf(
  tags: readonly Pick<Tag, 'code' | 'parentCode' | 'successorCode'>[],
  relations: readonly TagLink[],
): readonly TagLink[] {
  const known = new Set(tags.map(({ code }) => code));
  const parts = tags.flatMap(({ code, parentCode, successorCode }): readonly TagLink[] => [
    ...(parentCode === null
      ? []
      : [{ kind: 'broader-than' as const, fromCode: parentCode, toCode: code }]),
    ...(successorCode === null
      ? []
      : [{ kind: 'succeeds' as const, fromCode: code, toCode: successorCode }]),
  ]);
  const seen = new Set<string>();
  return [...relations, ...parts].filter(({ kind, fromCode, toCode }) => {
    const key = `${kind} ${fromCode} ${toCode}`;
    const isNew = !seen.has(key) && known.has(fromCode) && known.has(toCode);
    seen.add(key);
    return isNew;
  });
}

/** Links with one of some tags at either end. */
export function linksOfTags(
  links: readonly TagLink[],
  codes: ReadonlySet<string>,
): readonly TagLink[] {
  return links.filter(({ fromCode, toCode }) => codes.has(fromCode) || codes.has(toCode));
}

/** Links within so many steps of a tag. */
export function linksAround(
  links: readonly TagLink[],
  code: string,
  stepsMax: number,
): readonly TagLink[] {
  let near = new Set([code]);
  for (let step = 1; step < stepsMax; step += 1) {
    const ends = links.filter(({ fromCode, toCode }) => near.has(fromCode) || near.has(toCode));
    near = new Set([...near, ...ends.flatMap(({ fromCode, toCode }) => [fromCode, toCode])]);
  }
  return links.filter(({ fromCode, toCode }) => near.has(fromCode) || near.has(toCode));
}

export interface PlacedTag {
  readonly code: string;
  readonly x: number;
  readonly y: number;
}

export interface TagMap {
  readonly width: number;
  readonly height: number;
  readonly tags: readonly PlacedTag[];
  readonly links: readonly TagLink[];
  /** Tags with a link for which there was no room. */
  readonly leftOut: number;
}

const islandGap = 36;
/** Room for a tag's name beside it. */
const nodeWidth = 120;
const nodeHeight = 54;
const rounds = 160;

/**
 * Places linked tags: each island by itself, the largest first, then row by row. The same links give the same map.
 * With more than `tagsMax` tags the smallest islands are left out; one island that is larger is cut.
 */
export function layOutTagMap(
  links: readonly TagLink[],
  { tagsMax, widthMin }: { readonly tagsMax: number; readonly widthMin: number },
): TagMap {
  const islands = islandsOf(links).toSorted(
    (a, b) => b.length - a.length || (a[0] ?? '').localeCompare(b[0] ?? ''),
  );
  const shown: (readonly string[])[] = [];
  let room = tagsMax;
  for (const island of islands) {
    if (room <= 0) break;
    const kept = island.slice(0, room);
    shown.push(kept);
    room -= kept.length;
  }
  const areas = shown.map((codes) => layOutIsland(codes, links));
  const width = Math.max(widthMin, ...areas.map((area) => area.width));
  const placed: PlacedTag[] = [];
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  for (const area of areas) {
    if (x > 0 && x + area.width > width) {
      x = 0;
      y += rowHeight + islandGap;
      rowHeight = 0;
    }
    for (const tag of area.tags) placed.push({ code: tag.code, x: tag.x + x, y: tag.y + y });
    x += area.width + islandGap;
    rowHeight = Math.max(rowHeight, area.height);
  }
  const codes = new Set(placed.map(({ code }) => code));
  const all = islands.reduce((sum, island) => sum + island.length, 0);
  return {
    width,
    height: y + rowHeight,
    tags: placed,
    links: links.filter(({ fromCode, toCode }) => codes.has(fromCode) && codes.has(toCode)),
    leftOut: all - placed.length,
  };
}

/** Tags that are linked with each other, each island from its best linked tag outwards. */
function islandsOf(links: readonly TagLink[]): readonly (readonly string[])[] {
  const neighbours = new Map<string, Set<string>>();
  const join = (from: string, to: string) =>
    neighbours.set(from, (neighbours.get(from) ?? new Set()).add(to));
  for (const { fromCode, toCode } of links) {
    join(fromCode, toCode);
    join(toCode, fromCode);
  }
  const degree = (code: string) => neighbours.get(code)?.size ?? 0;
  const seen = new Set<string>();
  const islands: string[][] = [];
  const starts = [...neighbours.keys()].toSorted(
    (a, b) => degree(b) - degree(a) || a.localeCompare(b),
  );
  for (const start of starts) {
    if (seen.has(start)) continue;
    const island = [start];
    seen.add(start);
    for (let at = 0; at < island.length; at += 1) {
      const next = [...(neighbours.get(island[at] ?? '') ?? [])].filter((code) => !seen.has(code));
      for (const code of next.toSorted()) {
        seen.add(code);
        island.push(code);
      }
    }
    islands.push(island);
  }
  return islands;
}

interface Point {
  x: number;
  y: number;
}

/** Links pull, tags push (Fruchterman and Reingold, 1991), from a spiral, so that chance has no part in it. */
function layOutIsland(
  codes: readonly string[],
  links: readonly TagLink[],
): {
  readonly width: number;
  readonly height: number;
  readonly tags: readonly PlacedTag[];
} {
  const indexOf = new Map(codes.map((code, index) => [code, index]));
  const edges = links.flatMap(({ fromCode, toCode }) => {
    const [from, to] = [indexOf.get(fromCode), indexOf.get(toCode)];
    return from === undefined || to === undefined || from === to ? [] : [[from, to] as const];
  });
  const points: Point[] = codes.map((_, index) => {
    const angle = index * 2.4;
    const radius = Math.sqrt(index);
    return { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius };
  });
  for (let round = 0; round < rounds; round += 1) {
    relax(points, edges, (1 - round / rounds) * 0.6 + 0.02);
  }
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    width: (Math.max(...xs) - left + 1) * nodeWidth,
    height: (Math.max(...ys) - top + 1) * nodeHeight,
    tags: points.map(({ x, y }, index) => ({
      code: codes[index] ?? '',
      x: (x - left + 0.5) * nodeWidth,
      y: (y - top + 0.5) * nodeHeight,
    })),
  };
}

/** One round in which nothing moves further than `stepMax`; one is the distance that two linked tags like. */
function relax(
  points: readonly Point[],
  edges: readonly (readonly [number, number])[],
  stepMax: number,
): void {
  const moves = points.map(() => ({ x: 0, y: 0 }));
  const apply = (at: number, x: number, y: number) => {
    const move = moves[at];
    if (move === undefined) return;
    move.x += x;
    move.y += y;
  };
  for (const [index, one] of points.entries()) {
    for (let at = index + 1; at < points.length; at += 1) {
      const other = points[at] ?? one;
      const [dx, dy] = [one.x - other.x, one.y - other.y];
      const push = 1 / Math.max(0.01, dx * dx + dy * dy);
      apply(index, dx * push, dy * push);
      apply(at, -dx * push, -dy * push);
    }
  }
  for (const [from, to] of edges) {
    const [one, other] = [points[from], points[to]];
    if (one === undefined || other === undefined) continue;
    const [dx, dy] = [one.x - other.x, one.y - other.y];
    const pull = Math.hypot(dx, dy);
    apply(from, -dx * pull, -dy * pull);
    apply(to, dx * pull, dy * pull);
  }
  for (const [index, point] of points.entries()) {
    const { x, y } = moves[index] ?? { x: 0, y: 0 };
    const length = Math.hypot(x, y) || 1;
    const step = Math.min(length, stepMax) / length;
    point.x += x * step;
    point.y += y * step;
  }
}
