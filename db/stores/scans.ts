import { and, eq, lt, ne, or, sql as raw } from 'drizzle-orm';
import type postgres from 'postgres';
import type { Database, Sql, SqlOrTransaction } from '../client.ts';
import { scans } from '../schema/scans.ts';
import { numberList } from '../number-list.ts';
import { appendAudit } from './audit.ts';
import { recordMade } from './inbound-events.ts';

/** Customers in one shard at most: small enough to lose when a worker dies. */
const shardCustomersMax = 500_000;
/** Smaller shards are worth their cost, some 4 % more at this size, until two workers of four threads have one each. */
const smallShardCustomers = 125_000;
const smallShardsMax = 8;
/** From so many customers on there are two shards, for two threads. */
const sharedCustomersMin = 20_000;
/** In one shard of a scan of some customers, who are read in many places; as many shards as with the others at most. */
const scopedShardCustomers = 20_000;
const shardsMax = 4_096;
/** Beyond every id of a customer. */
const idsEnd = Number.MAX_SAFE_INTEGER;

/** How far before the last scan's plan a change still counts as new: clocks of two machines differ. */
const changeWindowMs = 10_000;

/** A re-scan of named customers takes seconds; one that is older than this was left behind by a killed worker. */
const rescanLifeMs = 6 * 3_600_000;

/**
 * The scan of a Temporal run: made when first asked for, found again after that. Scans that another run or a killed
 * worker left behind are marked failed.
 */
export async function beginScan(
  database: Database,
  input: {
    readonly kind: 'full' | 'incremental';
    readonly by: { readonly personCode: string; readonly through: string } | null;
    /** Of the act that asked for it. @default none */
    readonly actId?: string | undefined;
    readonly runId: string;
    readonly nowMs: number;
  },
): Promise<number> {
  const { kind, by, actId, runId, nowMs } = input;
  return database.query.transaction(async (transaction) => {
    await transaction
      .update(scans)
      .set({ state: 'failed', finishedAt: nowMs, error: 'It was stopped before it ended.' })
      .where(
        and(
          eq(scans.state, 'running'),
          raw`${scans.runId} is distinct from ${runId}`,
          or(ne(scans.kind, 'customers'), lt(scans.startedAt, nowMs - rescanLifeMs)),
        ),
      );
    const [inserted] = await transaction
      .insert(scans)
      .values({
        kind,
        state: 'running',
        requestedBy: by?.personCode ?? null,
        runId,
        startedAt: nowMs,
      })
      .onConflictDoNothing({ target: scans.runId })
      .returning({ id: scans.id });
    if (inserted !== undefined) {
      const subject = { subjectKind: 'scan', subjectId: String(inserted.id) };
      const who = { actorCode: by?.personCode ?? null, through: by?.through ?? 'system' };
      const what = { action: 'scan.started', before: null, after: { kind } };
      await appendAudit(transaction, [{ ...who, ...what, ...subject }], nowMs);
      if (actId !== undefined) {
        await recordMade(transaction, { through: who.through, actId }, subject.subjectId);
      }
      return inserted.id;
    }
    const [found] = await transaction
      .select({ id: scans.id })
      .from(scans)
      .where(eq(scans.runId, runId));
    if (found === undefined) throw new Error(`The scan of run ${runId} was not recorded.`);
    return found.id;
  });
}

/** A scan of exactly these customers, with everything planned; to be begun after they were read from their source. */
export async function beginRescan(
  sql: Sql,
  customerIds: readonly number[],
  nowMs: number,
): Promise<{ readonly scanId: number; readonly shards: number }> {
  return sql.begin(async (transaction) => {
    const [row] = await transaction<{ id: number }[]>`
      insert into scan (kind, state, dictionary_version, started_at)
      select 'customers', 'running', version, ${nowMs} from dictionary_version returning id`;
    if (row === undefined) throw new Error('The re-scan was not recorded.');
    const wanted = transaction`wanted as materialized (
      select distinct id from unnest(${numberList(customerIds)}::bigint[]) as t(id))`;
    return { scanId: row.id, shards: await planScope(transaction, row.id, wanted) };
  });
}

