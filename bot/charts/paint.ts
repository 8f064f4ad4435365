import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontSize, type Tone } from './svg.ts';

/** Sharp on a phone, whose points are two or three pixels. */
const pixelsPerUnit = 2.5;
/** Chinese and Latin alike, so that pictures read the same on machines that have no Chinese font. */
const fontFamily = 'Noto Sans S Chinese';
/** Around the drawing. */
const marginUnits = 8;

/** A chart as a PNG on white. */
export async function paintChart(svg: string): Promise<Uint8Array> {
  const font = await loadPainter();
  const painter = new Resvg(onWhite(svg), {
    font: { fontBuffers: [font], defaultFontFamily: fontFamily, sansSerifFamily: fontFamily },
    fitTo: { mode: 'zoom', value: pixelsPerUnit },
  });
  try {
    const image = painter.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    painter.free();
  }
}

let loading: Promise<Uint8Array> | null = null;

function loadPainter(): Promise<Uint8Array> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Uint8Array> {
  const program = await readFile(new URL(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm')));
  await initWasm(program);
  const entry = import.meta.resolve('@embedpdf/fonts-sc');
  return readFile(new URL('../fonts/NotoSansHans-Regular.otf', entry));
}

/** What console.css gives to charts on a light page. */
const toneColours: Readonly<Record<Tone, string>> = {
  red: '#e5484d',
  orange: '#f08c1d',
  blue: '#3b82f6',
  green: '#2ea15c',
  grey: '#94a0ae',
  violet: '#8b6fe8',
  teal: '#1fa6a0',
  pink: '#e073b0',
  olive: '#9aa32b',
  brown: '#a9754c',
};

const pictureStyle = [
  `text{font-family:'${fontFamily}';font-size:${fontSize}px}`,
  '.chart-text{fill:#3d4856}',
  '.chart-strong{fill:#17202b}',
  '.chart-grid{stroke:#dde3ea;stroke-width:1}',
  ...Object.entries(toneColours).flatMap(([tone, colour]) => [
    `.tone-${tone}{fill:${colour}}`,
    `.line-${tone}{fill:none;stroke:${colour};stroke-width:2}`,
  ]),
].join('');

function onWhite(svg: string): string {
  const [, width = '0', height = '0'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const box = {
    width: Number(width) + 2 * marginUnits,
    height: Number(height) + 2 * marginUnits,
  };
  const from = `viewBox="${-marginUnits} ${-marginUnits} ${box.width} ${box.height}"`;
  return svg
    .replace(/viewBox="[^"]*"/, `${from} width="${box.width}" height="${box.height}"`)
    .replace(
      '>',
      `><style>${pictureStyle}</style><rect x="${-marginUnits}" y="${-marginUnits}" width="${box.width}" height="${box.height}" fill="#ffffff"/>`,
    );
}
