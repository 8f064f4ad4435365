import type postgres from 'postgres';
import { advisoryLocks } from '../advisory-locks.ts';
import type { CustomerTags } from '../../domain/customer.ts';
import { PopulationCounter, type CountedTags } from '../../domain/population/counter.ts';
import {
  addEncodedPairs,
  addEncodedPopulation,
  encodePairs,
  encodePopulation,
} from '../../domain/population/encoding.ts';
import type { Database, Sql, SqlOrTransaction } from '../client.ts';
import { BinaryRows, copyRowsIn } from '../copy-binary.ts';
import { copyOut } from '../copy-out.ts';
import { numberList } from '../number-list.ts';
import { createCustomerParser } from './customer-copy.ts';

/** Where the counts of some customers stand in the stream of the mirror's changes. */
export interface PopulationMark {
  readonly changeId: number;
  readonly lastCustomerId: number;
}

interface MarkRow {
  readonly change_id: number;
  readonly last_customer_id: number;
}

/** Marks what the snapshot shows of the transaction (repeatable read) that reads the customers. Not sent yet. */
export function selectPopulationMark(sql: SqlOrTransaction) {
  return sql<MarkRow[]>`
    select coalesce((select max(id) from population_change), 0) as change_id,
      coalesce((select max(id) from mirror_customer), 0) as last_customer_id`;
}

export function populationMark([row]: readonly MarkRow[]): PopulationMark {
  return { changeId: row?.change_id ?? 0, lastCustomerId: row?.last_customer_id ?? 0 };
}

/** Leaves what a shard counted, on a connection of its own, for the end of its scan, in place of what an earlier attempt left. */
export async function leaveShardPopulation(
  sql: Sql,
  shard: { readonly scanId: number; readonly shard: number },
  counted: { readonly counter: PopulationCounter; readonly mark: PopulationMark },
): Promise<void> {
  const { counter, mark } = counted;
  const { scanId } = shard;
  await sql`delete from pair_part where scan_id = ${scanId} and part = ${shard.shard}`;
  await sql`delete from scan_population where scan_id = ${scanId} and shard = ${shard.shard}`;
  // As text a parameter of bytes would take twice their length, and longer than counting what is in them.
  const pairs = new BinaryRows();
  pairs.row(4);
  pairs.int4(scanId);
  pairs.int4(shard.shard);
  pairs.bytes(encodePairs(counter));
  pairs.boolean(false);
  const copyPairs = 'copy pair_part (scan_id, part, pairs, is_counted) from stdin (format binary)';
  await copyRowsIn(sql, copyPairs, pairs);
  const counts = new BinaryRows();
  counts.row(5);
  counts.int4(scanId);
  counts.int4(shard.shard);
  counts.bytes(encodePopulation(counter));
  counts.int8(mark.changeId);
  counts.int8(mark.lastCustomerId);
  const copyCounts = `copy scan_population (scan_id, shard, counts, change_id, last_customer_id)
    from stdin (format binary)`;
  await copyRowsIn(sql, copyCounts, counts);
}

/**
 * Brings the counts up to date at the end of a scan: after a scan of every customer they are what its shards counted;
 * otherwise every customer who changed since is taken off as it was and added as it is. Calling it again does nothing.
 */
export async function countPopulation(
  database: Pick<Database, 'sql' | 'lendConnection'>,
  scan: { readonly scanId: number; readonly nowMs: number },
): Promise<void> {
  const { scanId } = scan;
  const [kind] = await database.sql<{ covers_all: boolean }[]>`
    select covers_all from scan where id = ${scanId}`;
  if (kind === undefined) throw new Error(`There is no scan ${scanId}.`);
  if (kind.covers_all) await replacePopulation(database.sql, scan);
  else await movePopulation(database, scan);
}

