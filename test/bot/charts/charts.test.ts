import { describe, expect, test } from 'vitest';
import { barsChart } from '../../../bot/charts/bars.ts';
import { columnsChart, niceTop, type ColumnsChart } from '../../../bot/charts/columns.ts';
import { durationScale, lineChart } from '../../../bot/charts/line.ts';
import { wrapped } from '../../../bot/charts/svg.ts';
import { heatMap } from '../../../bot/charts/heat-map.ts';

const chart: ColumnsChart = {
  label: '每周新增 <by "severity">',
  series: [
    { label: '严重', tone: 'red' },
    { label: 'A & B', tone: 'blue' },
  ],
  columns: [
    { label: '11-01', values: [1, 3] },
    { label: '11-08', values: [0, 0] },
  ],
  format: String,
};

function rectangles(svg: string, tone: string): readonly Record<string, number>[] {
  return [...svg.matchAll(new RegExp(`<rect ([^>]*)class="tone-${tone}"><title>`, 'g'))].map(
    ([, attributes = '']) =>
      Object.fromEntries(
        [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value]) => [
          name,
          Number(value),
        ]),
      ),
  );
}

describe('columns', () => {
  test('stack without a gap, as high as their values, and nothing stands for nothing', () => {
    const svg = columnsChart(chart);
    const [red, ...moreRed] = rectangles(svg, 'red');
    const [blue, ...moreBlue] = rectangles(svg, 'blue');
    expect([moreRed, moreBlue]).toEqual([[], []]);
    expect((blue?.['height'] ?? 0) / (red?.['height'] ?? 1)).toBeCloseTo(3, 1);
    expect((blue?.['y'] ?? 0) + (blue?.['height'] ?? 0)).toBeCloseTo(red?.['y'] ?? 0, 1);
  });

  test('take any text', () => {
    const svg = columnsChart(chart);
    expect(svg).toContain('aria-label="每周新增 &lt;by &quot;severity&quot;&gt;"');
    expect(svg).toContain('A &amp; B');
  });

  test('say each part in words, and leave no inline style for the page to refuse', () => {
    const svg = columnsChart(chart);
    expect(svg).toContain('<title>11-01 · 严重 1</title>');
    expect(svg).not.toMatch(/style=|<style|<script/);
  });

  test.each([
    [1, 4],
    [4, 4],
    [5, 8],
    [9, 12],
    [37, 40],
    [50, 60],
    [1_001, 1_200],
  ])('%d fits under %d', (value, top) => expect(niceTop(value)).toBe(top));
});

const field = (value: number, href: string | null = null) => ({ value, href });

test('a heat map shades by the largest field and says only numbers that are there', () => {
  const svg = heatMap({
    label: 'heat',
    columns: ['互斥', 'Past its lifetime'],
    rows: [
      { label: '销售部', fields: [field(10, '/warnings?kind=exclusive'), field(0)] },
      { label: '风控部', fields: [field(1), field(5)] },
    ],
    format: String,
  });
  expect(svg.match(/class="shade-5"/g)).toHaveLength(1);
  expect(svg.match(/class="shade-0"/g)).toHaveLength(1);
  expect(svg).toContain('>10</text>');
  expect(svg).not.toContain('>0</text>');
  expect(svg.match(/<a /g)).toHaveLength(1);
  expect(svg).toContain(
    '<a href="/warnings?kind=exclusive" class="heat-link" aria-label="销售部 · 互斥 10">',
  );
});

test('names of a heat map that have no room side by side are slanted, whole, and within the picture', () => {
  const columns = Array.from({ length: 16 }, (_, kind) => `Outside its departments ${kind}`);
  const svg = heatMap({
    label: 'heat',
    columns,
    rows: [{ label: '产品运营部', fields: columns.map(() => field(1)) }],
    format: String,
  });
  for (const column of columns) expect(svg).toContain(`>${column}</text>`);
  expect(svg.match(/rotate\(-35 /g)).toHaveLength(columns.length);
  const places = [...svg.matchAll(/rotate\(-35 ([\d.]+) /g)].map(([, x]) => Number(x));
  const reach = (columns[15]?.length ?? 0) * 0.56 * 11 * Math.cos((35 / 180) * Math.PI);
  expect((places[15] ?? 0) + reach).toBeLessThanOrEqual(960);
});

describe('bars', () => {
  const bars = barsChart({
    label: 'Open now',
    series: chart.series,
    bars: [
      { label: 'Product operations', values: [1, 3] },
      { label: 'Department of everything that nobody else answers for', values: [0, 2] },
    ],
    format: String,
  });

  test('lie end to end, as long as their values, with their sum behind them', () => {
    const [red] = rectangles(bars, 'red');
    const [blue, other] = rectangles(bars, 'blue');
    expect((blue?.['width'] ?? 0) / (red?.['width'] ?? 1)).toBeCloseTo(3, 1);
    expect((red?.['x'] ?? 0) + (red?.['width'] ?? 0)).toBeCloseTo(blue?.['x'] ?? 0, 0);
    expect((other?.['width'] ?? 0) / (red?.['width'] ?? 1)).toBeCloseTo(2, 1);
    expect(bars).toMatch(/class="chart-strong">4<\/text>.*class="chart-strong">2<\/text>/);
  });

  test('have whole names beside them, and say on hovering what is longer than any', () => {
    expect(bars).toContain('>Product operations</text>');
    expect(bars).toContain(
      '…<title>Department of everything that nobody else answers for</title></text>',
    );
  });
});

describe('lines', () => {
  const lines = lineChart({
    label: 'Time to close',
    steps: ['11-01', '11-08', '11-15', '11-22'],
    lines: [
      { label: 'half', tone: 'blue', values: [1, 2, null, 3] },
      { label: 'nine tenths', tone: 'orange', values: [null, null, 4, null] },
    ],
    scale: { low: 0, high: 4 },
    format: (value) => `${value} h`,
  });

  test('leave a gap where nothing is known, and each is named', () => {
    const [blue = ''] = lines.match(/<path d="[^"]*" class="line-blue"/) ?? [];
    expect(blue.match(/M/g)).toHaveLength(2);
    expect(blue.match(/L/g)).toHaveLength(1);
    expect(lines.match(/<circle [^>]*class="tone-orange"/g)).toHaveLength(1);
    expect(lines).toContain('<title>11-15 · nine tenths 4 h</title>');
    expect(lines).toContain('>nine tenths</text>');
  });

  test.each([
    [[], 4 * 60_000],
    [[50 * 60_000], 60 * 60_000],
    [[5 * 3_600_000], 8 * 3_600_000],
    [[49 * 3_600_000], 4 * 86_400_000],
    [[9 * 86_400_000], 12 * 86_400_000],
  ])('a scale of durations holds %j in whole quarters', (durations, high) =>
    expect(durationScale(durations)).toEqual({ low: 0, high }),
  );
});

describe('a long name is put on lines', () => {
  test.each([
    ['Risk control', 50, ['Risk', 'control']],
    ['Sub tag and main tag disagree', 60, ['Sub tag', 'and main tag disagree'.slice(0, 8) + '…']],
    ['子标签与主标签不一致', 60, ['子标签与主', '标签不一致']],
    ['Deprecated', 30, ['Dep…']],
    ['Sales', 50, ['Sales']],
  ])('%s within %d', (text, width, lines) => expect(wrapped(text, width, 2)).toEqual(lines));
});
