import {
  drawing,
  escapeText,
  fontSize,
  graphemes,
  round,
  shortened,
  textAt,
  textWidth,
} from './svg.ts';

export interface HeatMap {
  /** In words, for who can't see it. */
  readonly label: string;
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly columns: readonly string[];
  readonly format: (value: number) => string;
}

const width = 780;
const rowHeight = 26;
const rowLabelWidthMax = 150;
const headHeight = 38;
/** Shades of the fill, in console.css. */
const shades = 5;

/** How much of what: the darker the field, the more. Each field says its number. */
export function heatMap({ label, rows, columns, format }: HeatMap): string {
  const most = Math.max(1, ...rows.flatMap(({ values }) => values));
  const left = Math.min(
    rowLabelWidthMax,
    Math.max(40, ...rows.map((row) => textWidth(row.label))) + 8,
  );
  const step = (width - left) / Math.max(1, columns.length);
  const heads = columns.flatMap((column, index) =>
    headLines(column, step - 4).map((line, lineIndex, lines) =>
      textAt(
        left + step * (index + 0.5),
        headHeight - 8 - (lines.length - 1 - lineIndex) * (fontSize + 2),
        line,
        { anchor: 'middle' },
      ),
    ),
  );
  const fields = rows.map((row, rowIndex) => {
    const y = headHeight + rowIndex * rowHeight;
    const cells = row.values.map((value, index) => {
      const x = left + step * index;
      const shade = value === 0 ? 0 : Math.max(1, Math.ceil((value / most) * shades));
      const words = `${row.label} · ${columns[index] ?? ''} ${format(value)}`;
      return `<rect x="${round(x + 1)}" y="${y + 1}" width="${round(step - 2)}" height="${rowHeight - 2}" rx="3" class="shade-${shade}"><title>${escapeText(words)}</title></rect>${
        value === 0
          ? ''
          : `<text x="${round(x + step / 2)}" y="${y + rowHeight / 2 + 4}" text-anchor="middle" class="shade-text-${shade}">${escapeText(format(value))}</text>`
      }`;
    });
    return `${textAt(0, y + rowHeight / 2 + 4, shortened(row.label, left - 8))}${cells.join('')}`;
  });
  return drawing({
    width,
    height: headHeight + rows.length * rowHeight + 2,
    label,
    body: [...heads, ...fields].join(''),
  });
}

/** One line where it fits, otherwise two. */
function headLines(text: string, widthMax: number): readonly string[] {
  if (textWidth(text) <= widthMax) return [text];
  const words = text.includes(' ') ? text.split(' ') : graphemes(text);
  const glue = text.includes(' ') ? ' ' : '';
  let first = '';
  while (words.length > 0) {
    const longer = first === '' ? (words[0] ?? '') : `${first}${glue}${words[0] ?? ''}`;
    if (first !== '' && textWidth(longer) > widthMax) break;
    first = longer;
    words.shift();
  }
  return [shortened(first, widthMax), shortened(words.join(glue), widthMax)];
}
