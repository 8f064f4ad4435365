import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { advisoryLocks } from '../advisory-locks.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { auditHeads, auditRows } from '../schema/access.ts';

/** The pool's query builder or a transaction of it. */
export type Queryable = PgDatabase<PgQueryResultHKT>;

export interface AuditEntry {
  /** Person code; null for the system itself. */
  readonly actorCode: string | null;
  readonly through: string;
  /** Dotted, subject first, such as warning.claimed. */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** Ids, codes, counts and states; never a secret, never a customer's data. */
  readonly before: unknown;
  readonly after: unknown;
}

/** The hash before the first row. */
export const firstPreviousHash = '0'.repeat(64);

/**
 * Appends rows to the audit trail. Call it last in the transaction that makes the change: the chain is locked
 * until that transaction ends, and a change and its row stand or fall together.
 */
export async function appendAudit(
  transaction: Queryable,
  entries: readonly AuditEntry[],
  nowMs: number,
): Promise<void> {
  await transaction.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.auditChain})`);
  // Not the last row that is there: where rows were cut off, the next one shows it.
  const [last] = await transaction.select({ hash: auditHeads.hash }).from(auditHeads);
  let previousHash = last?.hash ?? firstPreviousHash;
  for (const entry of entries) {
    const hash = auditHash(previousHash, entry, nowMs);
    await transaction.insert(auditRows).values({ ...entry, at: nowMs, previousHash, hash });
    previousHash = hash;
  }
}

/** SHA-256 over the row before and everything this row says; hexadecimal. */
export function auditHash(previousHash: string, entry: AuditEntry, atMs: number): string {
  const content = [
    previousHash,
    atMs,
    entry.actorCode,
    entry.through,
    entry.action,
    entry.subjectKind,
    entry.subjectId,
    entry.before ?? null,
    entry.after ?? null,
  ];
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
