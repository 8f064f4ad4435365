import type { TagCategory } from '../tag.ts';
import type { TagField } from './fields.ts';

/** How a file's bytes were read. */
export type TableOrigin =
  | { readonly kind: 'csv'; readonly encoding: TableEncoding; readonly separator: string }
  | {
      readonly kind: 'xlsx';
      readonly sheet: string;
      /** How many sheets there are beside it, which are not read. */
      readonly otherSheets: number;
      /** Cells with a formula; what they last came to was taken. */
      readonly formulas: number;
      /** Merged areas; each of their cells has what the first one has. */
      readonly merged: number;
    };

export const tableEncodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const;
export type TableEncoding = (typeof tableEncodings)[number];

/** What a table's columns are said to mean. */
export interface TableReading {
  /** Position of the row that names the columns, from 0. */
  readonly headerAt: number;
  /** One entry a column; null: it is not taken in. A field stands at most once. */
  readonly columns: readonly (TagField | null)[];
  /** For new tags whose row does not say it; null: such a row is refused. */
  readonly defaults: { readonly ownerCode: string | null; readonly category: TagCategory | null };
}

/** How many rows came to what. */
export interface RowCounts {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
}

/** All rows or none, or those that are not refused. */
export type RowsWanted = 'all' | 'good';

/** What a table was found to do to the dictionary. */
export interface CheckedTable {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly counts: RowCounts;
  /** Of every row with what becomes of it: another one means that another thing would be written. */
  readonly digest: string;
}

/** How writing a table goes that is not taken in. All of it is written at once or nothing is. */
export type Taking =
  | {
      readonly kind: 'running';
      readonly by: string;
      readonly rows: RowsWanted;
      /** Epoch milliseconds. */
      readonly atMs: number;
      /** Tags, of `toWrite`; they count once all are written. */
      readonly written: number;
      readonly toWrite: number;
    }
  /** Somebody stopped it. */
  | { readonly kind: 'stopped'; readonly by: string; readonly atMs: number }
  /** The dictionary had changed since the rows were looked over, and they were looked over again. */
  | { readonly kind: 'overtaken'; readonly atMs: number }
  | { readonly kind: 'failed'; readonly atMs: number };

/** A column of a table as people know it. */
export interface ColumnHeading {
  readonly header: string;
  /** The first cell below that holds something; empty: none does. */
  readonly example: string;
}

/** A table that was taken in. */
export interface ImportOutcome {
  readonly by: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly counts: RowCounts;
}

/** Why nothing can be read of a file. */
export type TableFault =
  | { readonly kind: 'empty' }
  | { readonly kind: 'no-rows' }
  | { readonly kind: 'too-large'; readonly bytesMax: number }
  | { readonly kind: 'too-many-rows'; readonly rowsMax: number }
  | { readonly kind: 'too-many-columns'; readonly columnsMax: number }
  | { readonly kind: 'too-long-cell'; readonly row: number; readonly charsMax: number }
  /** Neither UTF-8 nor UTF-16 nor GB18030, or no text at all. */
  | { readonly kind: 'encoding' }
  /** Quotes do not close: this is the line that reading came to. */
  | { readonly kind: 'broken-csv'; readonly line: number }
  /** The format of Excel before 2007, or a workbook with a password. */
  | { readonly kind: 'old-workbook' }
  | { readonly kind: 'broken-workbook' }
  /** Unpacked it would be larger than any list of tags is. */
  | { readonly kind: 'too-large-unpacked'; readonly bytesMax: number };
