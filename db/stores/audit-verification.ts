import type { Sql } from '../client.ts';
import { auditHash, firstPreviousHash } from './audit.ts';

/** What is wrong with the trail, at the first row that does not fit. Rows are named by id. */
export type AuditFault =
  /** The row does not say what it said when it was written. */
  | { readonly kind: 'changed'; readonly rowId: number }
  /** The row was not written by Tagwarden: the row after it follows the row before it. */
  | { readonly kind: 'inserted'; readonly rowId: number }
  /** Rows between these two are gone, or `afterRowId` was written anew. null: before the first row. */
  | { readonly kind: 'removed'; readonly afterRowId: number | null; readonly beforeRowId: number }
  /** The trail once went on, to row `lastRowId` at least. null: nothing is left of it. */
  | { readonly kind: 'cut-off'; readonly afterRowId: number | null; readonly lastRowId: number };

export interface AuditVerdict {
  readonly rows: number;
  /** Hash of the last row; kept elsewhere, it shows later whether all was written anew, with the note of the end. */
  readonly lastHash: string;
  readonly fault: AuditFault | null;
}

const pageRows = 2_000;

interface Row {
  readonly id: number;
  readonly at: number;
  readonly actor_code: string | null;
  readonly through: string;
  readonly action: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly previous_hash: string;
  readonly hash: string;
}

/** Walks the whole trail in the order it was written, a page at a time. */
export async function verifyAudit(sql: Sql): Promise<AuditVerdict> {
  let rows = 0;
  // Before the walk: what is written during it is newer than this.
  const [head] = await sql<{ last_row_id: number; hash: string }[]>`
    select last_row_id, hash from audit_head`;
  let headWasSeen = head === undefined;
  let beforeLast: Row | null = null;
  let last: Row | null = null;
  for (;;) {
    const page: readonly Row[] = await sql<Row[]>`
      select id, at, actor_code, through, action, subject_kind, subject_id, before, after,
             previous_hash, hash
      from audit_row where id > ${last?.id ?? 0} order by id limit ${pageRows}`;
    for (const row of page) {
      const fault = faultOf({ row, last, beforeLast });
      if (fault !== null) return { rows, lastHash: last?.hash ?? firstPreviousHash, fault };
      rows += 1;
      headWasSeen ||= row.hash === head?.hash;
      beforeLast = last;
      last = row;
    }
    if (page.length < pageRows) break;
  }
  const fault: AuditFault | null =
    head === undefined || headWasSeen
      ? null
      : { kind: 'cut-off', afterRowId: last?.id ?? null, lastRowId: head.last_row_id };
  return { rows, lastHash: last?.hash ?? firstPreviousHash, fault };
}

function faultOf(walk: {
  readonly row: Row;
  readonly last: Row | null;
  readonly beforeLast: Row | null;
}): AuditFault | null {
  const { row, last, beforeLast } = walk;
  if (row.hash !== hashOf(row)) return { kind: 'changed', rowId: row.id };
  if (row.previous_hash === (last?.hash ?? firstPreviousHash)) return null;
  if (last !== null && row.previous_hash === (beforeLast?.hash ?? firstPreviousHash)) {
    return { kind: 'inserted', rowId: last.id };
  }
  return { kind: 'removed', afterRowId: last?.id ?? null, beforeRowId: row.id };
}

function hashOf(row: Row): string {
  return auditHash(
    row.previous_hash,
    {
      actorCode: row.actor_code,
      through: row.through,
      action: row.action,
      subjectKind: row.subject_kind,
      subjectId: row.subject_id,
      before: row.before,
      after: row.after,
    },
    row.at,
  );
}
