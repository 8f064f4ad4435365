import { createHash } from 'node:crypto';
import type { Attribute } from '../../domain/condition.ts';
import type { NamingPolicy } from '../../domain/naming.ts';
import type { Department, Person } from '../../domain/person.ts';
import type { Tag } from '../../domain/tag.ts';
import { findHeader } from '../../domain/tag-table/fields.ts';
import { countRows, planTable } from '../../domain/tag-table/plan.ts';
import type { PlannedRow } from '../../domain/tag-table/planned-row.ts';
import type {
  ColumnHeading,
  RowCounts,
  TableFault,
  TableOrigin,
  TableReading,
} from '../../domain/tag-table/table.ts';
import { chinese } from '../../language/chinese.ts';
import { createCriteriaReader } from './criteria.ts';
import { readTable } from './read-table.ts';

/** What the rows of a table are held against, as plain data. */
export interface TableSurroundings {
  readonly tags: readonly Tag[];
  readonly attributes: readonly Attribute[];
  readonly people: ReadonlyMap<string, Person>;
  readonly departments: ReadonlyMap<string, Department>;
  readonly naming: NamingPolicy | null;
}

/** A table as it is kept. */
export interface KeptTable {
  readonly origin: TableOrigin;
  /** Its rows as JSON. */
  readonly cells: string;
  /** Below its header. */
  readonly rows: number;
  readonly headings: readonly ColumnHeading[];
  readonly reading: Omit<TableReading, 'defaults'>;
}

/** What would become of the rows, as it is kept. */
export interface KeptPlan {
  readonly counts: RowCounts;
  /** Of all chunks. */
  readonly digest: string;
  /** JSON arrays of some rows each, in order. */
  readonly chunks: readonly string[];
}

/** The heavy parts of bringing a table; what goes in and comes out may cross threads. */
export type TableWork =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'plan';
      readonly cells: string;
      readonly reading: TableReading;
      readonly surroundings: TableSurroundings;
    };

export type TableWorkDone =
  | { readonly kind: 'read'; readonly table: KeptTable }
  | { readonly kind: 'unreadable'; readonly fault: TableFault }
  | { readonly kind: 'planned'; readonly plan: KeptPlan };

export async function doTableWork(work: TableWork): Promise<TableWorkDone> {
  if (work.kind === 'plan') {
    return { kind: 'planned', plan: keepPlan(planRows(work)) };
  }
  const result = await readTable(work.bytes);
  if (result.kind === 'unreadable') return result;
  const { rows, origin } = result.table;
  const reading = findHeader(rows);
  const below = rows.slice(reading.headerAt + 1);
  const headings = (rows[reading.headerAt] ?? []).map((header, at) => ({
    header,
    example: exampleOf(below, at),
  }));
  const table = { origin, cells: JSON.stringify(rows), rows: below.length, headings, reading };
  return { kind: 'read', table };
}

/** What would become of each row; a second and more where there are tens of thousands. */
export function planRows({
  cells,
  reading,
  surroundings,
}: Omit<Extract<TableWork, { kind: 'plan' }>, 'kind'>): readonly PlannedRow[] {
  // Written by `doTableWork`.
  const rows = JSON.parse(cells) as readonly (readonly string[])[];
  return planTable(rows, reading, {
    ...surroundings,
    spell: (name) => chinese().spell(name),
    readCriteria: createCriteriaReader(surroundings.attributes),
  });
}

const rowsPerChunk = 2_000;

export function keepPlan(rows: readonly PlannedRow[]): KeptPlan {
  const hash = createHash('sha256');
  const chunks: string[] = [];
  for (let from = 0; from < rows.length; from += rowsPerChunk) {
    const chunk = JSON.stringify(rows.slice(from, from + rowsPerChunk));
    hash.update(chunk);
    chunks.push(chunk);
  }
  return { counts: countRows(rows), digest: hash.digest('hex'), chunks };
}

const exampleCharsMax = 60;

function exampleOf(rows: readonly (readonly string[])[], at: number): string {
  const found = rows.find((row) => (row[at] ?? '') !== '')?.[at] ?? '';
  const characters = Array.from(found.slice(0, 2 * exampleCharsMax + 2));
  return characters.length > exampleCharsMax
    ? `${characters.slice(0, exampleCharsMax).join('')}…`
    : found;
}
