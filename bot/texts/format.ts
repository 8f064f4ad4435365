import type { Locale } from '../../domain/locale.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Whose eyes instants and numbers are written for. */
export interface Reader {
  readonly locale: Locale;
  /** IANA name, such as Asia/Shanghai. */
  readonly timeZone: string;
}

/** Writes instants and numbers for one reader at one moment. Instants are epoch milliseconds. */
export interface Format {
  /**
   * 今天 11:00（11-22）, 明天 09:00（11-23）, 2026-11-24 09:00. The date stands beside 今天 because a
   * card is read on other days than the one it was drawn on.
   */
  dateTime(atMs: number): string;
  /** 2026-11-24. */
  date(atMs: number): string;
  /** 2 天 3 小时, 45 分钟; two units at most, never less than a minute. */
  duration(durationMs: number): string;
  number(value: number): string;
  /** `part` of `whole` in per cent without decimals; 0 % of nothing. */
  percent(part: number, whole: number): string;
}

interface WallClock {
  readonly date: string;
  readonly time: string;
}

export function createFormat(reader: Reader, nowMs: number): Format {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: reader.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const numbers = new Intl.NumberFormat(reader.locale);
  const percents = new Intl.NumberFormat(reader.locale, {
    style: 'percent',
    maximumFractionDigits: 0,
  });
  const today = wallClock(clock, nowMs).date;
  const nearDays = new Map([
    [shiftDate(today, -1), { 'zh-CN': '昨天', en: 'yesterday' }],
    [today, { 'zh-CN': '今天', en: 'today' }],
    [shiftDate(today, 1), { 'zh-CN': '明天', en: 'tomorrow' }],
  ]);
  return {
    dateTime(atMs) {
      const { date, time } = wallClock(clock, atMs);
      const near = nearDays.get(date)?.[reader.locale];
      if (near === undefined) return `${date} ${time}`;
      const monthDay = date.slice(5);
      return reader.locale === 'zh-CN'
        ? `${near} ${time}（${monthDay}）`
        : `${near} ${time} (${englishMonthDay(monthDay)})`;
    },
    date: (atMs) => wallClock(clock, atMs).date,
    duration: (durationMs) => durationWords(durationMs, reader.locale),
    number: (value) => numbers.format(value),
    percent: (part, whole) => percents.format(whole === 0 ? 0 : part / whole),
  };
}

function wallClock(clock: Intl.DateTimeFormat, atMs: number): WallClock {
  const parts = new Map(clock.formatToParts(atMs).map((part) => [part.type, part.value]));
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    date: `${get('year')}-${get('month')}-${get('day')}`,
    time: `${get('hour')}:${get('minute')}`,
  };
}

/** A calendar day `days` after a day written as YYYY-MM-DD; days have no time zone. */
function shiftDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

const englishMonths = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
];

function englishMonthDay(monthDay: string): string {
  const [month, day] = monthDay.split('-').map(Number);
  return `${englishMonths[(month ?? 1) - 1]} ${day}`;
}

const durationUnits = [
  { ms: dayMs, 'zh-CN': '天', en: 'day' },
  { ms: hourMs, 'zh-CN': '小时', en: 'hour' },
  { ms: minuteMs, 'zh-CN': '分钟', en: 'minute' },
] as const;

function durationWords(durationMs: number, locale: Locale): string {
  let restMs = Math.max(minuteMs, Math.round(durationMs / minuteMs) * minuteMs);
  const words: string[] = [];
  for (const unit of durationUnits) {
    const count = Math.floor(restMs / unit.ms);
    restMs -= count * unit.ms;
    if (count === 0 || words.length === 2) continue;
    words.push(
      locale === 'zh-CN'
        ? `${count} ${unit['zh-CN']}`
        : `${count} ${unit.en}${count === 1 ? '' : 's'}`,
    );
  }
  return words.join(' ');
}
