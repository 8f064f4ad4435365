import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Undecided } from '../../domain/detect/undecided.ts';
import type { PopulationCounter } from '../../domain/population/counter.ts';
import type { Database, Sql } from '../client.ts';
import { BinaryRows } from '../copy-binary.ts';
import { leaveShardPopulation, type PopulationMark } from './population-count.ts';

/** Takes what a shard finds, as it finds it. */
export interface FindingWriter {
  add(ruleId: number, customerId: number, firstTagId: number, secondTagId: number): void;
  /** Passes on what has gathered, if it is worth it; waits while the database is busy. */
  flush(): Promise<void>;
}

export interface ShardResult {
  readonly customers: number;
  readonly assignments: number;
  /** What was counted of its customers; null where the scan answers for some customers only. */
  readonly population: {
    readonly counter: PopulationCounter;
    readonly mark: PopulationMark;
  } | null;
  /** Customers by the epoch second at which the hour begins in which they fall due. */
  readonly dueCustomers: ReadonlyMap<number, readonly number[]>;
  readonly undecided: readonly Undecided[];
}

interface Shard {
  readonly scanId: number;
  readonly shard: number;
}

/**
 * Writes all that a shard found in one transaction on a connection of its own, in place of what an earlier attempt
 * wrote. `work` writes findings as it meets them and returns the rest. Answers with how much it was.
 */
export async function recordShard(
  database: Pick<Database, 'lendConnection'>,
  shard: Shard,
  work: (findings: FindingWriter) => Promise<ShardResult>,
): Promise<Pick<ShardResult, 'customers' | 'assignments'>> {
  return database.lendConnection(async (connection) => {
    await Promise.all([
      connection.unsafe('begin'),
      ...['scan_finding', 'due_customer'].map(
        (table) => connection`delete from ${connection(table)}
          where scan_id = ${shard.scanId} and shard = ${shard.shard}`,
      ),
    ]);
    const stream: Writable = await connection.unsafe(copyFindings).writable();
    let result: ShardResult;
    try {
      const findings = createFindingWriter(stream, shard);
      result = await work(findings);
      stream.end(findings.rest());
      await finished(stream);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    await writeRest(connection, shard, result);
    await connection.unsafe('commit');
    const { customers, assignments } = result;
    return { customers, assignments };
  });
}

const copyFindings = `copy scan_finding (scan_id, shard, rule_id, customer_id, first_tag_id, second_tag_id)
  from stdin (format binary)`;
const findingColumns = 6;
/** Findings are passed on whenever this much has gathered. */
const flushBytesMin = 64 * 1024;

function createFindingWriter(
  stream: Writable,
  { scanId, shard }: Shard,
): FindingWriter & { rest(): Buffer } {
  const rows = new BinaryRows();
  let failure: Error | null = null;
  stream.on('error', (error: Error) => {
    failure = error;
  });
  return {
    add: (ruleId, customerId, firstTagId, secondTagId) => {
      rows.row(findingColumns);
      rows.int4(scanId);
      rows.int4(shard);
      rows.int4(ruleId);
      rows.int8(customerId);
      rows.int4(firstTagId);
      rows.int4(secondTagId);
    },
    rest: () => rows.end(),
    flush: async () => {
      if (failure !== null) throw failure;
      if (rows.length < flushBytesMin) return;
      if (!stream.write(rows.take())) await once(stream, 'drain');
    },
  };
}

async function writeRest(sql: Sql, shard: Shard, result: ShardResult): Promise<void> {
  const { scanId, shard: number } = shard;
  const { customers, assignments, population, dueCustomers, undecided } = result;
  if (population !== null) await leaveShardPopulation(sql, shard, population);
  await writeDueCustomers(sql, shard, dueCustomers);
  const shardIsDone = sql`
    update scan_shard set done_at = now(), customers = ${customers}, assignments = ${assignments},
      undecided = ${sql.json(undecided.map((one) => ({ ...one, missing: one.missing.map((part) => ({ ...part })) })))}
    where scan_id = ${scanId} and shard = ${number}`;
  const isAdded = sql`
    update scan set customers = customers + ${customers}, assignments = assignments + ${assignments}
    where id = ${scanId} and state = 'running'`;
  const [, { count }] = await Promise.all([shardIsDone, isAdded]);
  if (count === 0) throw new Error(`Scan ${scanId} no longer runs.`);
}

const copyDueCustomers =
  'copy due_customer (scan_id, shard, due_hour, customer_ids) from stdin (format binary)';
const dueColumns = 4;

async function writeDueCustomers(
  sql: Sql,
  shard: Shard,
  due: ReadonlyMap<number, readonly number[]>,
): Promise<void> {
  const stream: Writable = await sql.unsafe(copyDueCustomers).writable();
  const rows = new BinaryRows();
  for (const [hourSeconds, customerIds] of due) {
    rows.row(dueColumns);
    rows.int4(shard.scanId);
    rows.int4(shard.shard);
    rows.instant(hourSeconds * 1_000);
    rows.int8Array(customerIds);
    if (rows.length < flushBytesMin) continue;
    if (!stream.write(rows.take())) await once(stream, 'drain');
  }
  stream.end(rows.end());
  await finished(stream);
}
