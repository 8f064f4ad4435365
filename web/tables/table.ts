import type { WebDependencies } from '../dependencies.ts';
import { formatExactInstant } from '../format.ts';
import type { Knowledge } from '../visibility.ts';
import type { SignedIn } from '../visitor.ts';

/** The tables of the console's pages; what is exported of them bears these names. */
export const tableNames = [
  'inbox',
  'warnings',
  'times',
  'tags',
  'relations',
  'rules',
  'candidates',
  'requests',
  'scans',
  'deliveries',
  'people',
  'silences',
  'exceptions',
  'assessment',
  'audit',
] as const;
export type TableName = (typeof tableNames)[number];

/** What a page's table is read and written with. */
export interface TableContext {
  readonly dependencies: WebDependencies;
  readonly visitor: SignedIn;
  /** As the visitor may see it. */
  readonly knowledge: Knowledge;
  /** Of the page, as the address has it. */
  readonly query: Readonly<Record<string, string>>;
}

/** A table with the page's own filters, rights and words, and every line instead of a page of them. */
export interface Table {
  readonly heads: readonly string[];
  /** Lines of cells, read while they are sent. */
  readonly pages: AsyncIterable<readonly (readonly string[])[]>;
}

/** Null where the visitor may not see the page. */
export type OpenTable = (context: TableContext) => Table | null;

/** A column: its head and what stands in it. */
export type Column<Line> = readonly [head: string, cell: (line: Line) => string];

export function tableOf<Line>(
  columns: readonly Column<Line>[],
  lines: AsyncIterable<readonly Line[]>,
): Table {
  return { heads: columns.map(([head]) => head), pages: cellsOf(columns, lines) };
}

async function* cellsOf<Line>(
  columns: readonly Column<Line>[],
  lines: AsyncIterable<readonly Line[]>,
): AsyncGenerator<readonly (readonly string[])[]> {
  for await (const page of lines) yield page.map((line) => columns.map(([, cell]) => cell(line)));
}

/** Lines that are read at a time. */
const pageSize = 1_000;

/** Every page of what is read by the id of the last line before. */
export async function* pagesById<Line extends { readonly id: number }>(
  read: (page: {
    readonly beforeId: number | null;
    readonly limit: number;
  }) => Promise<readonly Line[]>,
): AsyncGenerator<readonly Line[]> {
  let beforeId: number | null = null;
  for (;;) {
    const lines: readonly Line[] = await read({ beforeId, limit: pageSize });
    if (lines.length > 0) yield lines;
    beforeId = lines.at(-1)?.id ?? null;
    if (lines.length < pageSize) return;
  }
}

/** Every page of what is read by its place. */
export async function* pagesByOffset<Line>(
  read: (page: { readonly offset: number; readonly limit: number }) => Promise<readonly Line[]>,
): AsyncGenerator<readonly Line[]> {
  for (let offset = 0; ; offset += pageSize) {
    const lines = await read({ offset, limit: pageSize });
    if (lines.length > 0) yield lines;
    if (lines.length < pageSize) return;
  }
}

/** What is read in one go. */
export async function* allAtOnce<Line>(
  read: () => Promise<readonly Line[]>,
): AsyncGenerator<readonly Line[]> {
  yield await read();
}

/** To the second in the visitor's time zone, which spreadsheets take for an instant; empty for none. */
export function instantCell(atMs: number | null, visitor: SignedIn): string {
  return atMs === null ? '' : formatExactInstant(atMs, visitor.timeZone);
}

export function countCell(count: number | null): string {
  return count === null ? '' : String(count);
}
