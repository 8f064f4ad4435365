import chineseDays from 'chinese-days';
import { Temporal } from 'temporal-polyfill';
import {
  intersectIntervals,
  joinIntervals,
  subtractIntervals,
  type Interval,
} from '../domain/deadline.ts';
import type { Absence } from '../domain/person.ts';
import type { MinuteRange, WorkingCalendar } from '../domain/policy.ts';

// oxlint-disable-next-line import/no-named-as-default-member -- the package is CommonJS, of which Node sees only the whole
const { getDayDetail } = chineseDays;

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
  kindOfDay: KindOfDay = kindOfChineseDay,
): readonly Interval[] {
  const intervals: Interval[] = [];
  let day = localDay(stretch.fromMs, calendar.timeZone).subtract({ days: 1 });
  const lastDay = localDay(stretch.untilMs, calendar.timeZone);
  while (Temporal.PlainDate.compare(day, lastDay) <= 0) {
    for (const range of workingHours(calendar, day, kindOfDay)) {
      intervals.push({
        fromMs: instantOf(day, range.fromMinute, calendar.timeZone),
        untilMs: instantOf(day, range.untilMinute, calendar.timeZone),
      });
    }
    day = day.add({ days: 1 });
  }
  return intersectIntervals(joinIntervals(intervals), [stretch]);
}

function workingHours(
  calendar: WorkingCalendar,
  day: Temporal.PlainDate,
  kindOfDay: KindOfDay,
): readonly MinuteRange[] {
  const usual = hoursOf(calendar, day.dayOfWeek);
  if (calendar.holidays === null) return usual;
  switch (kindOfDay(day.toString())) {
    case 'usual':
      return usual;
    case 'holiday':
      return [];
    case 'make-up':
      return usual.length > 0 ? usual : firstWorkingHours(calendar);
  }
}

/** Whether a day (such as 2026-10-01) is as its weekday says, a public holiday, or a working day that makes up for one. */
export type KindOfDay = (day: string) => 'usual' | 'holiday' | 'make-up';

export function kindOfChineseDay(day: string): ReturnType<KindOfDay> {
  const detail = getDayDetail(day);
  // Ordinary days are named by their weekday alone; a holiday and its make-up days as "name,名,days".
  if (!detail.name.includes(',')) return 'usual';
  return detail.work ? 'make-up' : 'holiday';
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

export function localDay(atMs: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
}

const minutesPerDay = 1440;

/** A wall-clock minute that daylight saving skips is the instant after the gap; one it repeats is the first. */
export function instantOf(day: Temporal.PlainDate, minute: number, timeZone: string): number {
  const date = minute >= minutesPerDay ? day.add({ days: 1 }) : day;
  const rest = minute % minutesPerDay;
  const time = Temporal.PlainTime.from({ hour: Math.floor(rest / 60), minute: rest % 60 });
  return date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}
