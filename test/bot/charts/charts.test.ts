import { describe, expect, test } from 'vitest';
import { columnsChart, niceTop, type ColumnsChart } from '../../../bot/charts/columns.ts';
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
  of: 'time',
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

describe('a long name is put on lines', () => {
  test.each([
    ['Risk control', 50, ['Risk', 'control']],
    ['Sub tag and main tag disagree', 60, ['Sub tag', 'and main tag disagree'.slice(0, 8) + '…']],
    ['子标签与主标签不一致', 60, ['子标签与主', '标签不一致']],
    ['Deprecated', 30, ['Dep…']],
    ['Sales', 50, ['Sales']],
  ])('%s within %d', (text, width, lines) => expect(wrapped(text, width, 2)).toEqual(lines));
});
