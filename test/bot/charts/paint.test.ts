import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { lineChart, percentScale } from '../../../bot/charts/line.ts';
import { paintChart } from '../../../bot/charts/paint.ts';
import { drawing, textAt } from '../../../bot/charts/svg.ts';

/** How wide and high a PNG is, and how many bytes its rows hold that are not plain. */
function measure(png: Uint8Array) {
  const file = Buffer.from(png);
  const data: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') {
      data.push(file.subarray(at + 8, at + 8 + length));
    }
    at += length + 12;
  }
  const ink = inflateSync(Buffer.concat(data)).filter((byte) => byte !== 0).length;
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20), ink };
}

const paintText = async (text: string) =>
  measure(
    await paintChart(drawing({ width: 100, height: 20, label: '', body: textAt(2, 14, text) })),
  );

test('a picture has Chinese, whatever fonts the machine has, and each sign its own shape', async () => {
  const [nothing, one, other] = await Promise.all([
    paintText(''),
    paintText('严'),
    paintText('鑫'),
  ]);
  expect(one.ink).toBeGreaterThan(nothing.ink + 100);
  expect(other.ink).not.toBe(one.ink);
});

test('a picture is sharp on a phone: two and a half pixels a unit, with a margin', async () => {
  const svg = lineChart({
    label: 'Tag health',
    steps: ['11-01', '11-02'],
    lines: [{ label: 'Tag health', tone: 'green', values: [80, 84] }],
    scale: percentScale([80, 84]),
    format: String,
    width: 300,
  });
  expect(measure(await paintChart(svg)).width).toBe((300 + 2 * 8) * 2.5);
});

test.each([
  [[82.4, 88.1], { low: 50, high: 90 }],
  [[3, 12], { low: 0, high: 40 }],
  [[20, 99], { low: 20, high: 100 }],
  [[100], { low: 60, high: 100 }],
])('the scale of %j holds every value and is at least forty wide', (values, scale) => {
  expect(percentScale(values)).toEqual(scale);
});
