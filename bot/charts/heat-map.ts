import {
  drawing,
  escapeText,
  fontSize,
  round,
  shortened,
  textAt,
  textWidth,
  wrapped,
} from './svg.ts';

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
const headHeight = 50;
const headLinesMax = 3;
/** Shades of the fill, in console.css. */
const shades = 5;

/** How much of what: the darker the field, the more. Each field says its number. */
export function heatMap({ label, rows, columns, format }: HeatMap): string {
  const most = Math.max(1, ...rows.flatMap(({ fields }) => fields.map(({ value }) => value)));
  const left = Math.min(
    rowLabelWidthMax,
    Math.max(40, ...rows.map((row) => textWidth(row.label))) + 8,
  );
  const step = (width - left) / Math.max(1, columns.length);
  const heads = columns.flatMap((column, index) =>
    wrapped(column, step - 4, headLinesMax).map((line, lineIndex, lines) =>
      textAt(
        left + step * (index + 0.5),
        headHeight - 8 - (lines.length - 1 - lineIndex) * (fontSize + 2),
        line,
        { anchor: 'middle' },
      ),
    ),
  );
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
    return `${textAt(0, y + rowHeight / 2 + 4, shortened(row.label, left - 8))}${cells.join('')}`;
  });
  return drawing({
    width,
    height: headHeight + rows.length * rowHeight + 2,
    label,
    body: [...heads, ...lines].join(''),
  });
}
