import { drawing, escapeText, round, shortened, type Tone } from '../bot/charts/svg.ts';
import type { LinkKind, TagMap } from '../domain/tag-map.ts';

export interface MapWords {
  /** In words, for who can't see it. */
  readonly label: string;
  readonly nameOf: (code: string) => string;
  /** Where a tag leads. */
  readonly pathOf: (code: string) => string;
  readonly kinds: Readonly<Record<LinkKind, string>>;
  /** The tag that the map is about; null for all of them. */
  readonly around: string | null;
}

export const linkTones: Readonly<Record<LinkKind, Tone>> = {
  'exclusive-with': 'red',
  dominates: 'orange',
  'synonym-of': 'blue',
  implies: 'teal',
  'broader-than': 'grey',
  succeeds: 'violet',
};

const margin = 16;
const nodeRadius = 6;
const nameWidthMax = 108;
/** Between a line's end and the tag. */
const gap = nodeRadius + 3;

/** The tags as points with their names, and what is between them as lines; each tag leads to what is around it. */
export function tagMapSvg(map: TagMap, { label, nameOf, pathOf, kinds, around }: MapWords): string {
  const width = map.width + 2 * margin;
  const used = [...new Set(map.links.map(({ kind }) => kind))];
  const placed = new Map(map.tags.map((tag) => [tag.code, tag]));
  const lines = map.links.map(({ kind, fromCode, toCode }) => {
    const [from, to] = [placed.get(fromCode), placed.get(toCode)];
    if (from === undefined || to === undefined) return '';
    const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
    const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
    const isBoth = kind === 'exclusive-with' || kind === 'synonym-of';
    const end = isBoth ? gap : gap + 3;
    const words = `${nameOf(fromCode)} · ${kinds[kind]} · ${nameOf(toCode)}`;
    return `<line data-map-ends="${escapeText(`${fromCode} ${toCode}`)}" x1="${round(from.x + dx * gap)}" y1="${round(from.y + dy * gap)}" x2="${round(to.x - dx * end)}" y2="${round(to.y - dy * end)}" class="map-line line-${linkTones[kind]}"${isBoth ? '' : ` marker-end="url(#map-${kind})"`}><title>${escapeText(words)}</title></line>`;
  });
  const nodes = map.tags.map(({ code, x, y }) => {
    const name = nameOf(code);
    return `<a href="${escapeText(pathOf(code))}" data-map-tag="${escapeText(code)}" class="map-node${code === around ? ' map-here' : ''}"><circle cx="${round(x)}" cy="${round(y)}" r="${nodeRadius}"/><text x="${round(x)}" y="${round(y - nodeRadius - 4)}" text-anchor="middle" class="chart-text">${escapeText(shortened(name, nameWidthMax))}</text><title>${escapeText(name)}</title></a>`;
  });
  const arrows = used.map(
    (kind) =>
      `<marker id="map-${kind}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="6" markerHeight="6" orient="auto-start-reverse"><path d="M0 0L8 4L0 8Z" class="tone-${linkTones[kind]}"/></marker>`,
  );
  return drawing({
    width: Math.ceil(width),
    height: Math.ceil(map.height + 2 * margin),
    label,
    body: `<defs>${arrows.join('')}</defs><g transform="translate(${margin} ${margin})">${lines.join('')}${nodes.join('')}</g>`,
  }).replace('role="img"', 'role="group" data-map');
}
