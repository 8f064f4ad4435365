import { and, eq, gt, lt } from 'drizzle-orm';
import type { WarningException } from '../../bot/views.ts';
import type { Database, Sql } from '../client.ts';
import { exceptions } from '../schema/scans.ts';
import { appendAudit } from './audit.ts';

/** An exception whose end is near and of which nobody has been told. */
export interface EndingException {
  readonly warningId: number;
  readonly untilMs: number;
  /** Whom it is up to: whoever granted it, whoever asked the committee for it, and the warning's owner. */
  readonly personCodes: readonly string[];
  /** Who hears of it where none of them works here any more, the nearest first. */
  readonly insteadCodes: readonly string[];
}

/** Exceptions of warnings that end within a time from now, the first first; each until somebody is reminded of it. */
export async function listEndingExceptions(
  sql: Sql,
  scope: { readonly nowMs: number; readonly withinMs: number; readonly limit: number },
): Promise<readonly EndingException[]> {
  const rows = await sql<
    {
      warningId: number;
      untilMs: number;
      personCodes: readonly string[];
      insteadCodes: readonly (string | null)[];
    }[]
  >`
    with ending as (
      select warning_id, max(until_at) as until_at, array_agg(distinct granted_by) as granted_by
      from exception
      where until_at > ${scope.nowMs} and warning_id is not null
      group by warning_id
      having max(until_at) <= ${scope.nowMs + scope.withinMs}
    )
    select e.warning_id as "warningId", e.until_at as "untilMs",
      array(select distinct code from unnest(e.granted_by || w.owner_code || array(
        select r.requester_code from request r
        where r.state = 'applied' and r.proposal ->> 'kind' = 'exception'
          and (r.proposal ->> 'warningId')::int = e.warning_id)) as code
        order by code) as "personCodes",
      to_json(array[w.second_line_code, w.manager_code]) as "insteadCodes"
    from ending e join warning w on w.id = e.warning_id
    where not exists (
      select from delivery d where d.subject_kind = 'warning' and d.subject_id = e.warning_id
        and d.purpose = 'reminder-exception-' || floor(extract(epoch from e.until_at))::bigint)
    order by e.until_at, e.warning_id
    limit ${scope.limit}`;
  return rows.map(({ insteadCodes, ...row }) => ({
    ...row,
    insteadCodes: insteadCodes.filter((code) => code !== null),
  }));
}

/** What exceptions of a warning still hide; null where none is in force. */
export async function findWarningException(
  sql: Sql,
  warningId: number,
  nowMs: number,
): Promise<WarningException | null> {
  const [row] = await sql<WarningException[]>`
    select max(until_at) as "untilMs", count(distinct customer_id)::int as customers,
      (array_agg(reason order by granted_at desc))[1] as reason,
      (array_agg(granted_by order by granted_at desc))[1] as "grantedByCode"
    from exception where warning_id = ${warningId} and until_at > ${nowMs}
    having count(*) > 0`;
  return row ?? null;
}

/**
 * Lets a warning's exceptions that are still in force last longer, for another reason. False where none is any more.
 * Repeated calls do it once.
 */
export async function prolongExceptions(
  database: Database,
  longer: {
    readonly warningId: number;
    readonly untilMs: number;
    readonly reason: string;
    readonly requesterCode: string;
    readonly nowMs: number;
  },
): Promise<boolean> {
  const { warningId, untilMs, reason, requesterCode, nowMs } = longer;
  const before = await findWarningException(database.sql, warningId, nowMs);
  if (before === null) return false;
  await database.query.transaction(async (transaction) => {
    const prolonged = await transaction
      .update(exceptions)
      .set({ untilAt: untilMs, reason })
      .where(
        and(
          eq(exceptions.warningId, warningId),
          gt(exceptions.untilAt, nowMs),
          lt(exceptions.untilAt, untilMs),
        ),
      )
      .returning({ id: exceptions.id });
    if (prolonged.length === 0) return;
    const entry = {
      actorCode: requesterCode,
      through: 'system',
      action: 'warning.exception-prolonged',
      subjectKind: 'warning',
      subjectId: String(warningId),
      before: { untilMs: before.untilMs },
      after: { untilMs, customers: before.customers },
    };
    await appendAudit(transaction, [entry], nowMs);
  });
  return true;
}
