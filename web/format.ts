import type { Locale } from '../domain/locale.ts';

const dayMs = 86_400_000;

interface Reader {
  readonly locale: Locale;
  readonly timeZone: string;
  readonly nowMs: number;
}

const relativeDays: Record<Locale, Readonly<Record<number, string>>> = {
  'zh-CN': { [-1]: '昨天', 0: '今天', 1: '明天' },
  en: { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' },
};

/** An instant in the reader's zone, as short as it stays clear: 今天 11:00, 11-24 09:00, 2025-11-24 09:00. */
export function formatInstant(atMs: number, reader: Reader): string {
  const day = calendarDay(atMs, reader.timeZone);
  const today = calendarDay(reader.nowMs, reader.timeZone);
  const distance = Math.round((Date.parse(day) - Date.parse(today)) / dayMs);
  const time = clockTime(atMs, reader.timeZone);
  const relative = relativeDays[reader.locale][distance];
  if (relative !== undefined) return `${relative} ${time}`;
  return `${day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day} ${time}`;
}

/** An instant to the second, for records. */
export function formatExactInstant(atMs: number, timeZone: string): string {
  return `${calendarDay(atMs, timeZone)} ${clockTime(atMs, timeZone, true)}`;
}

/** YYYY-MM-DD in a time zone. */
export function calendarDay(atMs: number, timeZone: string): string {
  return dayFormat(timeZone).format(atMs);
}

export function formatCount(count: number, locale: Locale): string {
  return countFormats[locale].format(count);
}

/** A duration in its largest two units: 1 h 20 min, 3.2 s. */
export function formatDuration(durationMs: number, locale: Locale): string {
  const unit = locale === 'zh-CN' ? [' 秒', ' 分', ' 小时', ' 天'] : [' s', ' min', ' h', ' d'];
  const seconds = durationMs / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)}${unit[0]}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}${unit[1]}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return twoUnits([hours, unit[2]], [minutes % 60, unit[1]]);
  return twoUnits([Math.floor(hours / 24), unit[3]], [hours % 24, unit[2]]);
}

function twoUnits(
  large: readonly [number, string | undefined],
  small: readonly [number, string | undefined],
): string {
  const first = `${large[0]}${large[1]}`;
  return small[0] === 0 ? first : `${first} ${small[0]}${small[1]}`;
}

const countFormats: Record<Locale, Intl.NumberFormat> = {
  'zh-CN': new Intl.NumberFormat('zh-CN'),
  en: new Intl.NumberFormat('en'),
};

const dayFormats = new Map<string, Intl.DateTimeFormat>();

function dayFormat(timeZone: string): Intl.DateTimeFormat {
  const known = dayFormats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  dayFormats.set(timeZone, format);
  return format;
}

const timeFormats = new Map<string, Intl.DateTimeFormat>();

function clockTime(atMs: number, timeZone: string, withSeconds = false): string {
  const key = `${timeZone}|${withSeconds}`;
  let format = timeFormats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      ...(withSeconds ? { second: '2-digit' } : {}),
      hourCycle: 'h23',
    });
    timeFormats.set(key, format);
  }
  return format.format(atMs);
}

/** What one decimal of a percentage can say. */
const percentMin = 0.001;

/** A share from 0 to 1 as a percentage with at most one decimal; less than that is said to be. */
export function formatPercent(share: number, locale: Locale): string {
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return share > 0 && share < percentMin / 2
    ? `<${format.format(percentMin)}`
    : format.format(share);
}
