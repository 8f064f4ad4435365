import { Temporal } from 'temporal-polyfill';
import { dayPattern } from './schema/values.ts';

const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitsMs;

/** Milliseconds of a duration such as 30m, 2h or 3d. */
export function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * unitsMs[text.slice(-1) as Unit];
}

/** The duration in the largest unit that fits, days from two on; working time never in days, whose length differs. */
export function durationText(ms: number, largest: 'h' | 'd' = 'd'): string {
  if (largest === 'd' && ms % unitsMs.d === 0 && ms > unitsMs.d) return `${ms / unitsMs.d}d`;
  return ms % unitsMs.h === 0 ? `${ms / unitsMs.h}h` : `${ms / unitsMs.m}m`;
}

/** Epoch milliseconds of a day's first moment in a time zone, or of an instant with its offset. */
export function momentMs(text: string, timeZone: string): number {
  return dayPattern.test(text)
    ? Temporal.PlainDate.from(text).toZonedDateTime(timeZone).epochMilliseconds
    : Date.parse(text);
}

/** The day where the instant is its first moment in the time zone; otherwise the instant in UTC. */
export function momentText(atMs: number, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  return zoned.startOfDay().epochMilliseconds === atMs
    ? zoned.toPlainDate().toString()
    : new Date(atMs).toISOString();
}

/** Minutes since midnight of a time such as 09:30; 24:00 is the end of the day. */
export function minuteOfDay(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

export function timeOfDay(minute: number): string {
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}
