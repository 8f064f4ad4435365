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
  | { readonly kind: 'broken-workbook' };
