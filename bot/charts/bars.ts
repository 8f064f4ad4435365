import { niceTop } from './columns.ts';
import { drawing, escapeText, legend, round, textAt, textWidth, type Series } from './svg.ts';

export interface BarsChart {
  /** In words, for who can't see it. */
  readonly label: string;
  readonly series: readonly Series[];
  /** From the top, each with one value for each series, laid end to end. */
  readonly bars: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly format: (value: number) => string;
}

const width = 380;
const barHeight = 16;
const barStep = 26;
const gap = 8;
/** The rest is for the bars. */
const labelShareMax = 0.4;

/** How much of each thing, by parts: names of any length stand beside their bars, sums behind them. */
export function barsChart({ label, series, bars, format }: BarsChart): string {
  const sums = bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const top = niceTop(Math.max(1, ...sums));
  const key = legend(series, width);
  const labelWidth = Math.min(
    width * labelShareMax,
    Math.max(0, ...bars.map((bar) => textWidth(bar.label))),
  );
  const left = labelWidth + gap;
  const plotWidth = width - left - gap - textWidth(format(top));
  const rows = bars.map((bar, row) => {
    const y = key.height + gap + row * barStep;
    const textY = y + barHeight / 2 + 4;
    let x = left;
    const parts = bar.values.map((value, index) => {
      const part = series[index];
      if (value <= 0 || part === undefined) return '';
      const from = x;
      x += (value / top) * plotWidth;
      const words = `${bar.label} · ${part.label} ${format(value)}`;
      return `<rect x="${round(from)}" y="${y}" width="${round(Math.max(x - from, 0.6))}" height="${barHeight}" class="tone-${part.tone}"><title>${escapeText(words)}</title></rect>`;
    });
    const name = textAt(labelWidth, textY, bar.label, { anchor: 'end', widthMax: labelWidth });
    const sum = textAt(x + gap / 2, textY, format(sums[row] ?? 0), { strong: true });
    return name + parts.join('') + sum;
  });
  return drawing({
    width,
    height: key.height + gap + bars.length * barStep,
    label,
    body: [key.body, ...rows].join(''),
  });
}
