import { strFromU8, Unzip, UnzipInflate, unzipSync } from 'fflate';
import readWorkbookFile from 'read-excel-file/universal';
import { unpackedBytesMax } from './limits.ts';
import type { TableResult } from './read-table.ts';

export function isZip(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]);
}

/** The container of .xls, and of workbooks with a password. */
export function isOldWorkbook(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0]);
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

/** The first sheet of an .xlsx workbook. Formulas are not run: what they last came to is read. */
export async function readWorkbook(
  bytes: Uint8Array,
  bytesMax = unpackedBytesMax,
): Promise<TableResult> {
  try {
    if (!unpacksWithin(bytes, bytesMax)) {
      const fault = { kind: 'too-large-unpacked', bytesMax } as const;
      return { kind: 'unreadable', fault };
    }
    const sheet = unpackFirstSheet(bytes);
    if (sheet === null) return { kind: 'unreadable', fault: { kind: 'broken-workbook' } };
    const copy = new Uint8Array(bytes);
    const sheets = await readWorkbookFile(copy.buffer, { dateFormat: 'yyyy-mm-dd' });
    const [first] = sheets;
    if (first === undefined) return { kind: 'unreadable', fault: { kind: 'broken-workbook' } };
    const merged = mergedAreas(sheet);
    return {
      kind: 'read',
      table: {
        origin: {
          kind: 'xlsx',
          sheet: first.sheet,
          otherSheets: sheets.length - 1,
          formulas: sheet.match(/<f[\s/>]/gu)?.length ?? 0,
          merged: merged.length,
        },
        rows: fillMerged(
          first.data.map((row) => row.map(cellText)),
          merged,
        ),
      },
    };
  } catch {
    return { kind: 'unreadable', fault: { kind: 'broken-workbook' } };
  }
}

const bytesUnpackedAtOnce = 16 * 1024;

/** Unpacks it without keeping anything, since what a file says of its size may be a lie. */
function unpacksWithin(bytes: Uint8Array, bytesMax: number): boolean {
  let unpackedBytes = 0;
  const unzip = new Unzip((file) => {
    file.ondata = (error, chunk) => {
      if (error !== null) throw error;
      unpackedBytes += chunk.length;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let from = 0; from < bytes.length; from += bytesUnpackedAtOnce) {
    const until = from + bytesUnpackedAtOnce;
    unzip.push(bytes.subarray(from, until), until >= bytes.length);
    if (unpackedBytes > bytesMax) return false;
  }
  return true;
}

/** The first sheet as XML; null: there is none. */
function unpackFirstSheet(bytes: Uint8Array): string | null {
  const parts = unzipSync(bytes, {
    filter: ({ name }) => name === 'xl/workbook.xml' || name === 'xl/_rels/workbook.xml.rels',
  });
  const [workbook, relations] = ['xl/workbook.xml', 'xl/_rels/workbook.xml.rels'].map((name) => {
    const part = parts[name];
    return part === undefined ? '' : strFromU8(part);
  });
  const id = /<sheet\s[^>]*r:id="([^"]+)"/u.exec(workbook ?? '')?.[1];
  const relation = relations
    ?.match(/<Relationship\s[^>]*>/gu)
    ?.find((one) => one.includes(`Id="${id}"`));
  const target = /Target="\/?(?:xl\/)?([^"]+)"/u.exec(relation ?? '')?.[1];
  if (target === undefined) return null;
  const path = `xl/${target}`;
  const sheet = unzipSync(bytes, { filter: ({ name }) => name === path })[path];
  return sheet === undefined ? null : strFromU8(sheet);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/u, '');
  if (typeof value === 'number' && Number.isInteger(value)) return value.toFixed(0);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface Area {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

const areasMax = 20_000;

function mergedAreas(sheet: string): readonly Area[] {
  const found = sheet.matchAll(
    /<mergeCell\s[^>]*ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"/gu,
  );
  return [...found].slice(0, areasMax).map(([, left = '', top, right = '', bottom]) => ({
    top: Number(top) - 1,
    left: columnAt(left),
    bottom: Number(bottom) - 1,
    right: columnAt(right),
  }));
}

function columnAt(letters: string): number {
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

/** Each cell of a merged area has what people see there. */
function fillMerged(
  rows: readonly (readonly string[])[],
  areas: readonly Area[],
): readonly (readonly string[])[] {
  if (areas.length === 0) return rows;
  const filled = rows.map((row) => [...row]);
  for (const { top, left, bottom, right } of areas) {
    const text = filled[top]?.[left] ?? '';
    for (const row of filled.slice(top, bottom + 1)) {
      for (let at = left; at <= Math.min(right, row.length - 1); at += 1) row[at] = text;
    }
  }
  return filled;
}
