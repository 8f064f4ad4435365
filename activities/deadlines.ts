import chineseDays from 'chinese-days';
import { Temporal } from 'temporal-polyfill';
import type { Database } from '../db/client.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { loadCalendar, loadPeople } from '../db/stores/people.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import {
  addOpenTime,
  elapsedTime,
  intersectIntervals,
  joinIntervals,
  reminderInstants,
  subtractIntervals,
  type Interval,
} from '../domain/deadline.ts';
import type { Absence, Person } from '../domain/person.ts';
import type { MinuteRange, Policy, WorkingCalendar } from '../domain/policy.ts';
import { standInCode } from '../domain/rights.ts';
import type { Warning } from '../domain/warning.ts';
import type { DeadlinePlan } from '../workflows/messages.ts';
import { lastingFailure } from './failure.ts';

export interface DeadlineDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * new: both deadlines from when it opened. reassigned: the new owner has the whole time to claim from now, but no
 * longer to close. keep: deadlines that were shown stay; only who is responsible is worked out again.
 */
export type PlanMode = 'new' | 'reassigned' | 'keep';

export type DeadlineActivities = ReturnType<typeof createDeadlineActivities>;

// oxlint-disable-next-line import/no-named-as-default-member -- the package is CommonJS, of which Node sees only the whole
const { getDayDetail } = chineseDays;

const dayMs = 86_400_000;
/** How far ahead working hours are laid out before a deadline is taken to be out of reach; first try and last. */
const horizonDaysMin = 14;
const horizonDaysMax = 448;
/** Delivery knows two reminders a deadline; later fractions of a policy are left out. */
const remindersPerDeadlineMax = 2;

/** Turns calendars, holidays, time zones and absences into instants. Time-zone data changes, so workflows ask here. */
export function createDeadlineActivities(dependencies: DeadlineDependencies) {
  const { database, now } = dependencies;

  async function planDeadlines(input: {
    readonly warningId: number;
    readonly mode: PlanMode;
  }): Promise<DeadlinePlan> {
    const [warning, people, policy] = await Promise.all([
      loadWarning(database.query, input.warningId),
      loadPeople(database.query),
      loadPolicy(database.query),
    ]);
    if (warning === null) {
      throw lastingFailure('warning-not-found', `There is no warning ${input.warningId}.`);
    }
    const owner = people.get(warning.ownerCode) ?? null;
    const clock = await clockFor(warning, policy, people);
    const nowMs = now();
    const deadlines = deadlinesFor(warning, { policy, mode: input.mode, clock, nowMs });
    const fractions = policy.severities[warning.severity].reminderFractions;
    const reminders = (fromMs: number, untilMs: number) =>
      reminderInstants({ fromMs, untilMs }, fractions, clock(fromMs, untilMs)).slice(
        0,
        remindersPerDeadlineMax,
      );
    const claimFromMs = input.mode === 'reassigned' ? nowMs : warning.openedAtMs;
    return {
      ...responders(warning, owner, people),
      ...deadlines,
      claimReminderAtMs: reminders(claimFromMs, deadlines.claimDueAtMs),
      closeReminderAtMs: reminders(warning.openedAtMs, deadlines.closeDueAtMs),
      ownerHasLeft: owner === null || owner.status === 'left',
      standInCode: standInCode(owner, nowMs),
      lookAgainAtMs: nextLook(owner, nowMs),
      escalation: policy.escalation,
      snoozeTimesMax: policy.snooze.timesMax,
    };
  }

  /** Lays out open time for stretches of a warning: round the clock, or the hours of whoever is responsible. */
  async function clockFor(
    warning: Warning,
    policy: Policy,
    people: ReadonlyMap<string, Person>,
  ): Promise<(fromMs: number, untilMs: number) => readonly Interval[]> {
    const owner = people.get(warning.ownerCode);
    if (policy.severities[warning.severity].clock === 'elapsed' || owner === undefined) {
      return () => elapsedTime;
    }
    const cover = people.get(owner.deputyCode ?? warning.secondLineCode ?? '');
    const calendar = await loadCalendar(database.query, owner.calendarCode);
    if (calendar === null) return () => elapsedTime;
    const coverCalendar =
      cover === undefined ? null : await loadCalendar(database.query, cover.calendarCode);
    return (fromMs, untilMs) => {
      const stretch = { fromMs, untilMs };
      const own = workingIntervals(calendar, stretch);
      if (coverCalendar === null) return own;
      return coveredIntervals(own, workingIntervals(coverCalendar, stretch), owner.absences);
    };
  }

  return { planDeadlines };
}

/** The owner's hours while there, the stand-in's while the owner is away. */
export function coveredIntervals(
  own: readonly Interval[],
  cover: readonly Interval[],
  absences: readonly Absence[],
): readonly Interval[] {
  const away = joinIntervals(absences);
  return joinIntervals([...subtractIntervals(own, away), ...intersectIntervals(cover, away)]);
}

