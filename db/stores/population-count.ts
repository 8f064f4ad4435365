import { PopulationCounter } from '../../domain/population/counter.ts';
import { addEncodedPopulation, encodePopulation } from '../../domain/population/encoding.ts';
import type { Sql, SqlOrTransaction } from '../client.ts';

/** Advisory lock under which the counts are replaced. */
const populationLock = 8_140_004;

/** Where the counts of some customers stand in the stream of the mirror's changes. */
export interface PopulationMark {
  readonly changeId: number;
  readonly lastCustomerId: number;
}

/** Marks what the present snapshot shows; to be called in the transaction (repeatable read) that reads the customers. */
export async function readPopulationMark(sql: SqlOrTransaction): Promise<PopulationMark> {
  const [row] = await sql<{ change_id: number; last_customer_id: number }[]>`
    select coalesce((select max(id) from population_change), 0) as change_id,
      coalesce((select max(id) from mirror_customer), 0) as last_customer_id`;
  return { changeId: row?.change_id ?? 0, lastCustomerId: row?.last_customer_id ?? 0 };
}

/** Leaves what a shard counted for the end of its scan, in place of what an earlier attempt left. */
export async function leaveShardPopulation(
  sql: SqlOrTransaction,
  shard: { readonly scanId: number; readonly shard: number },
  counted: { readonly counter: PopulationCounter; readonly mark: PopulationMark },
): Promise<void> {
  const { counter, mark } = counted;
  await sql`
    insert into scan_population (scan_id, shard, counts, change_id, last_customer_id)
    values (${shard.scanId}, ${shard.shard}, ${encodePopulation(counter)}, ${mark.changeId}, ${mark.lastCustomerId})
    on conflict (scan_id, shard) do update set counts = excluded.counts,
      change_id = excluded.change_id, last_customer_id = excluded.last_customer_id`;
}

/** Makes what the shards of a scan of every customer counted the counts. Calling it again does nothing. */
export async function replacePopulation(sql: Sql, scanId: number, nowMs: number): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${populationLock})`;
    const counter = new PopulationCounter();
    let shards = 0;
    const rows = transaction<{ counts: Uint8Array }[]>`
      select counts from scan_population where scan_id = ${scanId} order by shard`;
    await rows.cursor(1, ([row]) => {
      if (row === undefined) return;
      addEncodedPopulation(counter, row.counts);
      shards += 1;
    });
    if (shards === 0) return;
    await transaction`delete from population_base`;
    await transaction`
      insert into population_base (from_id, until_id, change_id, last_customer_id)
      select s.from_id, s.until_id, p.change_id, p.last_customer_id
      from scan_population p join scan_shard s on s.scan_id = p.scan_id and s.shard = p.shard
      where p.scan_id = ${scanId}`;
    await transaction`
      delete from population_change c using population_base b
      where c.customer_id >= b.from_id and c.customer_id < b.until_id
        and (c.id <= b.change_id or c.customer_id > b.last_customer_id)`;
    await writeCounts(transaction, counter, scanId);
    await writeHistory(transaction, counter, { scanId, nowMs });
    await transaction`delete from scan_population where scan_id <= ${scanId}`;
  });
}

/** Tags whose pairs are written at once. */
const tagsPerInsert = 256;

async function writeCounts(
  sql: SqlOrTransaction,
  counter: PopulationCounter,
  scanId: number,
): Promise<void> {
  await sql`delete from tag_count`;
  await sql`delete from pair_count`;
  await sql`delete from tag_source_count`;
  await sql`delete from tag_import_count`;
  const carried = [...counter.tagIds()].filter((tagId) => counter.tagCount(tagId) > 0);
  await sql`
    insert into tag_count (tag_id, customers, scan_id)
    select t.*, ${scanId} from unnest(${list(carried)}::int[],
      ${list(carried.map((tagId) => counter.tagCount(tagId)))}::bigint[]) as t`;
  for (const rows of batchesOf(pairRows(counter), tagsPerInsert)) {
    await sql`
      insert into pair_count (tag_id, other_tag_ids, customers)
      select t.tag_id, t.others::int[], t.customers::int[] from unnest(
        ${list(rows.map((row) => row.tagId))}::int[], ${rows.map((row) => row.others)}::text[],
        ${rows.map((row) => row.customers)}::text[]) as t(tag_id, others, customers)`;
  }
  await writePartCounts(sql, 'tag_source_count', (visit) => counter.forEachSource(visit));
  await writePartCounts(sql, 'tag_import_count', (visit) => counter.forEachImport(visit));
}

interface PairRow {
  readonly tagId: number;
  readonly others: string;
  readonly customers: string;
}

function pairRows(counter: PopulationCounter): readonly PairRow[] {
  const rows: PairRow[] = [];
  counter.forEachTagPairs((tagId, others, counts) => {
    if (others.length > 0) rows.push({ tagId, others: list(others), customers: list(counts) });
  });
  return rows;
}

const partCountsPerInsert = 10_000;

async function writePartCounts(
  sql: SqlOrTransaction,
  table: 'tag_source_count' | 'tag_import_count',
  forEach: (visit: (tagId: number, partId: number, count: number) => void) => void,
): Promise<void> {
  const entries: (readonly [tagId: number, partId: number, count: number])[] = [];
  forEach((tagId, partId, count) => entries.push([tagId, partId, count]));
  for (const part of batchesOf(entries, partCountsPerInsert)) {
    await sql`
      insert into ${sql(table)}
      select * from unnest(${list(part.map(([tagId]) => tagId))}::int[],
        ${list(part.map(([, partId]) => partId))}::int[],
        ${list(part.map(([, , count]) => count))}::bigint[])`;
  }
}

const dayMs = 86_400_000;
/** Every scan is remembered this long, after that the last one of each day. */
const everyScanKeptMs = 7 * dayMs;

async function writeHistory(
  sql: SqlOrTransaction,
  counter: PopulationCounter,
  scan: { readonly scanId: number; readonly nowMs: number },
): Promise<void> {
  const { customers, assignments } = counter;
  const carried = [...counter.tagIds()].filter((tagId) => counter.tagCount(tagId) > 0);
  await sql`
    insert into population_history (scan_id, counted_at, customers, assignments, tag_ids, tag_customers)
    values (${scan.scanId}, ${scan.nowMs}, ${customers}, ${assignments}, ${list(carried)}::text::int[],
      ${list(carried.map((tagId) => counter.tagCount(tagId)))}::text::bigint[])`;
  await sql`
    delete from population_history h where h.counted_at < ${scan.nowMs - everyScanKeptMs} and exists (
      select from population_history later where later.counted_at > h.counted_at
        and later.counted_at < date_trunc('day', h.counted_at, 'UTC') + interval '1 day')`;
}

/** An array literal of numbers. */
function list(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}

function* batchesOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
