import type { Sql } from '../client.ts';
import { readPairs } from './population-count.ts';

/** How many customers carry each tag, known to the dictionary or not, as of the last full or incremental scan. */
export async function loadTagCounts(sql: Sql): Promise<ReadonlyMap<number, number>> {
  const rows = await sql<{ tag_id: number; customers: number }[]>`
    select tag_id, customers from tag_count`;
  return new Map(rows.map((row) => [row.tag_id, row.customers]));
}

/** Parallel lists: entry n of each is one pair of tags that occurs. `firstTagIds[n] < secondTagIds[n]`. */
export interface PairCounts {
  readonly firstTagIds: Int32Array;
  readonly secondTagIds: Int32Array;
  /** Customers that carry both. */
  readonly customers: Int32Array;
}

/** Every pair of tags that occurs, ascending. Exact. */
export async function loadPairCounts(sql: Sql): Promise<PairCounts> {
  const counter = await readPairs(sql);
  let length = 0;
  counter.forEachTagPairs((_, others) => {
    length += others.length;
  });
  const firstTagIds = new Int32Array(length);
  const secondTagIds = new Int32Array(length);
  const customers = new Int32Array(length);
  let from = 0;
  counter.forEachTagPairs((tagId, others, counts) => {
    firstTagIds.fill(tagId, from, from + others.length);
    secondTagIds.set(others, from);
    customers.set(counts, from);
    from += others.length;
  });
  return { firstTagIds, secondTagIds, customers };
}

export interface ImportCount {
  readonly tagId: number;
  /** `mirror_import.id`. */
  readonly importId: number;
  readonly importName: string;
  readonly customers: number;
}

/** The imports that most customers have a tag from, largest first; `tagId` null: of every tag. */
export async function loadImportCounts(
  sql: Sql,
  input: { readonly tagId: number | null; readonly limit: number },
): Promise<readonly ImportCount[]> {
  return sql<ImportCount[]>`
    select c.tag_id as "tagId", c.import_id as "importId", i.name as "importName", c.customers
    from tag_import_count c join mirror_import i on i.id = c.import_id
    where ${input.tagId}::int is null or c.tag_id = ${input.tagId}
    order by c.customers desc, c.tag_id, c.import_id limit ${input.limit}`;
}

/** What one scan counted. */
export interface PopulationPoint {
  readonly scanId: number;
  readonly countedAtMs: number;
  /** All customers, with and without tags. */
  readonly customers: number;
  readonly assignments: number;
  /** Customers by tag id; a tag nobody carried is left out. */
  readonly tagCounts: ReadonlyMap<number, number>;
}

/** The counts after each scan that changed any since `sinceMs`, oldest first, no more than the latest `pointsMax`. */
export async function loadPopulationHistory(
  sql: Sql,
  input: { readonly sinceMs: number; readonly pointsMax: number },
): Promise<readonly PopulationPoint[]> {
  const rows = await sql<
    {
      scan_id: number;
      counted_at: number;
      customers: number;
      assignments: number;
      tag_ids: number[];
      tag_customers: number[];
    }[]
  >`
    select scan_id, counted_at, customers, assignments, tag_ids, tag_customers::float8[] as tag_customers
    from population_history where counted_at >= ${input.sinceMs}
    order by counted_at desc, scan_id desc limit ${input.pointsMax}`;
  return rows.toReversed().map((row) => ({
    scanId: row.scan_id,
    countedAtMs: row.counted_at,
    customers: row.customers,
    assignments: row.assignments,
    tagCounts: new Map(row.tag_ids.map((tagId, index) => [tagId, row.tag_customers[index] ?? 0])),
  }));
}

/** What a tag counted after each scan that changed any count, oldest first; 0 where nobody carried it. */
export async function loadTagHistory(
  sql: Sql,
  input: { readonly tagId: number; readonly sinceMs: number; readonly pointsMax: number },
): Promise<
  readonly { readonly scanId: number; readonly countedAtMs: number; readonly customers: number }[]
> {
  const rows = await sql<{ scanId: number; countedAtMs: number; customers: number }[]>`
    select scan_id as "scanId", counted_at as "countedAtMs",
      coalesce(tag_customers[array_position(tag_ids, ${input.tagId}::int)], 0) as customers
    from population_history where counted_at >= ${input.sinceMs}
    order by counted_at desc, scan_id desc limit ${input.pointsMax}`;
  return rows.toReversed();
}