/**
 * Decides which customers the scan answers for and cuts them into shards. Full: all. Incremental: those that changed
 * since the last scan was planned, those that are due, and those that a scan in between did not get done; all of them
 * where the dictionary changed since. To be called once the sources have been read; calling it again plans anew.
 */
export async function planScan(
  sql: Sql,
  scanId: number,
  nowMs: number,
): Promise<{ readonly shards: number; readonly coversAll: boolean }> {
  return sql.begin(async (transaction) => {
    const [[scan]] = await Promise.all([
      transaction<{ covers_all: boolean; base_planned_at: number | null }[]>`
        update scan set dictionary_version = v.version, customers = 0, assignments = 0, planned_at = ${nowMs},
          covers_all = scan.kind = 'full' or base.id is null or base.dictionary_version <> v.version
            or not exists (select from population_base)
        from dictionary_version v left join lateral (
          select id, dictionary_version, planned_at from scan
          where state = 'done' and kind <> 'customers' order by id desc limit 1
        ) as base on true
        where scan.id = ${scanId}
        returning scan.covers_all, base.planned_at as base_planned_at`,
      transaction`delete from scan_shard where scan_id = ${scanId}`,
    ]);
    if (scan === undefined) throw new Error(`There is no scan ${scanId}.`);
    if (scan.covers_all) {
      return { shards: await planRanges(transaction, scanId), coversAll: true };
    }
    const changedSince = (scan.base_planned_at ?? 0) - changeWindowMs;
    // An earlier attempt's rows hold who was due.
    const wanted = transaction`
      due as (
        delete from due_customer where scan_id < ${scanId} and due_hour <= ${nowMs} returning customer_ids
      ),
      earlier as (delete from scan_scope where scan_id = ${scanId} returning customer_ids),
      wanted as materialized (
        select id from mirror_customer where changed_at >= ${changedSince}
        union select unnest(customer_ids) from due
        union select unnest(customer_ids) from earlier
        union select unnest(c.customer_ids) from scan_scope c join scan s on s.id = c.scan_id
          where s.state in ('failed', 'cancelled')
        union select customer_id from departed_customer)`;
    return { shards: await planScope(transaction, scanId, wanted), coversAll: false };
  });
}

/**
 * Writes down which customers the scan answers for, in parts of which each is a shard, and answers with their number.
 * `wanted` says of a WITH what makes a table of that name with each customer's id once.
 */
async function planScope(
  transaction: SqlOrTransaction,
  scanId: number,
  wanted: postgres.PendingQuery<postgres.Row[]>,
): Promise<number> {
  const { count } = await transaction`
    with ${wanted},
    part as (
      insert into scan_scope (scan_id, part, customer_ids)
      select ${scanId}::int, place / greatest(${scopedShardCustomers}::bigint, 1 + greatest_id / ${shardsMax}::bigint),
        array_agg(id order by id)
      from (select id, row_number() over (order by id) - 1 as place, max(id) over () as greatest_id
        from wanted) as placed
      group by 2
      returning scan_id, part, customer_ids
    )
    insert into scan_shard (scan_id, shard, from_id, until_id)
    select scan_id, part, customer_ids[1], customer_ids[cardinality(customer_ids)] + 1 from part`;
  return count;
}

