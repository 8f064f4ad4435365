import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { AssessmentEntry, AssessmentView, PointsView } from '../../bot/views.ts';
import {
  assessedFor,
  contestRefusal,
  contestUntilMs,
  decidersFor,
  defaultContestWithinMs,
  monthBefore,
  totalsOf,
  type AssessmentPoints,
  type AssessmentSum,
} from '../../domain/assessment.ts';
import type { Person } from '../../domain/person.ts';
import type { Policy } from '../../domain/policy.ts';
import { visibleDictionary } from '../../domain/hidden.ts';
import type { Database } from '../client.ts';
import { auditRows } from '../schema/access.ts';
import { assessmentPoints, assessmentReports } from '../schema/assessment.ts';
import { findPoints, listPoints, monthIn, sumPoints } from './assessment.ts';
import { appendAudit, type Queryable } from './audit.ts';
import { readCurrentKnowledge, type CurrentKnowledge } from './current-knowledge.ts';
import { loadPolicy } from './dictionary.ts';

const entriesShownMax = 10;
const contestableMax = 50;
/** News of a decision is told for so long after it. */
const decidedNewsMs = 7 * 86_400_000;

/** Writes down that a person is sent their month, with its audit row; returns its id, also where it was there. */
export async function ensureReport(
  database: Database,
  input: { readonly personCode: string; readonly month: string; readonly nowMs: number },
): Promise<number> {
  const { personCode, month, nowMs } = input;
  return database.query.transaction(async (transaction) => {
    const [made] = await transaction
      .insert(assessmentReports)
      .values({ personCode, month, createdAt: nowMs })
      .onConflictDoNothing()
      .returning({ id: assessmentReports.id });
    if (made === undefined) {
      const [known] = await transaction
        .select({ id: assessmentReports.id })
        .from(assessmentReports)
        .where(
          and(eq(assessmentReports.personCode, personCode), eq(assessmentReports.month, month)),
        );
      if (known === undefined) throw new Error(`The month ${month} was not recorded.`);
      return known.id;
    }
    const row = {
      actorCode: null,
      through: 'system',
      action: 'assessment.reported',
      subjectKind: 'assessment-report',
      subjectId: String(made.id),
      before: null,
      after: { reader: personCode, month },
    };
    await appendAudit(transaction, [row], nowMs);
    return made.id;
  });
}

/** Who has been sent a month. */
export async function listReported(
  database: Queryable,
  month: string,
): Promise<ReadonlySet<string>> {
  const rows = await database
    .select({ code: assessmentReports.personCode })
    .from(assessmentReports)
    .where(eq(assessmentReports.month, month));
  return new Set(rows.map(({ code }) => code));
}

/** Closes a month on the audit trail, once: from there subscribers are told. Names are in it where the policy has them. */
export async function closeMonth(
  database: Database,
  input: {
    readonly month: string;
    readonly sums: readonly AssessmentSum[];
    readonly isNamed: boolean;
    readonly nowMs: number;
  },
): Promise<void> {
  const { month, sums, isNamed, nowMs } = input;
  const subject = { subjectKind: 'assessment-month', subjectId: month } as const;
  await database.query.transaction(async (transaction) => {
    const [closed] = await transaction
      .select({ id: auditRows.id })
      .from(auditRows)
      .where(
        and(
          eq(auditRows.subjectKind, subject.subjectKind),
          eq(auditRows.subjectId, subject.subjectId),
        ),
      )
      .limit(1);
    if (closed !== undefined) return;
    const persons = isNamed
      ? { persons: sums.map(({ personCode, points }) => ({ personCode, points })) }
      : {};
    const after = { month, ...totalsOf(sums), ...persons };
    const row = {
      actorCode: null,
      through: 'system',
      action: 'assessment.month-closed',
      ...subject,
      before: null,
      after,
    };
    await appendAudit(transaction, [row], nowMs);
  });
}

export async function findReportReader(database: Queryable, id: number): Promise<string | null> {
  const [row] = await database
    .select({ code: assessmentReports.personCode })
    .from(assessmentReports)
    .where(eq(assessmentReports.id, id));
  return row?.code ?? null;
}

/** The months sent to whoever has these points and to those who decide on them. */
export async function listReportsWith(
  database: Database,
  points: AssessmentPoints,
): Promise<readonly number[]> {
  const [{ people }, policy] = await Promise.all([
    readCurrentKnowledge(database),
    loadPolicy(database.query),
  ]);
  const readers = [points.personCode, ...decidersFor(points.personCode, people)];
  const { timeZone } = policy.scans;
  const rows = await database.query
    .select({ id: assessmentReports.id })
    .from(assessmentReports)
    .where(
      and(
        inArray(assessmentReports.personCode, readers),
        sql`${assessmentReports.month} = (
          select to_char(${assessmentPoints.at} at time zone ${timeZone}, 'YYYY-MM')
          from ${assessmentPoints} where ${assessmentPoints.id} = ${points.id})`,
      ),
    );
  return rows.map(({ id }) => id);
}

/** Points that wait for a decision or had one lately, of which nobody was told. */
export async function listUntoldPoints(sqlClient: Database['sql'], nowMs: number) {
  const rows = await sqlClient<{ id: number }[]>`
    select id from assessment_point point
    where (state = 'contested' and not exists (
        select from delivery where subject_kind = 'points' and subject_id = point.id))
      or (state in ('upheld', 'withdrawn')
        and (state_body ->> 'atMs')::float8 > ${nowMs - decidedNewsMs}::float8
        and not exists (
          select from delivery where subject_kind = 'points' and subject_id = point.id
            and purpose = 'contester'))
    order by id`;
  return rows.map(({ id }) => id);
}

