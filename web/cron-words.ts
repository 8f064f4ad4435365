import type { WeekdayNumber } from '../domain/preference.ts';

export interface CronWords {
  readonly everyMinutes: (minutes: string) => string;
  readonly everyDay: (time: string) => string;
  readonly onWeekday: (weekday: string, time: string) => string;
}

const number = /^\d+$/;

/** When a schedule comes, in words; one that is neither of every few minutes, every day nor every week as it is written. */
export function cronWords(
  cron: string,
  words: CronWords,
  weekdayNames: Readonly<Record<WeekdayNumber, string>>,
): string {
  const [minute = '', hour = '', day, month, weekday = ''] = cron.trim().split(/\s+/);
  if (day !== '*' || month !== '*') return cron;
  const every = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (every !== undefined && hour === '*' && weekday === '*') return words.everyMinutes(every);
  if (!number.test(minute) || !number.test(hour)) return cron;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (weekday === '*') return words.everyDay(time);
  const name = weekdayNames[(Number(weekday) === 0 ? 7 : Number(weekday)) as WeekdayNumber];
  return name === undefined ? cron : words.onWeekday(name, time);
}
