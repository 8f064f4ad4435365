import { and, desc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import type { AssessmentPoints, AssessmentSum, PointsState } from '../../domain/assessment.ts';
import type { Database } from '../client.ts';
import { assessmentPoints } from '../schema/assessment.ts';
import { appendAudit, type Queryable } from './audit.ts';

interface By {
  readonly personCode: string;
  readonly through: string;
  readonly nowMs: number;
}

const fields = {
  id: assessmentPoints.id,
  personCode: assessmentPoints.personCode,
  cause: assessmentPoints.cause,
  points: assessmentPoints.points,
  warningId: assessmentPoints.warningId,
  ruleCode: assessmentPoints.ruleCode,
  severity: assessmentPoints.severity,
  atMs: assessmentPoints.at,
  state: assessmentPoints.stateBody,
};

/** Writes points and their audit row; those of a warning, cause and instant once, however often they are told. */
export async function addPoints(
  database: Database,
  counted: Omit<AssessmentPoints, 'id' | 'state'>,
  nowMs: number,
): Promise<void> {
  const { atMs, ...rest } = counted;
  await database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .insert(assessmentPoints)
      .values({ ...rest, at: atMs, state: 'standing', stateBody: { kind: 'standing' } })
      .onConflictDoNothing()
      .returning({ id: assessmentPoints.id });
    if (row === undefined) return;
    const { warningId, personCode, cause, points } = counted;
    await appendAudit(
      transaction,
      [
        {
          actorCode: null,
          through: 'system',
          action: 'assessment.counted',
          subjectKind: 'assessment',
          subjectId: String(row.id),
          before: null,
          after: { personCode, points, cause, warningId },
        },
      ],
      nowMs,
    );
  });
}

export async function findPoints(
  database: Queryable,
  id: number,
): Promise<AssessmentPoints | null> {
  const [row] = await database
    .select(fields)
    .from(assessmentPoints)
    .where(eq(assessmentPoints.id, id));
  return row ?? null;
}

/** Points from `state.before` on are in `state.after`, with an audit row; null where somebody was quicker. */
export async function movePoints(
  database: Database,
  id: number,
  state: { readonly before: PointsState; readonly after: PointsState },
  by: By,
): Promise<AssessmentPoints | null> {
  const { before, after } = state;
  return database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .update(assessmentPoints)
      .set({ state: after.kind, stateBody: after })
      .where(and(eq(assessmentPoints.id, id), eq(assessmentPoints.state, before.kind)))
      .returning(fields);
    if (row === undefined) return null;
    const words = 'answer' in after ? after.answer : 'reason' in after ? after.reason : '';
    await appendAudit(
      transaction,
      [
        {
          actorCode: by.personCode,
          through: by.through,
          action: `assessment.${after.kind}`,
          subjectKind: 'assessment',
          subjectId: String(id),
          before: { state: before.kind },
          after: { state: after.kind, personCode: row.personCode, comment: words },
        },
      ],
      by.nowMs,
    );
    return row;
  });
}

/** A month such as 2026-11, as it passes in a time zone. */
export interface AssessmentScope {
  readonly month: string;
  readonly timeZone: string;
  /** null: everybody. */
  readonly personCodes: readonly string[] | null;
}

/** The newest first. */
export async function listPoints(
  database: Queryable,
  scope: AssessmentScope,
  limit: number,
): Promise<readonly AssessmentPoints[]> {
  return database
    .select(fields)
    .from(assessmentPoints)
    .where(isIn(scope))
    .orderBy(desc(assessmentPoints.at), desc(assessmentPoints.id))
    .limit(limit);
}

/** Everybody with points in a month, whoever has most first. */
export async function sumPoints(
  database: Queryable,
  scope: AssessmentScope,
): Promise<readonly AssessmentSum[]> {
  const { points, state, cause, personCode } = assessmentPoints;
  const counts = sql`${state} <> 'withdrawn'`;
  const of = (name: string) =>
    sql<number>`coalesce(sum(${points}) filter (where ${counts} and ${cause} = ${name}), 0)::int`;
  const rows = await database
    .select({
      personCode,
      points: sql<number>`coalesce(sum(${points}) filter (where ${counts}), 0)::int`,
      claimMissed: of('claim-missed'),
      closeMissed: of('close-missed'),
      recurred: of('recurred'),
      contested: sql<number>`(count(*) filter (where ${state} = 'contested'))::int`,
    })
    .from(assessmentPoints)
    .where(isIn(scope))
    .groupBy(personCode)
    .orderBy(desc(sql`coalesce(sum(${points}) filter (where ${counts}), 0)`), personCode);
  return rows.map(({ claimMissed, closeMissed, recurred, ...row }) => ({
    ...row,
    byCause: { 'claim-missed': claimMissed, 'close-missed': closeMissed, recurred },
  }));
}

function isIn({ month, timeZone, personCodes }: AssessmentScope): SQL | undefined {
  const first = sql`${`${month}-01`}::timestamp`;
  const { at, personCode } = assessmentPoints;
  return and(
    sql`${at} >= ${first} at time zone ${timeZone}`,
    sql`${at} < (${first} + interval '1 month') at time zone ${timeZone}`,
    personCodes === null ? undefined : inArray(personCode, [...personCodes]),
  );
}

/** The month in which an instant (epoch milliseconds) lies in a time zone, such as 2026-11. */
export function monthIn(timeZone: string, atMs: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' });
  return parts.format(atMs).slice(0, 7);
}
