import { CsvError, parse } from 'csv-parse/sync';
import { findHeader } from '../../domain/tag-table/fields.ts';
import type { TableFault, TableOrigin } from '../../domain/tag-table/table.ts';
import { decodeText } from './decode.ts';
import { cellCharsMax, columnsMax, fileBytesMax, rowsMax } from './limits.ts';
import { isOldWorkbook, isZip, readWorkbook } from './workbook.ts';

export interface ReadTable {
  readonly origin: TableOrigin;
  /** Trimmed texts, the rows above the header included, without empty ones at the end. */
  readonly rows: readonly (readonly string[])[];
}

export type TableResult =
  | { readonly kind: 'read'; readonly table: ReadTable }
  | { readonly kind: 'unreadable'; readonly fault: TableFault };

/** Reads a file as people bring it: an .xlsx workbook or CSV of any usual encoding and separator. */
export async function readTable(bytes: Uint8Array): Promise<TableResult> {
  if (bytes.length > fileBytesMax) return unreadable({ kind: 'too-large', bytesMax: fileBytesMax });
  if (isOldWorkbook(bytes)) return unreadable({ kind: 'old-workbook' });
  const read = isZip(bytes) ? await readWorkbook(bytes) : readCsv(bytes);
  if (read.kind === 'unreadable') return read;
  const rows = read.table.rows.map((row) => row.map(plainCell));
  while (rows.at(-1)?.every((cell) => cell === '') === true) rows.pop();
  const fault = shapeFault(rows);
  return fault === null
    ? { kind: 'read', table: { origin: read.table.origin, rows } }
    : unreadable(fault);
}

function unreadable(fault: TableFault): TableResult {
  return { kind: 'unreadable', fault };
}

/**
 * Without spaces around it, which also come as wide and as unbroken ones, without the apostrophe before a formula, and
 * without what no database takes: zero characters and halves of characters.
 */
function plainCell(text: string): string {
  const plain = text
    .replaceAll('\0', '')
    .replaceAll(/[\u200B\uFEFF\p{Surrogate}]/gu, '')
    .replaceAll('\u00A0', ' ')
    .trim();
  return /^'[=+\-@]/u.test(plain) ? plain.slice(1) : plain.replaceAll('\r\n', '\n');
}

function shapeFault(rows: readonly (readonly string[])[]): TableFault | null {
  if (rows.length === 0) return { kind: 'empty' };
  const { headerAt } = findHeader(rows);
  const below = rows.slice(headerAt + 1);
  if (below.every((row) => row.every((cell) => cell === ''))) return { kind: 'no-rows' };
  if (below.length > rowsMax) return { kind: 'too-many-rows', rowsMax };
  if (rows.some((row) => row.length > columnsMax)) return { kind: 'too-many-columns', columnsMax };
  const long = rows.findIndex((row) => row.some((cell) => cell.length > cellCharsMax));
  return long === -1 ? null : { kind: 'too-long-cell', row: long + 1, charsMax: cellCharsMax };
}

/** Of as many, the one that stands in texts least. */
const separators = ['\t', ';', ','] as const;
/** More are read than may be, so that the reader sees that there are too many. */
const rowsRead = rowsMax + 100;

function readCsv(bytes: Uint8Array): TableResult {
  const decoded = decodeText(bytes);
  if (decoded === null) return unreadable({ kind: 'encoding' });
  const separator = separatorOf(decoded.text);
  const said = /^sep=.\r?\n/u.exec(decoded.text)?.[0] ?? '';
  try {
    const rows = parse(decoded.text.slice(said.length), {
      delimiter: separator,
      relaxColumnCount: true,
      relaxQuotes: true,
      skipEmptyLines: false,
      to: rowsRead,
    });
    const origin = { kind: 'csv', encoding: decoded.encoding, separator } as const;
    return { kind: 'read', table: { origin, rows } };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return unreadable({ kind: 'broken-csv', line: Number(error['lines'] ?? 0) });
  }
}

/** What Excel was told with `sep=`, or what stands most often on the first line that has any, outside of quotes. */
function separatorOf(text: string): string {
  const said = /^sep=(.)\r?\n/u.exec(text)?.[1];
  if (said !== undefined) return said;
  const lines = text
    .slice(0, 20_000)
    .replaceAll(/"[^"]*"/gu, '')
    .split('\n');
  for (const line of lines) {
    const counts = separators.map((one) => line.split(one).length - 1);
    const most = Math.max(...counts);
    if (most > 0) return separators[counts.indexOf(most)] ?? ',';
  }
  return ',';
}