async function replacePopulation(
  sql: Sql,
  scan: { readonly scanId: number; readonly nowMs: number },
): Promise<void> {
  const { scanId } = scan;
  await sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${advisoryLocks.population})`;
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
    await forgetCountedChanges(transaction);
    await writeCounts(transaction, counter, scanId);
    await transaction`delete from pair_part where scan_id < ${scanId}`;
    await transaction`update pair_part set is_counted = true where scan_id = ${scanId}`;
    await Promise.all(writeHistory(transaction, counter, scan));
    await transaction`delete from scan_population where scan_id <= ${scanId}`;
  });
}

/** The first change of each customer since it was counted shows how it was counted; later ones make no difference. */
const countedBefore = `
  select distinct on (c.customer_id) c.customer_id as id, c.tag_ids, c.import_ids, c.source_ids
  from population_change c join population_base b
    on c.customer_id >= b.from_id and c.customer_id < b.until_id
  where c.id > b.change_id and c.customer_id <= b.last_customer_id
  order by c.customer_id, c.id`;

async function movePopulation(
  database: Pick<Database, 'lendConnection'>,
  scan: { readonly scanId: number; readonly nowMs: number },
): Promise<void> {
  await database.lendConnection(async (connection) => {
    // Sent together and done in this order: the lock before the snapshot, which has to show what the last one who had
    // the lock did; one snapshot for how customers were, how they are and where that stands among the changes.
    const [, , , marks, ranges, [latest]] = await Promise.all([
      connection`select pg_advisory_lock(${advisoryLocks.population})`,
      // The columns by which it is joined: looking through the arrays would take longer than the join.
      connection.unsafe('analyze population_change (id, customer_id)'),
      connection.unsafe('begin isolation level repeatable read'),
      selectPopulationMark(connection),
      connection<IdRange[]>`
        select greatest(from_id, last_customer_id + 1) as from_id, until_id
        from population_base where until_id > last_customer_id + 1`,
      connection<Totals[]>`
        select customers, assignments from population_history order by counted_at desc, scan_id desc limit 1`,
    ]);
    const mark = populationMark(marks);
    const moved = await countMoved(connection, ranges);
    if (moved.tagIds().length > 0 || moved.customers !== 0) {
      await addToCounts(
        connection,
        { moved, latest: latest ?? { customers: 0, assignments: 0 } },
        scan,
      );
    }
    await Promise.all([
      connection`delete from population_base`,
      connection`
        insert into population_base (from_id, until_id, change_id, last_customer_id)
        values (0, ${idsEnd}, ${mark.changeId}, ${mark.lastCustomerId})`,
      forgetCountedChanges(connection),
    ]);
    await connection.unsafe('commit');
    await connection`select pg_advisory_unlock(${advisoryLocks.population})`;
  });
}

interface Totals {
  /** All customers, with and without tags. */
  readonly customers: number;
  readonly assignments: number;
}

interface IdRange {
  readonly from_id: number;
  readonly until_id: number;
}

/** Beyond every id of a customer. */
const idsEnd = Number.MAX_SAFE_INTEGER;

/** Not sent yet. */
function forgetCountedChanges(sql: SqlOrTransaction) {
  return sql`
    delete from population_change c using population_base b
    where c.customer_id >= b.from_id and c.customer_id < b.until_id
      and (c.id <= b.change_id or c.customer_id > b.last_customer_id)`;
}

/**
 * Takes every customer who changed off as it was and adds it as it is, and adds the new ones: those who came after the
 * customers of their range had been counted. The ranges stand as literals, which the planner can estimate.
 */
async function countMoved(
  connection: Sql,
  newRanges: readonly IdRange[],
): Promise<PopulationCounter> {
  const moved = new PopulationCounter('few');
  const newCustomers = newRanges.map(
    (range) => `union all select id, 0, 1, tag_ids, import_ids, source_ids from mirror_customer
      where id >= ${range.from_id} and id < ${range.until_id}`,
  );
  // Tags as they were stand before tags as they are, for half as many rows.
  const parser = createCustomerParser((customer) => {
    const [tagsBefore = 0, customers = 0] = customer.numbers;
    moved.customers += customers;
    moved.change(tagsOf(customer, 0, tagsBefore), tagsOf(customer, tagsBefore, customer.count));
  });
  const statement = `copy (with counted_before as materialized (${countedBefore})
      select id, tag_ids, null::bigint[], array[tags_before, customers]::float8[], null::text[], null::int[],
        import_ids, null::smallint[], source_ids
      from (
        select c.id, cardinality(c.tag_ids) as tags_before, case when m.id is null then -1 else 0 end as customers,
          c.tag_ids || m.tag_ids as tag_ids, c.import_ids || m.import_ids as import_ids,
          c.source_ids || m.source_ids as source_ids
        from counted_before c left join mirror_customer m on m.id = c.id
        ${newCustomers.join(' ')}
      ) as q) to stdout (format binary)`;
  await copyOut(connection, statement, {
    onBytes: parser.push,
    pause: async () => {},
    signal: new AbortController().signal,
  });
  parser.end();
  return moved;
}

function tagsOf(customer: CustomerTags, from: number, until: number): CountedTags {
  return {
    count: until - from,
    tagIds: customer.tagIds.subarray(from, until),
    sourceIds: customer.sourceIds.subarray(from, until),
    importIds: customer.importIds.subarray(from, until),
  };
}

/** Adds to the counts what has moved; only rows that it concerns are written. Sent together and done in this order. */
async function addToCounts(
  sql: Sql,
  { moved, latest }: { readonly moved: PopulationCounter; readonly latest: Totals },
  scan: { readonly scanId: number; readonly nowMs: number },
): Promise<void> {
  const tagIds = numberList([...moved.tagIds()]);
  const changed = [...moved.tagIds()].filter((tagId) => moved.tagCount(tagId) !== 0);
  const totals = {
    customers: latest.customers + moved.customers,
    assignments: latest.assignments + moved.assignments,
  };
  await Promise.all([
    sql`
      insert into tag_count as t (tag_id, customers, scan_id)
      select m.*, ${scan.scanId} from unnest(${numberList(changed)}::int[],
        ${numberList(changed.map((tagId) => moved.tagCount(tagId)))}::bigint[]) as m
      on conflict (tag_id) do update set customers = t.customers + excluded.customers, scan_id = excluded.scan_id`,
    ...addPartCounts(sql, sourceParts, (visit) => moved.forEachSource(visit)),
    ...addPartCounts(sql, importParts, (visit) => moved.forEachImport(visit)),
    ...['tag_count', 'tag_source_count', 'tag_import_count'].map(
      (table) =>
        sql`delete from ${sql(table)} where customers = 0 and tag_id = any(${tagIds}::int[])`,
    ),
    ...writeHistory(sql, totals, scan),
  ]);
  await addToPairs(sql, moved, scan.scanId);
}

/** Parts that moved pairs since the last full scan may take this much whatever the full scan's parts take. */
const movedBytesMin = 1_000_000;

/** Leaves what moved as one more part; once such parts outgrow what they move, all become one. */
async function addToPairs(sql: Sql, moved: PopulationCounter, scanId: number): Promise<void> {
  const pairs = encodePairs(moved);
  if (pairs.length === 0) return;
  await sql`
    insert into pair_part (scan_id, part, pairs, is_counted)
    select ${scanId}, coalesce(max(part) + 1, 0), ${pairs}, true from pair_part where scan_id = ${scanId}`;
  const [size] = await sql<{ first: number; later: number }[]>`
    with counted as (select scan_id, octet_length(pairs)::int8 as bytes from pair_part where is_counted)
    select coalesce(sum(bytes) filter (where is_first), 0)::int8 as first,
      coalesce(sum(bytes) filter (where not is_first), 0)::int8 as later
    from (select bytes, scan_id = (select min(scan_id) from counted) as is_first from counted) as sized`;
  if (size === undefined || size.later <= Math.max(movedBytesMin, size.first)) return;
  const counter = await readPairs(sql);
  await sql`delete from pair_part where is_counted`;
  await sql`
    insert into pair_part (scan_id, part, pairs, is_counted)
    values (${scanId}, 0, ${encodePairs(counter)}, true)`;
}

/** A counter of nothing but the pairs, as of the last full or incremental scan. */
export async function readPairs(sql: Sql): Promise<PopulationCounter> {
  const counter = new PopulationCounter();
  const rows = sql<{ pairs: Uint8Array }[]>`select pairs from pair_part where is_counted`;
  await rows.cursor(1, ([row]) => {
    if (row !== undefined) addEncodedPairs(counter, row.pairs);
  });
  return counter;
}

async function writeCounts(
  sql: SqlOrTransaction,
  counter: PopulationCounter,
  scanId: number,
): Promise<void> {
  await sql`delete from tag_count`;
  const carried = [...counter.tagIds()].filter((tagId) => counter.tagCount(tagId) > 0);
  await sql`
    insert into tag_count (tag_id, customers, scan_id)
    select t.*, ${scanId} from unnest(${numberList(carried)}::int[],
      ${numberList(carried.map((tagId) => counter.tagCount(tagId)))}::bigint[]) as t`;
  await replacePartCounts(sql, sourceParts, (visit) => counter.forEachSource(visit));
  await replacePartCounts(sql, importParts, (visit) => counter.forEachImport(visit));
}

const partCountsPerInsert = 10_000;
const sourceParts = { table: 'tag_source_count', part: 'source_id' } as const;
const importParts = { table: 'tag_import_count', part: 'import_id' } as const;

type PartTable = typeof sourceParts | typeof importParts;
type ForEachPart = (visit: (tagId: number, partId: number, count: number) => void) => void;

/** Writes only what differs: from one full scan to the next most of many thousand counts stay as they are. */
async function replacePartCounts(
  sql: SqlOrTransaction,
  { table, part }: PartTable,
  forEach: ForEachPart,
): Promise<void> {
  await sql`create temp table counted (tag_id int, part_id int, customers bigint) on commit drop`;
  for (const counts of partCounts(sql, forEach)) await sql`insert into counted ${counts}`;
  await sql`
    delete from ${sql(table)} t where not exists (
      select from counted c where c.tag_id = t.tag_id and c.part_id = t.${sql(part)})`;
  await sql`
    insert into ${sql(table)} as t
    select c.* from counted c left join ${sql(table)} known
      on known.tag_id = c.tag_id and known.${sql(part)} = c.part_id
    where known.customers is distinct from c.customers
    on conflict (tag_id, ${sql(part)}) do update set customers = excluded.customers`;
  await sql`drop table counted`;
}

/** Adds to what is there. Not sent yet. */
function addPartCounts(sql: SqlOrTransaction, { table, part }: PartTable, forEach: ForEachPart) {
  return Array.from(
    partCounts(sql, forEach),
    (counts) => sql`
      insert into ${sql(table)} as t ${counts}
      on conflict (tag_id, ${sql(part)}) do update set customers = t.customers + excluded.customers`,
  );
}

function* partCounts(sql: SqlOrTransaction, forEach: ForEachPart) {
  const entries: (readonly [tagId: number, partId: number, count: number])[] = [];
  forEach((tagId, partId, count) => entries.push([tagId, partId, count]));
  for (const some of batchesOf(entries, partCountsPerInsert)) {
    yield sql`
      select * from unnest(${numberList(some.map(([tagId]) => tagId))}::int[],
        ${numberList(some.map(([, partId]) => partId))}::int[],
        ${numberList(some.map(([, , count]) => count))}::bigint[])`;
  }
}

const dayMs = 86_400_000;
/** Every scan is remembered this long, after that the last one of each day. */
const everyScanKeptMs = 7 * dayMs;

/** Remembers the counts of tags as they are stored when it is done. Not sent yet. */
function writeHistory(
  sql: SqlOrTransaction,
  { customers, assignments }: Totals,
  scan: { readonly scanId: number; readonly nowMs: number },
): readonly postgres.PendingQuery<postgres.Row[]>[] {
  const remembered = sql`
    insert into population_history (scan_id, counted_at, customers, assignments, tag_ids, tag_customers)
    select ${scan.scanId}, ${scan.nowMs}, ${customers}, ${assignments},
      coalesce(array_agg(tag_id order by tag_id), '{}'), coalesce(array_agg(customers order by tag_id), '{}')
    from tag_count
    on conflict (scan_id) do update set counted_at = excluded.counted_at, customers = excluded.customers,
      assignments = excluded.assignments, tag_ids = excluded.tag_ids, tag_customers = excluded.tag_customers`;
  const forgotten = sql`
    delete from population_history h where h.counted_at < ${scan.nowMs - everyScanKeptMs} and exists (
      select from population_history later where later.counted_at > h.counted_at
        and later.counted_at < date_trunc('day', h.counted_at, 'UTC') + interval '1 day')`;
  return [remembered, forgotten];
}

function* batchesOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
