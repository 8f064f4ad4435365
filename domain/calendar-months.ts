const dayMs = 86_400_000;

/**
 * The same clock time so many calendar months later, in UTC; on the last day of a month that is too short. Epoch
 * milliseconds. Allocates nothing: it is asked for every customer. The days of the proleptic Gregorian calendar are
 * counted as in H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", in years that begin on 1 March.
 */
export function monthsAfter(fromMs: number, months: number): number {
  const epochDay = Math.floor(fromMs / dayMs);
  const day = epochDay + daysBeforeEpoch;
  const era = Math.floor(day / daysPerEra);
  const dayOfEra = day - era * daysPerEra;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - yearDays(yearOfEra);
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - monthDays(month);
  const target = (era * 400 + yearOfEra) * 12 + month + months;
  const last = firstDay(target + 1) - 1;
  const moved = Math.min(firstDay(target) + dayOfMonth, last) - daysBeforeEpoch;
  return moved * dayMs + (fromMs - epochDay * dayMs);
}

/** From 1 March of the year 0 to 1 January 1970. */
const daysBeforeEpoch = 719_468;
/** 400 years. */
const daysPerEra = 146_097;

/** The day, from 1 March of the year 0, on which the month begins that lies so many months after that March. */
function firstDay(monthsSince: number): number {
  const year = Math.floor(monthsSince / 12);
  const era = Math.floor(year / 400);
  return era * daysPerEra + yearDays(year - era * 400) + monthDays(monthsSince - year * 12);
}

function yearDays(years: number): number {
  return years * 365 + Math.floor(years / 4) - Math.floor(years / 100);
}

/** From 1 March. */
function monthDays(months: number): number {
  return Math.floor((153 * months + 2) / 5);
}
