import { drawing, escapeText, legend, round, textAt, textWidth, type Series } from './svg.ts';

export interface Column {
  readonly label: string;
  /** One value for each series, stacked from the bottom. */
  readonly values: readonly number[];
}

export interface ColumnsChart {
  /** In words, for who can't see it. */
  readonly label: string;
  readonly series: readonly Series[];
  readonly columns: readonly Column[];
  readonly format: (value: number) => string;
  /** @default 380 */
  readonly width?: number;
}

const usualWidth = 380;
const plotHeight = 150;
const columnGapShare = 0.28;
const ticks = 4;
const columnLabelGap = 6;
const labelsHeight = 20;

/** Stacked columns over time, with what each part says on hovering. */
export function columnsChart(chart: ColumnsChart): string {
  const { series, columns, format, width = usualWidth } = chart;
  const totals = columns.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const top = niceTop(Math.max(1, ...totals));
  const key = legend(series, width);
  const left = Math.ceil(textWidth(format(top))) + 6;
  const plotTop = key.height + 10;
  const bottom = plotTop + plotHeight;
  const yOf = (value: number) => bottom - (value / top) * plotHeight;
  const step = (width - left) / Math.max(1, columns.length);
  const grid = Array.from({ length: ticks + 1 }, (_, index) => {
    const value = (top / ticks) * index;
    const y = round(yOf(value));
    return `<line x1="${left}" x2="${width}" y1="${y}" y2="${y}" class="chart-grid"/>${Number.isInteger(value) ? textAt(left - 5, y + 3.5, format(value), { anchor: 'end' }) : ''}`;
  });
  const bars = columns.map((column, index) =>
    stack(column, {
      x: left + step * index + (step * columnGapShare) / 2,
      width: step * (1 - columnGapShare),
      series,
      yOf,
      format,
    }),
  );
  const labels = columnLabels(chart, { left, step, bottom });
  return drawing({
    width,
    height: bottom + labelsHeight,
    label: chart.label,
    body: [key.body, ...grid, ...bars, ...labels].join(''),
  });
}

function stack(
  { label, values }: Column,
  place: {
    readonly x: number;
    readonly width: number;
    readonly series: readonly Series[];
    readonly yOf: (value: number) => number;
    readonly format: (value: number) => string;
  },
): string {
  let below = 0;
  return values
    .map((value, index) => {
      const series = place.series[index];
      if (value <= 0 || series === undefined) return '';
      const y = place.yOf(below + value);
      const height = place.yOf(below) - y;
      below += value;
      const words = `${label} · ${series.label} ${place.format(value)}`;
      return `<rect x="${round(place.x)}" y="${round(y)}" width="${round(place.width)}" height="${round(Math.max(height, 0.6))}" class="tone-${series.tone}"><title>${escapeText(words)}</title></rect>`;
    })
    .join('');
}

/** What has no room is left out; the latest has. */
function columnLabels(
  { columns, width = usualWidth }: ColumnsChart,
  { left, step, bottom }: { readonly left: number; readonly step: number; readonly bottom: number },
): readonly string[] {
  const widest = Math.max(0, ...columns.map(({ label }) => textWidth(label)));
  const every = Math.max(1, Math.ceil((widest + columnLabelGap) / step));
  const last = columns.length - 1;
  return columns.map(({ label }, index) =>
    (last - index) % every === 0
      ? textAt(Math.min(left + step * (index + 0.5), width - widest / 2), bottom + 14, label, {
          anchor: 'middle',
        })
      : '',
  );
}

/** The next number that four even steps reach in whole, pleasant numbers. */
export function niceTop(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(value, 4)));
  for (const factor of [0.4, 0.8, 1, 1.2, 1.6, 2, 3, 4, 6, 8, 10, 12]) {
    const top = factor * magnitude;
    if (top >= value && (top >= 40 || top % ticks === 0)) return Math.round(top);
  }
  return 12 * magnitude;
}
