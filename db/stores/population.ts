import type { Sql } from '../client.ts';

/** How many customers carry each tag, known to the dictionary or not, as of the last full or incremental scan. */
export async function loadTagCounts(sql: Sql): Promise<ReadonlyMap<number, number>> {
  const rows = await sql<{ tag_id: number; customers: number }[]>`
    select tag_id, customers from tag_count`;
  return new Map(rows.map((row) => [row.tag_id, row.customers]));
}

/** How many customers carry a tag together with each other tag; those it never meets are left out. */
export async function loadPairCountsOf(
  sql: Sql,
  tagId: number,
): Promise<ReadonlyMap<number, number>> {
  const rows = await sql<{ tag_id: number; customers: number }[]>`
    select t.tag_id, t.customers from pair_count p
      cross join unnest(p.other_tag_ids, p.customers) as t(tag_id, customers)
      where p.tag_id = ${tagId}
    union all
    select p.tag_id, p.customers[array_position(p.other_tag_ids, ${tagId}::int)]
    from pair_count p where p.tag_id < ${tagId} and p.other_tag_ids @> array[${tagId}::int]`;
  return new Map(rows.map((row) => [row.tag_id, row.customers]));
}

/** Parallel lists: entry n of each is one pair of tags that occurs. `firstTagIds[n] < secondTagIds[n]`. */
export interface PairCounts {
  readonly firstTagIds: Int32Array;
  readonly secondTagIds: Int32Array;
  /** Customers that carry both. */
  readonly customers: Int32Array;
}

/** Every pair of tags that at least `customersMin` (1 or more) customers carry together, ascending. Exact. */
export async function loadPairCounts(sql: Sql, customersMin: number): Promise<PairCounts> {
  const rows = await sql<{ tag_id: number; other_tag_ids: number[]; customers: number[] }[]>`
    select tag_id, other_tag_ids, customers from pair_count order by tag_id`;
  const lengthMax = rows.reduce((sum, row) => sum + row.other_tag_ids.length, 0);
  const firstTagIds = new Int32Array(lengthMax);
  const secondTagIds = new Int32Array(lengthMax);
  const customers = new Int32Array(lengthMax);
  let length = 0;
  for (const row of rows) {
    for (const [index, count] of row.customers.entries()) {
      if (count < customersMin) continue;
      firstTagIds[length] = row.tag_id;
      secondTagIds[length] = row.other_tag_ids[index] ?? 0;
      customers[length] = count;
      length += 1;
    }
  }
  return {
    firstTagIds: firstTagIds.subarray(0, length),
    secondTagIds: secondTagIds.subarray(0, length),
    customers: customers.subarray(0, length),
  };
}

/** How many customers have a tag from each source, by source id. */
export async function loadSourceCountsOf(
  sql: Sql,
  tagId: number,
): Promise<ReadonlyMap<number, number>> {
  const rows = await sql<{ source_id: number; customers: number }[]>`
    select source_id, customers from tag_source_count where tag_id = ${tagId}`;
  return new Map(rows.map((row) => [row.source_id, row.customers]));
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
