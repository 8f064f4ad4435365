import { timeOfMinute, weekdayNumbers, type WeekdayNumber } from '../domain/preference.ts';
import type { WorkingCalendar } from '../domain/policy.ts';
import type { ConsoleTexts } from './texts/en.ts';

/** A calendar in words, such as: Mon to Fri 09:00–12:00, 13:30–18:00. Days in a row with the same hours are said once. */
export function workingHoursWords(calendar: WorkingCalendar, texts: ConsoleTexts): string {
  const { weekdayNames, dayRange, hoursGap, daysGap } = texts.workingHours;
  const stretches: { from: WeekdayNumber; until: WeekdayNumber; hours: string }[] = [];
  for (const day of weekdayNumbers) {
    const hours = calendar.week[day]
      .map((range) => `${timeOfMinute(range.fromMinute)}–${untilTime(range.untilMinute)}`)
      .join(hoursGap);
    const last = stretches.at(-1);
    if (last !== undefined && last.hours === hours) last.until = day;
    else stretches.push({ from: day, until: day, hours });
  }
  return stretches
    .filter(({ hours }) => hours !== '')
    .map(({ from, until, hours }) => {
      const days =
        from === until ? weekdayNames[from] : dayRange(weekdayNames[from], weekdayNames[until]);
      return `${days} ${hours}`;
    })
    .join(daysGap);
}

/** The end of a day is 24:00 and not 00:00, which would be its beginning. */
function untilTime(minute: number): string {
  return minute === 24 * 60 ? '24:00' : timeOfMinute(minute);
}
