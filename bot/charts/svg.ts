/** Colours by meaning; console.css gives them their values on a page, `pictureStyle` in a picture. */
export type Tone =
  | 'red'
  | 'orange'
  | 'blue'
  | 'green'
  | 'grey'
  | 'violet'
  | 'teal'
  | 'pink'
  | 'olive'
  | 'brown';

/** For series that mean nothing by their colour; neighbours differ well, also for the colour-blind. */
export const seriesTones: readonly Tone[] = [
  'blue',
  'orange',
  'teal',
  'violet',
  'red',
  'olive',
  'pink',
  'green',
  'brown',
  'grey',
];

export const fontSize = 11;

/** A drawing that grows with the page. `body` is SVG; `label` says in words what it shows. */
export function drawing(options: {
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly body: string;
}): string {
  const { width, height, label, body } = options;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(label)}">${body}</svg>`;
}

export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A text that is wider than `widthMax` is cut with an ellipsis and says the whole on hovering. */
export function textAt(
  x: number,
  y: number,
  text: string,
  options: {
    readonly anchor?: 'start' | 'middle' | 'end';
    readonly strong?: boolean;
    readonly widthMax?: number;
    /** Clockwise, about its place. */
    readonly turnedDegrees?: number;
  } = {},
): string {
  const { anchor = 'start', strong = false, widthMax = Infinity, turnedDegrees = 0 } = options;
  const shown = shortened(text, widthMax);
  const title = shown === text ? '' : `<title>${escapeText(text)}</title>`;
  const turn =
    turnedDegrees === 0 ? '' : ` transform="rotate(${turnedDegrees} ${round(x)} ${round(y)})"`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" class="${strong ? 'chart-strong' : 'chart-text'}"${turn}>${escapeText(shown)}${title}</text>`;
}

/** About how wide a text is: full-width signs take a whole em, others a bit more than half. */
export function textWidth(text: string): number {
  let ems = 0;
  for (const sign of text) ems += (sign.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.56;
  return ems * fontSize;
}

const segmenter = new Intl.Segmenter();

/** What readers see as one sign each. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

export function shortened(text: string, widthMax: number): string {
  if (textWidth(text) <= widthMax) return text;
  const signs = graphemes(text);
  while (signs.length > 1 && textWidth(`${signs.join('')}…`) > widthMax) signs.pop();
  return `${signs.join('')}…`;
}

/** On as few lines as it needs, broken between words or Chinese signs; what has no room is cut with an ellipsis. */
export function wrapped(text: string, widthMax: number, linesMax: number): readonly string[] {
  const glue = text.includes(' ') ? ' ' : '';
  const isWide = /[\u2e80-\uffff]/.test(text);
  const parts = glue === ' ' ? text.split(' ') : isWide ? graphemes(text) : [text];
  const lines: string[] = [];
  while (parts.length > 0 && lines.length < linesMax - 1) {
    let line = parts.shift() ?? '';
    for (let next = parts[0]; next !== undefined; next = parts[0]) {
      if (textWidth(line + glue + next) > widthMax) break;
      line += glue + next;
      parts.shift();
    }
    lines.push(line);
  }
  if (parts.length > 0) lines.push(parts.join(glue));
  return lines.map((line) => shortened(line, widthMax));
}

/** With a decimal at most: more is never seen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export interface Series {
  readonly label: string;
  readonly tone: Tone;
}

const legendGap = 14;
const swatch = 9;
export const legendLineHeight = 16;

/** Entries side by side, on as many lines as they need. */
export function legend(
  series: readonly Series[],
  width: number,
): { readonly body: string; readonly height: number } {
  let x = 0;
  let line = 0;
  const parts = series.map(({ label, tone }) => {
    const labelWidthMax = width - swatch - 4;
    const entryWidth = swatch + 4 + Math.min(labelWidthMax, textWidth(label));
    if (x > 0 && x + entryWidth > width) {
      x = 0;
      line += 1;
    }
    const y = line * legendLineHeight;
    const part = `<rect x="${round(x)}" y="${y + 2}" width="${swatch}" height="${swatch}" rx="2" class="tone-${tone}"/>${textAt(x + swatch + 4, y + 10.5, label, { widthMax: labelWidthMax })}`;
    x += entryWidth + legendGap;
    return part;
  });
  return { body: parts.join(''), height: series.length === 0 ? 0 : (line + 1) * legendLineHeight };
}
