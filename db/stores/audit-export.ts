import type { Sql } from '../client.ts';
import type { AuditEntry } from './audit.ts';

/** A row of the trail as it is exported; instants are ISO 8601 in UTC. */
export interface ExportedAuditRow extends AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly previousHash: string;
  readonly hash: string;
}

const pageRows = 2_000;

/** The whole trail in the order it was written, with its hashes, so that it can be verified elsewhere; a page at a time. */
export async function* readAuditRows(
  sql: Sql,
  afterId: number,
): AsyncGenerator<readonly ExportedAuditRow[]> {
  for (let last = afterId; ; ) {
    const page = await sql<(Omit<ExportedAuditRow, 'at'> & { readonly at: number })[]>`
      select id, at, actor_code as "actorCode", through, action, subject_kind as "subjectKind",
        subject_id as "subjectId", before, after, previous_hash as "previousHash", hash
      from audit_row where id > ${last} order by id limit ${pageRows}`;
    if (page.length === 0) return;
    yield page.map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
    last = page.at(-1)?.id ?? last;
  }
}
