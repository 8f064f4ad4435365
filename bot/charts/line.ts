import { drawing, escapeText, round, textAt, textWidth, type Tone } from './svg.ts';

export interface LineChart {
  /** In words, for who can't see it. */
  readonly label: string;
  /** From the earliest to the latest. */
  readonly points: readonly { readonly label: string; readonly value: number }[];
  /** The ends of the scale, at whose quarters lines are drawn. */
  readonly scale: { readonly low: number; readonly high: number };
  readonly format: (value: number) => string;
  readonly tone: Tone;
  /** @default 380 */
  readonly width?: number;
}

const usualWidth = 380;
const plotHeight = 130;
const plotTop = 18;
const ticks = 4;
const labelGap = 8;
/** With more points their dots would touch. */
const dotsMax = 20;

/** One value over time; the last one says its number. */
export function lineChart(chart: LineChart): string {
  const { points, scale, format, tone, width = usualWidth } = chart;
  const { low, high } = scale;
  const left = Math.ceil(Math.max(textWidth(format(low)), textWidth(format(high)))) + 8;
  const right = width - 8;
  const bottom = plotTop + plotHeight;
  const yOf = (value: number) => bottom - ((value - low) / (high - low)) * plotHeight;
  const xOf = (index: number) =>
    points.length < 2 ? right : left + ((right - left) * index) / (points.length - 1);
  const grid = Array.from({ length: ticks + 1 }, (_, index) => {
    const value = low + ((high - low) / ticks) * index;
    const y = round(yOf(value));
    return `<line x1="${left}" x2="${width}" y1="${y}" y2="${y}" class="chart-grid"/>${textAt(left - 5, y + 3.5, format(value), { anchor: 'end' })}`;
  });
  const path = points
    .map(
      ({ value }, index) => `${index === 0 ? 'M' : 'L'}${round(xOf(index))} ${round(yOf(value))}`,
    )
    .join('');
  const dots = points.map(({ label, value }, index) =>
    points.length > dotsMax && index < points.length - 1
      ? ''
      : `<circle cx="${round(xOf(index))}" cy="${round(yOf(value))}" r="3" class="tone-${tone}"><title>${escapeText(`${label} ${format(value)}`)}</title></circle>`,
  );
  const last = points.at(-1);
  const lastText =
    last === undefined
      ? ''
      : textAt(xOf(points.length - 1) + 3, yOf(last.value) - 8, format(last.value), {
          anchor: 'end',
          strong: true,
        });
  return drawing({
    width,
    height: bottom + 20,
    label: chart.label,
    body: [
      ...grid,
      `<path d="${path}" class="line-${tone}"/>`,
      ...dots,
      lastText,
      ...pointLabels(chart, { xOf, width, bottom }),
    ].join(''),
  });
}

function pointLabels(
  { points }: LineChart,
  place: {
    readonly xOf: (index: number) => number;
    readonly width: number;
    readonly bottom: number;
  },
): readonly string[] {
  const { xOf, width, bottom } = place;
  const widest = Math.max(0, ...points.map(({ label }) => textWidth(label)));
  const step = points.length < 2 ? width : xOf(1) - xOf(0);
  const every = Math.max(1, Math.ceil((widest + labelGap) / step));
  const last = points.length - 1;
  return points.map(({ label }, index) =>
    (last - index) % every === 0
      ? textAt(Math.min(xOf(index), width - widest / 2), bottom + 14, label, { anchor: 'middle' })
      : '',
  );
}

/** Ends of a scale of percents that hold every value, in whole steps of ten and at least forty apart. */
export function percentScale(values: readonly number[]): LineChart['scale'] {
  const lowest = Math.floor(Math.min(100, ...values) / 10) * 10;
  const highest = Math.min(100, Math.ceil(Math.max(0, ...values) / 10) * 10);
  const low = Math.max(0, Math.min(lowest, highest - 40));
  return { low, high: Math.max(highest, low + 40) };
}
