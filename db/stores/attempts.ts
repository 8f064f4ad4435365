import { lt, sql } from 'drizzle-orm';
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

/** Addresses are people's; what stands here only has to be the same again. */
function keyHash(of: string, address: string): string {
  return hashToken(`${of} ${address}`);
}
