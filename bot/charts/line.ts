import { niceTop } from './columns.ts';
import { drawing, escapeText, legend, round, textAt, textWidth, type Series } from './svg.ts';

export interface Line extends Series {
  /** One for each step; null: nothing is known of it, and the line has a gap. */
  readonly values: readonly (number | null)[];
}

export interface LineChart {
  /** In words, for who can't see it. */
  readonly label: string;
  /** From the earliest to the latest. */
  readonly steps: readonly string[];
  /** With more than one, what each is stands above. */
  readonly lines: readonly Line[];
  /** The ends of the scale, at whose quarters lines are drawn. */
  readonly scale: { readonly low: number; readonly high: number };
  readonly format: (value: number) => string;
  /** @default 380 */
  readonly width?: number;
}

const usualWidth = 380;
const plotHeight = 130;
const plotMargin = 18;
const ticks = 4;
const labelGap = 8;
/** With more points their dots would touch. */
const dotsMax = 20;

interface Plot {
  readonly chart: LineChart;
  readonly xOf: (step: number) => number;
  readonly yOf: (value: number) => number;
}

/** Values over time; a line that is alone says its last number. */
export function lineChart(chart: LineChart): string {
  const { steps, lines, scale, format, width = usualWidth } = chart;
  const { low, high } = scale;
  const key = legend(lines.length > 1 ? lines : [], width);
  const marks = Array.from(
    { length: ticks + 1 },
    (_, index) => low + ((high - low) / ticks) * index,
  );
  const left = Math.ceil(Math.max(...marks.map((value) => textWidth(format(value))))) + 8;
  const right = width - 8;
  const bottom = key.height + plotMargin + plotHeight;
  const yOf = (value: number) => bottom - ((value - low) / (high - low)) * plotHeight;
  const xOf = (step: number) =>
    steps.length < 2 ? right : left + ((right - left) * step) / (steps.length - 1);
  const grid = marks.map((value) => {
    const y = round(yOf(value));
    return `<line x1="${left}" x2="${width}" y1="${y}" y2="${y}" class="chart-grid"/>${textAt(left - 5, y + 3.5, format(value), { anchor: 'end' })}`;
  });
  return drawing({
    width,
    height: bottom + 20,
    label: chart.label,
    body: [
      key.body,
      ...grid,
      ...lines.map((line) => drawLine(line, { chart, xOf, yOf })),
      ...stepLabels(chart, { xOf, width, bottom }),
    ].join(''),
  });
}

function drawLine(line: Line, { chart, xOf, yOf }: Plot): string {
  const { steps, lines, format } = chart;
  const isAlone = lines.length === 1;
  const points = line.values.flatMap((value, step) => (value === null ? [] : [{ step, value }]));
  const path = points
    .map(({ step, value }, index) => {
      const follows = points[index - 1]?.step === step - 1;
      return `${follows ? 'L' : 'M'}${round(xOf(step))} ${round(yOf(value))}`;
    })
    .join('');
  const dots = points.map(({ step, value }, index) => {
    if (points.length > dotsMax && index < points.length - 1) return '';
    const label = [steps[step] ?? '', ...(isAlone ? [] : ['·', line.label])].join(' ');
    return `<circle cx="${round(xOf(step))}" cy="${round(yOf(value))}" r="3" class="tone-${line.tone}"><title>${escapeText(`${label} ${format(value)}`)}</title></circle>`;
  });
  const last = isAlone ? points.at(-1) : undefined;
  const lastText =
    last === undefined
      ? ''
      : textAt(xOf(last.step) + 3, yOf(last.value) - 8, format(last.value), {
          anchor: 'end',
          strong: true,
        });
  return `<path d="${path}" class="line-${line.tone}"/>${dots.join('')}${lastText}`;
}

function stepLabels(
  { steps }: LineChart,
  place: {
    readonly xOf: (step: number) => number;
    readonly width: number;
    readonly bottom: number;
  },
): readonly string[] {
  const { xOf, width, bottom } = place;
  const widest = Math.max(0, ...steps.map((label) => textWidth(label)));
  const gap = steps.length < 2 ? width : xOf(1) - xOf(0);
  const every = Math.max(1, Math.ceil((widest + labelGap) / gap));
  const last = steps.length - 1;
  return steps.map((label, step) =>
    (last - step) % every === 0
      ? textAt(Math.min(xOf(step), width - widest / 2), bottom + 14, label, { anchor: 'middle' })
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

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A scale from nought that holds every duration (milliseconds), whose quarters are whole minutes, hours or days. */
export function durationScale(durationsMs: readonly number[]): LineChart['scale'] {
  const longestMs = Math.max(minuteMs, ...durationsMs);
  const unitMs = longestMs <= hourMs ? minuteMs : longestMs <= 2 * dayMs ? hourMs : dayMs;
  return { low: 0, high: niceTop(Math.ceil(longestMs / unitMs)) * unitMs };
}
