import { and, asc, desc, eq, gt, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { ExceptionLine, Silence, SilencePreview, SilenceScope } from '../../domain/silence.ts';
import type { Database } from '../client.ts';
import { exceptions, silences } from '../schema/scans.ts';
import { appendAudit, type Queryable } from './audit.ts';

/** Whether a silence in force covers finding `f`. */
export function isSilenced(nowMs: number): SQL {
  return sql`exists (
    select from silence s where s.until_at > ${instant(nowMs)} and s.ended_at is null
      and ${coversFinding(sql`s.rule_code`, sql`s.tag_code`, sql`s.severity`)})`;
}

/** Whether a scope covers finding `f`; a part that is null covers every one. */
function coversFinding(ruleCode: SQL, tagCode: SQL, severity: SQL): SQL {
  return sql`(${ruleCode} is null or exists (select from rule r where r.id = f.rule_id and r.code = ${ruleCode}))
    and (${severity} is null or exists (
      select from rule r where r.id = f.rule_id and r.body ->> 'severity' = ${severity}))
    and (${tagCode} is null or exists (
      select from tag t where t.code = ${tagCode} and t.id in (f.first_tag_id, f.second_tag_id)))`;
}

function instant(atMs: number): SQL {
  return sql`${new Date(atMs).toISOString()}::timestamptz`;
}

/** What a silence of this scope would have hidden since an instant, and what it would hide of what is open now. */
export async function previewSilence(
  database: Queryable,
  scope: SilenceScope,
  sinceMs: number,
): Promise<SilencePreview> {
  const covered = coversFinding(
    sql`${scope.ruleCode}::text`,
    sql`${scope.tagCode}::text`,
    sql`${scope.severity}::text`,
  );
  const isRecent = sql`f.opened_at >= ${instant(sinceMs)}`;
  const isWaiting = sql`f.state = 'open' and f.warning_id is null`;
  const [row] = await database
    .select({
      findings: sql<number>`(count(*) filter (where ${isRecent}))::int`,
      customers: sql<number>`(count(distinct f.customer_id) filter (where ${isRecent}))::int`,
      warnings: sql<number>`(count(distinct f.warning_id) filter (where ${isRecent}))::int`,
      waiting: sql<number>`(count(*) filter (where ${isWaiting}))::int`,
    })
    .from(sql`finding f`)
    .where(sql`${covered} and (${isRecent} or (${isWaiting}))`);
  return row ?? { findings: 0, customers: 0, warnings: 0, waiting: 0 };
}

/** Silences, those in force first, then the newest. */
export async function listSilences(
  database: Queryable,
  limit: number,
): Promise<readonly Silence[]> {
  return database
    .select(fields)
    .from(silences)
    .orderBy(
      desc(sql`${silences.endedAt} is null and ${silences.untilAt} > now()`),
      desc(silences.createdAt),
      asc(silences.id),
    )
    .limit(limit);
}

const fields = {
  id: silences.id,
  ruleCode: silences.ruleCode,
  tagCode: silences.tagCode,
  severity: silences.severity,
  reason: silences.reason,
  createdBy: silences.createdBy,
  createdAtMs: silences.createdAt,
  untilMs: silences.untilAt,
  endedBy: silences.endedBy,
  endedAtMs: silences.endedAt,
};

/**
 * Exceptions in force, of a rule or of a tag where one is given, one line for each rule, tags, reason and end; the
 * soonest to end first.
 */
export async function listExceptions(
  database: Queryable,
  scope: { readonly nowMs: number; readonly ruleId?: number; readonly tagId?: number },
  limit: number,
): Promise<readonly ExceptionLine[]> {
  return database
    .select({
      ruleCode: sql<string>`coalesce((select code from rule where id = ${exceptions.ruleId}), '')`,
      firstTagCode: tagCodeOf(sql`${exceptions.firstTagId}`),
      secondTagCode: tagCodeOf(sql`${exceptions.secondTagId}`),
      customers: sql<number>`count(distinct ${exceptions.customerId})::int`,
      reason: exceptions.reason,
      grantedBy: exceptions.grantedBy,
      untilMs: exceptions.untilAt,
      warningId: exceptions.warningId,
      warningOwnerCode: sql<
        string | null
      >`(select owner_code from warning where id = ${exceptions.warningId})`,
      requestId: exceptions.requestId,
    })
    .from(exceptions)
    .where(
      and(
        gt(exceptions.untilAt, sql`${instant(scope.nowMs)}`),
        scope.ruleId === undefined ? undefined : eq(exceptions.ruleId, scope.ruleId),
        scope.tagId === undefined
          ? undefined
          : or(eq(exceptions.firstTagId, scope.tagId), eq(exceptions.secondTagId, scope.tagId)),
      ),
    )
    .groupBy(
      exceptions.ruleId,
      exceptions.firstTagId,
      exceptions.secondTagId,
      exceptions.reason,
      exceptions.grantedBy,
      exceptions.untilAt,
      exceptions.warningId,
      exceptions.requestId,
    )
    .orderBy(asc(exceptions.untilAt))
    .limit(limit);
}

function tagCodeOf(tagId: SQL): SQL<string | null> {
  return sql<string | null>`(select code from tag where id = ${tagId})`;
}

interface By {
  readonly personCode: string;
  readonly through: string;
  readonly nowMs: number;
}

/** Writes a silence and its audit row. */
export async function addSilence(
  database: Database,
  silence: SilenceScope & { readonly reason: string; readonly untilMs: number },
  by: By,
): Promise<Silence> {
  const { reason, untilMs, ...scope } = silence;
  return database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .insert(silences)
      .values({
        ...scope,
        reason,
        untilAt: untilMs,
        createdBy: by.personCode,
        createdAt: by.nowMs,
      })
      .returning(fields);
    if (row === undefined) throw new Error('The silence was not written.');
    await audit(transaction, { id: row.id, action: 'silence.began', after: { ...silence } }, by);
    return row;
  });
}

/** Ends a silence before its time, with its audit row; null where there is none that could end. */
export async function endSilence(database: Database, id: number, by: By): Promise<Silence | null> {
  return database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .update(silences)
      .set({ endedBy: by.personCode, endedAt: by.nowMs })
      .where(
        and(
          eq(silences.id, id),
          isNull(silences.endedAt),
          gt(silences.untilAt, sql`${instant(by.nowMs)}`),
        ),
      )
      .returning(fields);
    if (row === undefined) return null;
    await audit(transaction, { id, action: 'silence.ended', after: {} }, by);
    return row;
  });
}

async function audit(
  transaction: Queryable,
  entry: { readonly id: number; readonly action: string; readonly after: Record<string, unknown> },
  by: By,
): Promise<void> {
  await appendAudit(
    transaction,
    [
      {
        actorCode: by.personCode,
        through: by.through,
        action: entry.action,
        subjectKind: 'silence',
        subjectId: String(entry.id),
        before: null,
        after: entry.after,
      },
    ],
    by.nowMs,
  );
}
