import { assertNever } from './assert-never.ts';
import type { DigestChoice, DigestContent } from './digest.ts';
import type { Locale } from './locale.ts';

/** 1 is Monday. */
export const weekdayNumbers = [1, 2, 3, 4, 5, 6, 7] as const;
export type WeekdayNumber = (typeof weekdayNumbers)[number];

/** A daily stretch in the person's own time zone; minutes since midnight. */
export interface QuietHours {
  readonly fromMinute: number;
  /** On the next day where it is not later than `fromMinute`. */
  readonly untilMinute: number;
  /** Days on which they begin, each once and in order. */
  readonly days: readonly WeekdayNumber[];
}

/** How a person wants to be reached. What they chose goes before what the directory says. */
export interface Preference {
  /** Null: as the directory has it. */
  readonly locale: Locale | null;
  /** New cards and reminders wait until they end; what the policy lets through does not. Null: none. */
  readonly quietHours: QuietHours | null;
  /** Code of the group in chat that has the cards of their warnings; null: a direct message. */
  readonly group: string | null;
  /** Whether a card in the group may mention them, where the policy has it. */
  readonly mention: boolean;
  /** Whether cards and digests may come by email. */
  readonly email: boolean;
  readonly digest: DigestChoice;
  readonly digestContent: DigestContent;
}

export const defaultPreference: Preference = {
  locale: null,
  quietHours: null,
  group: null,
  mention: true,
  email: true,
  digest: null,
  digestContent: 'full',
};

const minutesPerDay = 24 * 60;

export type QuietHoursFault = 'no-time-of-day' | 'no-days';

/** Why these are no quiet hours; null where they are. */
export function quietHoursFault({
  fromMinute,
  untilMinute,
  days,
}: QuietHours): QuietHoursFault | null {
  const areMinutes = [fromMinute, untilMinute].every(
    (minute) => Number.isInteger(minute) && minute >= 0 && minute < minutesPerDay,
  );
  if (!areMinutes) return 'no-time-of-day';
  return days.length === 0 ? 'no-days' : null;
}

/** The days of a week that have names of their own. */
export const daySets = ['every-day', 'weekdays', 'weekends'] as const;
export type DaySet = (typeof daySets)[number];

export function daysOf(set: DaySet): readonly WeekdayNumber[] {
  switch (set) {
    case 'every-day':
      return weekdayNumbers;
    case 'weekdays':
      return [1, 2, 3, 4, 5];
    case 'weekends':
      return [6, 7];
    default:
      return assertNever(set);
  }
}

/** The name of a set of days; null where it has none. */
export function daySetOf(days: readonly WeekdayNumber[]): DaySet | null {
  return daySets.find((set) => daysOf(set).join() === days.join()) ?? null;
}

/** Minutes since midnight of a time such as 22:00 or 8:30; null where it is none. 24:00 is midnight. */
export function minuteOf(time: string): number | null {
  const match = /^(?<hour>\d{1,2}):(?<minute>[0-5]\d)$/u.exec(time);
  if (match?.groups === undefined) return null;
  const minutes = Number(match.groups['hour']) * 60 + Number(match.groups['minute']);
  return minutes > minutesPerDay ? null : minutes % minutesPerDay;
}

/** Such as 22:00. */
export function timeOfMinute(minute: number): string {
  const part = (count: number) => String(count).padStart(2, '0');
  return `${part(Math.floor(minute / 60))}:${part(minute % 60)}`;
}