/** Equal ranges of ids over all customers. Ids are handed out in order, so ranges are about even. */
async function planRanges(transaction: SqlOrTransaction, scanId: number): Promise<number> {
  const [range] = await transaction<{ count: number; from_id: number; until_id: number }[]>`
    select coalesce(max(id) - min(id) + 1, 0) as count, coalesce(min(id), 0) as from_id,
      coalesce(max(id), 0) + 1 as until_id
    from mirror_customer`;
  if (range === undefined) return 0;
  const shards = countShards(range.count);
  const width = Math.ceil((range.until_id - range.from_id) / shards);
  // The ends are open: a customer who comes while the scan runs belongs to one shard too.
  await transaction`
    insert into scan_shard (scan_id, shard, from_id, until_id)
    select ${scanId}, n, case when n = 0 then 0 else ${range.from_id}::bigint + n::bigint * ${width}::bigint end,
      case when n = ${shards - 1}::int then ${idsEnd}::bigint
        else ${range.from_id}::bigint + (n + 1)::bigint * ${width}::bigint end
    from generate_series(0, ${shards - 1}::int) as t(n)`;
  return shards;
}

function countShards(customers: number): number {
  const bySize = Math.ceil(customers / shardCustomersMax);
  const byThreads = Math.min(smallShardsMax, Math.ceil(customers / smallShardCustomers));
  const two = customers < sharedCustomersMin ? 1 : 2;
  return Math.min(shardsMax, Math.max(bySize, byThreads, two));
}

export interface ShardPlan {
  readonly fromId: number;
  readonly untilId: number;
  readonly coversAll: boolean;
  /** null until it is done. */
  readonly counts: { readonly customers: number; readonly assignments: number } | null;
}

export async function loadShard(
  sql: Sql,
  scanId: number,
  shard: number,
): Promise<ShardPlan | null> {
  const [row] = await sql<
    {
      from_id: number;
      until_id: number;
      covers_all: boolean;
      done_at: number | null;
      customers: number;
      assignments: number;
    }[]
  >`
    select s.from_id, s.until_id, c.covers_all, s.done_at, s.customers, s.assignments
    from scan_shard s join scan c on c.id = s.scan_id
    where s.scan_id = ${scanId} and s.shard = ${shard}`;
  if (row === undefined) return null;
  return {
    fromId: row.from_id,
    untilId: row.until_id,
    coversAll: row.covers_all,
    counts:
      row.done_at === null ? null : { customers: row.customers, assignments: row.assignments },
  };
}

/** Ends a scan whose findings are reconciled. */
export async function finishScan(sql: Sql, scanId: number, nowMs: number): Promise<void> {
  await sql.begin((transaction) => [
    transaction`
      update scan set state = 'done', finished_at = ${nowMs} where id = ${scanId} and state = 'running'`,
    discardOldScopes(transaction, scanId),
  ]);
}

/**
 * A scope is kept while an older scan runs, whose view of its customers is out of date, and after a failure until a
 * scan that took it over has ended.
 */
function discardOldScopes(transaction: SqlOrTransaction, scanId: number) {
  return transaction`
    delete from scan_scope c using scan s
    where s.id = c.scan_id and s.state <> 'running'
      and (s.state = 'done' or (s.id < ${scanId}
        and exists (select from scan n where n.id = ${scanId} and n.kind <> 'customers')))
      and not exists (select from scan o where o.state = 'running' and o.id < s.id)`;
}

/** Ends a scan that did not get to its end. Its shards' rows go; what it was to answer for is left to the next one. */
export async function abandonScan(
  sql: Sql,
  scanId: number,
  end: {
    readonly state: 'failed' | 'cancelled';
    readonly error: string | null;
    readonly nowMs: number;
  },
): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`
      update scan set state = ${end.state}, error = ${end.error}, finished_at = ${end.nowMs}
      where id = ${scanId} and state = 'running'`;
    await transaction`delete from scan_finding where scan_id = ${scanId}`;
    await transaction`delete from scan_population where scan_id = ${scanId}`;
    await transaction`delete from pair_part where scan_id = ${scanId} and not is_counted`;
  });
}

/** When a scan began; epoch milliseconds. */
export async function scanStart(sql: Sql, scanId: number): Promise<number> {
  const [row] = await sql<
    { started_at: number }[]
  >`select started_at from scan where id = ${scanId}`;
  if (row === undefined) throw new Error(`There is no scan ${scanId}.`);
  return row.started_at;
}
