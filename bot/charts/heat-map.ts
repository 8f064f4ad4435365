import { drawing, escapeText, fontSize, round, textAt, textWidth, wrapped } from './svg.ts';

export interface HeatField {
  readonly value: number;
  /** Where what is counted stands; null: nowhere. */
  readonly href: string | null;
}

export interface HeatMap {
  /** In words, for who can't see it. */
  readonly label: string;
  readonly rows: readonly { readonly label: string; readonly fields: readonly HeatField[] }[];
  readonly columns: readonly string[];
  readonly format: (value: number) => string;
}

const width = 960;
const rowHeight = 26;
const rowLabelWidthMax = 150;
const headLinesMax = 3;
const headGap = 8;
/** Names that have no room side by side are slanted, so that all of each can be read. */
const slantDegrees = -35;
const slant = (slantDegrees * Math.PI) / 180;
const slantedWidthMax = 200;
/** Shades of the fill, in console.css. */
const shades = 5;

/** How much of what: the darker the field, the more. Each field says its number. */
export function heatMap({ label, rows, columns, format }: HeatMap): string {
  const most = Math.max(1, ...rows.flatMap(({ fields }) => fields.map(({ value }) => value)));
  const left = Math.min(
    rowLabelWidthMax,
    Math.max(40, ...rows.map((row) => textWidth(row.label))) + 8,
  );
  const head = drawHead(columns, left);
  const { step, height: headHeight } = head;
  const lines = rows.map((row, rowIndex) => {
    const y = headHeight + rowIndex * rowHeight;
    const cells = row.fields.map(({ value, href }, index) => {
      const x = left + step * index;
      const shade = value === 0 ? 0 : Math.max(1, Math.ceil((value / most) * shades));
      const words = escapeText(`${row.label} · ${columns[index] ?? ''} ${format(value)}`);
      const field = `<rect x="${round(x + 1)}" y="${y + 1}" width="${round(step - 2)}" height="${rowHeight - 2}" rx="3" class="shade-${shade}"><title>${words}</title></rect>`;
      if (value === 0) return field;
      const number = `<text x="${round(x + step / 2)}" y="${y + rowHeight / 2 + 4}" text-anchor="middle" class="shade-text-${shade}">${escapeText(format(value))}</text>`;
      return href === null
        ? field + number
        : `<a href="${escapeText(href)}" class="heat-link" aria-label="${words}">${field}${number}</a>`;
    });
    return `${textAt(0, y + rowHeight / 2 + 4, row.label, { widthMax: left - 8 })}${cells.join('')}`;
  });
  return drawing({
    width,
    height: headHeight + rows.length * rowHeight + 2,
    label,
    body: [...head.texts, ...lines].join(''),
  });
}

interface Head {
  readonly texts: readonly string[];
  readonly height: number;
  /** From column to column. */
  readonly step: number;
}

function drawHead(columns: readonly string[], left: number): Head {
  const step = (width - left) / Math.max(1, columns.length);
  const names = columns.map((column) => wrapped(column, step - 4, headLinesMax));
  const isCut = names.some((lines) => lines.some((line) => line.endsWith('…')));
  if (isCut) return drawSlantedHead(columns, left);
  const lineHeight = fontSize + 2;
  const linesMost = Math.max(1, ...names.map((lines) => lines.length));
  const height = headGap + linesMost * lineHeight;
  const texts = names.flatMap((lines, index) =>
    lines.map((line, lineIndex) =>
      textAt(
        left + step * (index + 0.5),
        height - headGap - (lines.length - 1 - lineIndex) * lineHeight,
        line,
        { anchor: 'middle' },
      ),
    ),
  );
  return { texts, height, step };
}

function drawSlantedHead(columns: readonly string[], left: number): Head {
  const widths = columns.map((column) => Math.min(slantedWidthMax, textWidth(column)));
  const reach = widths.map((textLength) => textLength * Math.cos(slant));
  // The last names lean beyond their columns: so much of the width is theirs.
  let step = (width - left) / Math.max(1, columns.length);
  for (const [index, beyond] of reach.entries()) {
    step = Math.min(step, (width - left - beyond) / (index + 0.5));
  }
  const height = Math.max(0, ...widths) * Math.sin(-slant) + fontSize + headGap;
  const texts = columns.map((column, index) =>
    textAt(left + step * (index + 0.5), height - headGap, column, {
      widthMax: slantedWidthMax,
      turnedDegrees: slantDegrees,
    }),
  );
  return { texts, height: Math.ceil(height), step };
}
