import { Temporal } from 'temporal-polyfill';
import type { DeliverySubject } from '../bot/channel.ts';
import type { Database } from '../db/client.ts';
import {
  closeMonth,
  ensureReport,
  listReported,
  listReportsWith,
  listUntoldPoints,
} from '../db/stores/assessment-reports.ts';
import { addPoints, findPoints, sumPoints } from '../db/stores/assessment.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { loadCalendars, loadPeople } from '../db/stores/people.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import { monthBefore, type AssessmentSum, type PointCause } from '../domain/assessment.ts';
import { businessLine, type Person } from '../domain/person.ts';
import type { Policy, WorkingCalendar } from '../domain/policy.ts';
import { standInCode } from '../domain/rights.ts';
import { lastingFailure } from './failure.ts';
import { workingIntervals, type KindOfDay } from './working-time.ts';

export interface AssessmentDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** @default China's public holidays */
  readonly kindOfDay?: KindOfDay;
}

/** A month that nothing told of at its hour is still told within this time. */
const lateByMaxMs = 3 * 86_400_000;

export interface CountPointsInput {
  readonly warningId: number;
  readonly cause: PointCause;
  /** The deadline that was missed, or when the warning came back. Epoch milliseconds. */
  readonly atMs: number;
  /** Who had it then: its claimer, otherwise its owner. */
  readonly responsibleCode: string;
}

export type AssessmentActivities = ReturnType<typeof createAssessmentActivities>;

/** Counts points of the monthly assessment where the policy says so. */
export function createAssessmentActivities(dependencies: AssessmentDependencies) {
  const { database, now } = dependencies;

  /**
   * A missed deadline is counted for whoever had the warning, or for whoever stood in for them; what comes back, for
   * whoever had fixed it. Nobody who has left is counted for, and nothing twice.
   */
  async function countPoints(input: CountPointsInput): Promise<void> {
    const { warningId, cause, atMs } = input;
    const [warning, people, { assessment }] = await Promise.all([
      loadWarning(database.query, warningId),
      loadPeople(database.query),
      loadPolicy(database.query),
    ]);
    if (warning === null) {
      throw lastingFailure('warning-not-found', `There is no warning ${warningId}.`);
    }
    const { severity, ruleCode } = warning;
    const points = assessment?.points[cause][severity] ?? 0;
    if (points === 0) return;
    const code = cause === 'recurred' ? await fixerOf(warning.previousId) : input.responsibleCode;
    const person = code === null ? undefined : people.get(code);
    if (person === undefined) return;
    const standIn = cause === 'recurred' ? null : people.get(standInCode(person, atMs) ?? '');
    const { code: personCode, status } = standIn ?? person;
    if (status === 'left') return;
    await addPoints(
      database,
      { personCode, cause, points, warningId, ruleCode, severity, atMs },
      now(),
    );
  }

  async function fixerOf(previousId: number | null): Promise<string | null> {
    const previous = previousId === null ? null : await loadWarning(database.query, previousId);
    if (previous?.state.kind !== 'closed') return null;
    const { reason, by } = previous.state;
    return reason === 'fixed' || reason === 'fixed-by-hand' ? by : null;
  }

  /**
   * Whoever is to have their month today: those with points in the month before, and managers of whose people some
   * have; and contested or decided points of which nobody was told yet. Answers what there is to deliver.
   */
  async function findAssessmentNews(): Promise<readonly DeliverySubject[]> {
    const months = await reportMonths();
    const untold = await listUntoldPoints(database.sql, now());
    return [...months, ...untold.map((id) => ({ kind: 'points', id }) as const)];
  }

  async function reportMonths(): Promise<readonly DeliverySubject[]> {
    const nowMs = now();
    const [people, calendars, policy] = await Promise.all([
      loadPeople(database.query),
      loadCalendars(database.query),
      loadPolicy(database.query),
    ]);
    if (policy.assessment === null) return [];
    const due = new Map<string, Person[]>();
    for (const person of people.values()) {
      if (person.status !== 'active') continue;
      const calendar = calendars.get(person.calendarCode) ?? null;
      const month = monthDue(person, {
        calendar,
        policy,
        nowMs,
        kindOfDay: dependencies.kindOfDay,
      });
      if (month !== null) due.set(month, [...(due.get(month) ?? []), person]);
    }
    const made: DeliverySubject[] = [];
    for (const [month, readers] of due) {
      const { timeZone } = policy.scans;
      const sums = await sumPoints(database.query, { month, timeZone, personCodes: null });
      const reported = await listReported(database.query, month);
      const concerned = readers.filter(
        (person) => !reported.has(person.code) && isConcerned(person, sums, people),
      );
      for (const { code: personCode } of concerned) {
        made.push({
          kind: 'assessment',
          id: await ensureReport(database, { personCode, month, nowMs }),
        });
      }
      const isNamed = policy.assessment.namesInReports;
      if (concerned.length > 0) await closeMonth(database, { month, sums, isNamed, nowMs });
    }
    return made;
  }

  /** What tells of points that were just contested or decided. */
  async function findNewsOfPoints(input: {
    readonly pointsId: number;
  }): Promise<readonly DeliverySubject[]> {
    const points = await findPoints(database.query, input.pointsId);
    if (points === null) return [];
    const reports = await listReportsWith(database, points);
    return [
      { kind: 'points', id: points.id },
      ...reports.map((id) => ({ kind: 'assessment', id }) as const),
    ];
  }

  return { countPoints, findAssessmentNews, findNewsOfPoints };
}

function isConcerned(
  person: Person,
  sums: readonly AssessmentSum[],
  people: ReadonlyMap<string, Person>,
): boolean {
  const led = person.roles.includes('manager') ? businessLine(person, people) : [];
  return sums.some(({ personCode }) => personCode === person.code || led.includes(personCode));
}

/**
 * The month that a person is told of now: from the policy's digest hour of the first day on which they work in a
 * month, the month before. Null where that is to come, or too long ago.
 */
export function monthDue(
  person: Pick<Person, 'timeZone'>,
  when: {
    readonly calendar: WorkingCalendar | null;
    readonly policy: Pick<Policy, 'digest'>;
    readonly nowMs: number;
    readonly kindOfDay?: KindOfDay | undefined;
  },
): string | null {
  const { calendar, policy, nowMs, kindOfDay } = when;
  const local = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(person.timeZone);
  const firstDay = local.with({ day: 1 });
  let day = firstDay;
  while (day.month === firstDay.month && !worksOn(calendar, day, kindOfDay)) {
    day = day.add({ days: 1 });
  }
  const dueAtMs = day.withPlainTime({ hour: policy.digest.hour }).epochMilliseconds;
  const isDue = day.month === firstDay.month && dueAtMs <= nowMs && nowMs - dueAtMs < lateByMaxMs;
  return isDue ? monthBefore(firstDay.toPlainDate().toString().slice(0, 7)) : null;
}

/** Whoever has no calendar works every day. */
function worksOn(
  calendar: WorkingCalendar | null,
  day: Temporal.ZonedDateTime,
  kindOfDay: KindOfDay | undefined,
): boolean {
  if (calendar === null) return true;
  const fromMs = day.startOfDay().epochMilliseconds;
  const untilMs = day.add({ days: 1 }).startOfDay().epochMilliseconds;
  return workingIntervals(calendar, { fromMs, untilMs }, kindOfDay).length > 0;
}