export async function readReportView(
  database: Database,
  reportId: number,
): Promise<AssessmentView | null> {
  const [row] = await database.query
    .select()
    .from(assessmentReports)
    .where(eq(assessmentReports.id, reportId));
  if (row === undefined) return null;
  const { people } = await readCurrentKnowledge(database);
  const reader = people.get(row.personCode);
  return reader === undefined ? null : readMonthOf(database, { reader, month: row.month });
}

/** A person's month as it is now: their own points with why, and what their line has where they lead one. */
export async function readMonthOf(
  database: Database,
  { reader, month }: { readonly reader: Person; readonly month: string },
): Promise<AssessmentView> {
  const [knowledge, policy] = await Promise.all([
    readCurrentKnowledge(database),
    loadPolicy(database.query),
  ]);
  const { timeZone } = policy.scans;
  const own = { month, timeZone, personCodes: [reader.code] };
  // Data admins and auditors may see everybody's, which is theirs to look for; here they have their own line.
  const readable = assessedFor({ ...reader, roles: leadingRoles(reader) }, knowledge.people);
  const isOwn = ({ personCode }: AssessmentSum) => personCode === reader.code;
  const [sums, sumsBefore, entries] = await Promise.all([
    sumPoints(database.query, { month, timeZone, personCodes: readable }),
    sumPoints(database.query, { month: monthBefore(month), timeZone, personCodes: readable }),
    listPoints(database.query, own, entriesShownMax + 1),
  ]);
  return {
    reader,
    month,
    own: sums.find(isOwn) ?? null,
    entries: entries.slice(0, entriesShownMax).map((one) => named(one, reader, knowledge)),
    isCut: entries.length > entriesShownMax,
    line: sums.filter((sum) => !isOwn(sum)),
    before: {
      own: sumsBefore.find(isOwn)?.points ?? 0,
      line: totalsOf(sumsBefore.filter((sum) => !isOwn(sum))).points,
    },
    contestUntilMs: lastContestMs(entries, policy),
    version: await countMoves(database, { month, timeZone, personCodes: readable ?? [] }),
    people: knowledge.people,
  };
}

export async function readMonthNow(
  database: Database,
  reader: Person,
  nowMs: number,
): Promise<AssessmentView> {
  const { scans } = await loadPolicy(database.query);
  return readMonthOf(database, { reader, month: monthIn(scans.timeZone, nowMs) });
}

function leadingRoles({ roles }: Person): Person['roles'] {
  return roles.filter((role) => role === 'manager');
}

export async function readPointsView(
  database: Database,
  pointsId: number,
  reader: Person,
): Promise<PointsView | null> {
  const points = await findPoints(database.query, pointsId);
  if (points === null) return null;
  const knowledge = await readCurrentKnowledge(database);
  return { points: named(points, reader, knowledge), people: knowledge.people };
}

/** What a person may contest now, the newest first. */
export async function listContestable(
  database: Database,
  person: Person,
  nowMs: number,
): Promise<readonly AssessmentEntry[]> {
  const [knowledge, policy] = await Promise.all([
    readCurrentKnowledge(database),
    loadPolicy(database.query),
  ]);
  const contestWithinMs = contestWithin(policy);
  const rows = await database.query
    .select({ id: assessmentPoints.id })
    .from(assessmentPoints)
    .where(
      and(
        eq(assessmentPoints.personCode, person.code),
        eq(assessmentPoints.state, 'standing'),
        sql`${assessmentPoints.at} > ${new Date(nowMs - contestWithinMs).toISOString()}::timestamptz`,
      ),
    )
    .orderBy(desc(assessmentPoints.at), desc(assessmentPoints.id))
    .limit(contestableMax);
  const found = await Promise.all(rows.map(({ id }) => findPoints(database.query, id)));
  return found
    .filter((points) => points !== null)
    .filter((points) => contestRefusal(person, points, { nowMs, contestWithinMs }) === null)
    .map((points) => named(points, person, knowledge));
}

/** Without the rule's name where it tells of a tag that is not for the reader's eyes. */
function named(
  points: AssessmentPoints,
  reader: Person,
  { dictionary, people }: CurrentKnowledge,
): AssessmentEntry {
  const { rules } = visibleDictionary(dictionary, reader, people);
  const rule = rules.find(({ code }) => code === points.ruleCode);
  return { ...points, ruleName: rule?.name ?? null };
}

function contestWithin({ assessment }: Policy): number {
  return assessment?.contestWithinMs ?? defaultContestWithinMs;
}

/** Until when the last of what was not contested yet can be; null where nothing is left to contest. */
function lastContestMs(entries: readonly AssessmentPoints[], policy: Policy): number | null {
  const until = entries
    .filter(({ state }) => state.kind === 'standing')
    .map((points) => contestUntilMs(points, { contestWithinMs: contestWithin(policy) }));
  return until.length === 0 ? null : Math.max(...until);
}

/** Counts up with every entry, contest and decision of a month. */
async function countMoves(
  { sql: client }: Database,
  scope: {
    readonly month: string;
    readonly timeZone: string;
    readonly personCodes: readonly string[];
  },
): Promise<number> {
  const { month, timeZone, personCodes } = scope;
  const [row] = await client<{ moves: number }[]>`
    select 1 + coalesce(sum(case state when 'standing' then 1 when 'contested' then 2 else 3 end), 0)::int
      as moves
    from assessment_point
    where person_code = any(${[...personCodes]})
      and to_char(at at time zone ${timeZone}, 'YYYY-MM') = ${month}`;
  return row?.moves ?? 1;
}
