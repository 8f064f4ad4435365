import { lt, sql } from 'drizzle-orm';
import type { Sql } from '../client.ts';
import { attempts } from '../schema/access.ts';
import { hashToken } from './access.ts';
import type { Queryable } from './audit.ts';

/** How often something may be tried from one address, in windows that begin with the first attempt. */
export interface AttemptLimit {
  /** What is tried, such as sign-in; each is counted by itself. */
  readonly of: string;
  readonly attemptsMax: number;
  readonly windowMs: number;
}

/** Rows that nobody counts in any more; no window is longer. */
const keptMs = 3_600_000;

/** Counts one more attempt for all server processes together; milliseconds to wait, 0: go on. */
export async function countAttempt(
  database: Queryable,
  { of, attemptsMax, windowMs }: AttemptLimit,
  { address, nowMs }: { readonly address: string; readonly nowMs: number },
): Promise<number> {
  const isOver = lt(attempts.startedAt, nowMs - windowMs + 1);
  const [row] = await database
    .insert(attempts)
    .values({ keyHash: keyHash(of, address), startedAt: nowMs, count: 1 })
    .onConflictDoUpdate({
      target: attempts.keyHash,
      set: {
        startedAt: sql`case when ${isOver} then excluded.started_at else ${attempts.startedAt} end`,
        count: sql`case when ${isOver} then 1 else ${attempts.count} + 1 end`,
      },
    })
    .returning({ startedAtMs: attempts.startedAt, count: attempts.count });
  if (row === undefined) return 0;
  if (row.count === 1)
    await database.delete(attempts).where(lt(attempts.startedAt, nowMs - keptMs));
  return row.count <= attemptsMax ? 0 : Math.max(1, row.startedAtMs + windowMs - nowMs);
}

/** Takes back an attempt that turned out to be somebody's right. */
export async function forgiveAttempt(
  database: Queryable,
  { of }: AttemptLimit,
  address: string,
): Promise<void> {
  await database
    .update(attempts)
    .set({ count: sql`greatest(0, ${attempts.count} - 1)` })
    .where(sql`${attempts.keyHash} = ${keyHash(of, address)}`);
}

/** How often something was done under a key, such as a token's hash, in a window of the clock. */
export interface AttemptCount {
  readonly key: string;
  readonly windowStartedAtMs: number;
  readonly count: number;
}

/** Adds counts of one process to those of all, in one statement, and answers with the sums. */
export async function addAttempts(
  client: Sql,
  of: string,
  counts: readonly AttemptCount[],
): Promise<readonly AttemptCount[]> {
  if (counts.length === 0) return [];
  // In one order in every process, so that none waits for another that waits for it.
  const added = counts
    .map((one) => ({ ...one, hash: keyHash(of, one.key) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const rows = await client<{ hash: string; startedAtMs: number; count: number }[]>`
    insert into attempt (key_hash, started_at, count)
    select * from unnest(
      ${added.map(({ hash }) => hash)}::text[],
      ${added.map(({ windowStartedAtMs }) => new Date(windowStartedAtMs).toISOString())}::timestamptz[],
      ${added.map(({ count }) => count)}::int[])
    on conflict (key_hash) do update set
      started_at = greatest(attempt.started_at, excluded.started_at),
      count = case
        when attempt.started_at = excluded.started_at then attempt.count + excluded.count
        when attempt.started_at > excluded.started_at then attempt.count
        else excluded.count end
    returning key_hash as hash, started_at as "startedAtMs", count`;
  const sent = new Map(added.map((one) => [one.hash, one]));
  const begun = rows.find(({ hash, count }) => sent.get(hash)?.count === count);
  if (begun !== undefined) {
    const keptFrom = new Date(begun.startedAtMs - keptMs).toISOString();
    await client`delete from attempt where started_at < ${keptFrom}::timestamptz`;
  }
  return rows.map(({ hash, startedAtMs, count }) => ({
    key: sent.get(hash)?.key ?? '',
    windowStartedAtMs: startedAtMs,
    count,
  }));
}

/** Addresses are people's; what stands here only has to be the same again. */
function keyHash(of: string, address: string): string {
  return hashToken(`${of} ${address}`);
}
