import {
  elapsedTime,
  intersectIntervals,
  joinIntervals,
  subtractIntervals,
  type Interval,
} from '../domain/deadline.ts';
import type { Person } from '../domain/person.ts';
import type { Policy, WorkingCalendar } from '../domain/policy.ts';
import type { Warning } from '../domain/warning.ts';
import type { Company } from './responders.ts';
import { coveredIntervals, workingIntervals, type KindOfDay } from './working-time.ts';

/** Ordered, disjoint intervals of a stretch. */
export type Clock = (fromMs: number, untilMs: number) => readonly Interval[];

export interface WarningClock {
  /** When the time of the warning's deadlines runs. */
  readonly open: Clock;
  /** When it would run, were not everybody who could act away. */
  readonly paused: Clock;
}

export interface ClockContext {
  readonly policy: Policy;
  readonly company: Company;
  /** By code. */
  readonly calendars: ReadonlyMap<string, WorkingCalendar>;
  /** @default as China's State Council announced */
  readonly kindOfDay?: KindOfDay | undefined;
}

/** The clock of a warning: round the clock or working hours, with or without a pause while nobody is on duty. */
export function clockOf(warning: Warning, context: ClockContext): WarningClock {
  const running = runningClock(warning, context);
  if (!context.policy.severities[warning.severity].pausesUnattended) {
    return { open: running, paused: () => [] };
  }
  const attended = presenceOf(attendants(warning, context), context);
  return {
    open: (fromMs, untilMs) =>
      intersectIntervals(running(fromMs, untilMs), attended(fromMs, untilMs)),
    paused: (fromMs, untilMs) =>
      subtractIntervals(
        intersectIntervals(running(fromMs, untilMs), [{ fromMs, untilMs }]),
        attended(fromMs, untilMs),
      ),
  };
}

/** Round the clock, or the hours of whoever is responsible. */
function runningClock(warning: Warning, context: ClockContext): Clock {
  const { policy, company, calendars, kindOfDay } = context;
  const { people } = company;
  const owner = people.get(warning.ownerCode);
  if (policy.severities[warning.severity].clock === 'elapsed' || owner === undefined) {
    return () => elapsedTime;
  }
  const members = membersOf(warning, company);
  if (members !== null) return presenceOf(members, context);
  const calendar = calendars.get(owner.calendarCode);
  if (calendar === undefined) return () => elapsedTime;
  const cover = people.get(owner.deputyCode ?? warning.secondLineCode ?? '');
  const coverCalendar = calendars.get(cover?.calendarCode ?? '');
  return (fromMs, untilMs) => {
    const stretch = { fromMs, untilMs };
    const own = workingIntervals(calendar, stretch, kindOfDay);
    if (coverCalendar === undefined) return own;
    const covered = workingIntervals(coverCalendar, stretch, kindOfDay);
    return coveredIntervals(own, covered, owner.absences);
  };
}

/** Those who share the duty that the warning belongs to; null where it belongs to a person. */
function membersOf(warning: Warning, { people, duties }: Company): readonly Person[] | null {
  const duty = duties.find(({ code }) => code === warning.dutyCode);
  return duty === undefined ? null : duty.memberCodes.flatMap((code) => people.get(code) ?? []);
}

/** Everybody who could act before it is escalated: the owner or who shares the duty, the deputy, the second line. */
function attendants(warning: Warning, { company }: ClockContext): readonly Person[] {
  const { people } = company;
  const owner = people.get(warning.ownerCode);
  const beside = [owner?.deputyCode, owner?.secondLineCode ?? warning.secondLineCode];
  return [
    ...(owner === undefined ? [] : [owner]),
    ...(membersOf(warning, company) ?? []),
    ...beside.flatMap((code) => people.get(code ?? '') ?? []),
  ];
}

/** When anybody of a group is at work. */
function presenceOf(group: readonly Person[], { calendars, kindOfDay }: ClockContext): Clock {
  const working = [...new Set(group)].filter((person) => person.status === 'active');
  return (fromMs, untilMs) =>
    joinIntervals(
      working.flatMap((person) => {
        const calendar = calendars.get(person.calendarCode);
        if (calendar === undefined) return [];
        const hours = workingIntervals(calendar, { fromMs, untilMs }, kindOfDay);
        return subtractIntervals(hours, joinIntervals(person.absences));
      }),
    );
}