/** When a calendar's people work between two instants: in its time zone, over daylight saving and holidays. */
export function workingIntervals(
  calendar: WorkingCalendar,
  stretch: Interval,
): readonly Interval[] {
  const intervals: Interval[] = [];
  let day = localDay(stretch.fromMs, calendar.timeZone).subtract({ days: 1 });
  const lastDay = localDay(stretch.untilMs, calendar.timeZone);
  while (Temporal.PlainDate.compare(day, lastDay) <= 0) {
    for (const range of workingHours(calendar, day)) {
      intervals.push({
        fromMs: instantOf(day, range.fromMinute, calendar.timeZone),
        untilMs: instantOf(day, range.untilMinute, calendar.timeZone),
      });
    }
    day = day.add({ days: 1 });
  }
  return intersectIntervals(joinIntervals(intervals), [stretch]);
}

function workingHours(calendar: WorkingCalendar, day: Temporal.PlainDate): readonly MinuteRange[] {
  const usual = hoursOf(calendar, day.dayOfWeek);
  if (calendar.holidays === null) return usual;
  const detail = getDayDetail(day.toString());
  // Ordinary days are named by their weekday alone; a holiday and its make-up days as "name,名,days".
  const isSpecial = detail.name.includes(',');
  if (!isSpecial) return usual;
  if (!detail.work) return [];
  return usual.length > 0 ? usual : firstWorkingHours(calendar);
}

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

function hoursOf(calendar: WorkingCalendar, weekday: number): readonly MinuteRange[] {
  const key = weekdays.find((candidate) => candidate === weekday);
  return key === undefined ? [] : calendar.week[key];
}

/** A make-up working day has the hours of the week's first working day. */
function firstWorkingHours(calendar: WorkingCalendar): readonly MinuteRange[] {
  const first = weekdays.find((weekday) => calendar.week[weekday].length > 0);
  return first === undefined ? [] : calendar.week[first];
}

function localDay(atMs: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
}

const minutesPerDay = 1440;

/** A wall-clock minute that daylight saving skips is the instant after the gap; one it repeats is the first. */
function instantOf(day: Temporal.PlainDate, minute: number, timeZone: string): number {
  const date = minute >= minutesPerDay ? day.add({ days: 1 }) : day;
  const rest = minute % minutesPerDay;
  const time = Temporal.PlainTime.from({ hour: Math.floor(rest / 60), minute: rest % 60 });
  return date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}

function deadlinesFor(
  warning: Warning,
  context: {
    readonly policy: Policy;
    readonly mode: PlanMode;
    readonly clock: (fromMs: number, untilMs: number) => readonly Interval[];
    readonly nowMs: number;
  },
): Pick<DeadlinePlan, 'claimDueAtMs' | 'closeDueAtMs'> {
  const { claimDueAtMs, closeDueAtMs } = warning;
  if (context.mode === 'keep') return { claimDueAtMs, closeDueAtMs };
  const { claimWithinMs, closeWithinMs } = context.policy.severities[warning.severity];
  const after = (startMs: number, durationMs: number) => dueAt(startMs, durationMs, context.clock);
  return context.mode === 'new'
    ? {
        claimDueAtMs: after(warning.openedAtMs, claimWithinMs),
        closeDueAtMs: after(warning.openedAtMs, closeWithinMs),
      }
    : {
        claimDueAtMs: Math.min(
          after(context.nowMs, claimWithinMs),
          Math.max(closeDueAtMs, context.nowMs),
        ),
        closeDueAtMs,
      };
}

/** A calendar that never works would let a deadline never come: then the clock runs on. */
function dueAt(
  startMs: number,
  durationMs: number,
  clock: (fromMs: number, untilMs: number) => readonly Interval[],
): number {
  for (let days = horizonDaysMin; days <= horizonDaysMax; days *= 2) {
    const untilMs = startMs + durationMs + days * dayMs;
    const dueAtMs = addOpenTime(startMs, durationMs, clock(startMs, untilMs));
    if (dueAtMs !== null) return dueAtMs;
  }
  return startMs + durationMs;
}

/** A new owner brings their own second line and manager. */
function responders(
  warning: Warning,
  owner: Person | null,
  people: ReadonlyMap<string, Person>,
): Pick<DeadlinePlan, 'secondLineCode' | 'managerCode'> {
  if (owner === null) {
    return { secondLineCode: warning.secondLineCode, managerCode: warning.managerCode };
  }
  const active = (code: string | null) =>
    code !== null && people.get(code)?.status === 'active' ? code : null;
  return {
    secondLineCode: active(owner.secondLineCode),
    managerCode: active(owner.managerCode),
  };
}

/** The next instant at which an absence of the owner begins or ends; at the latest a day from now. */
function nextLook(owner: Person | null, nowMs: number): number {
  const edges = (owner?.absences ?? [])
    .flatMap((absence) => [absence.fromMs, absence.untilMs])
    .filter((edgeMs) => edgeMs > nowMs);
  return Math.min(nowMs + dayMs, ...edges);
}
