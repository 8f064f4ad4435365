import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import {
  coveredIntervals,
  workingIntervals,
  type KindOfDay,
} from '../../activities/working-time.ts';
import { addOpenTime, openTimeIn, type Interval } from '../../domain/deadline.ts';
import type { MinuteRange, WorkingCalendar } from '../../domain/policy.ts';
import { chinaCalendar } from '../support/company.ts';

const hourMs = 3_600_000;

/** An instant by its wall clock in Shanghai. */
function shanghai(text: string): number {
  return Date.parse(`${text}+08:00`);
}

function due(startText: string, hours: number): string {
  const startMs = shanghai(startText);
  const open = workingIntervals(chinaCalendar, {
    fromMs: startMs,
    untilMs: startMs + 40 * 24 * hourMs,
  });
  const dueMs = addOpenTime(startMs, hours * hourMs, open) ?? 0;
  return new Date(dueMs + 8 * hourMs).toISOString().slice(0, 16);
}

describe('working time in China', () => {
  test.each([
    ['within a morning', '2026-11-23T09:00', 2, '2026-11-23T11:00'],
    ['over lunch', '2026-11-23T11:00', 2, '2026-11-23T14:00'],
    ['over a weekend', '2026-11-20T17:00', 4, '2026-11-23T12:00'],
    ['from a Sunday', '2026-11-22T10:00', 4, '2026-11-23T14:00'],
    ['over National Day, which ends on a Wednesday', '2026-09-30T17:00', 4, '2026-10-08T12:00'],
    ['on a Saturday that makes up for National Day', '2026-10-09T17:00', 4, '2026-10-10T12:00'],
    [
      'over the Spring Festival with its make-up Saturday',
      '2026-02-14T17:00',
      4,
      '2026-02-24T12:00',
    ],
  ])('%s', (_name, start, hours, expected) => {
    expect(due(start, hours)).toBe(expected);
  });
});

describe('daylight saving', () => {
  const nights: WorkingCalendar = {
    code: 'night-watch',
    timeZone: 'Europe/Berlin',
    week: {
      1: [],
      2: [],
      3: [],
      4: [],
      5: [],
      6: [],
      7: [{ fromMinute: 0, untilMinute: 8 * 60 }],
    },
    holidays: null,
  };
  const day = (text: string): Interval => ({
    fromMs: Date.parse(`${text}T00:00Z`) - 12 * hourMs,
    untilMs: Date.parse(`${text}T00:00Z`) + 36 * hourMs,
  });

  test.each([
    ['an ordinary night has eight hours', '2026-03-22', 8],
    ['the night that loses an hour has seven', '2026-03-29', 7],
    ['the night that gains an hour has nine', '2026-10-25', 9],
  ])('%s', (_name, date, hours) => {
    const stretch = day(date);
    expect(openTimeIn(stretch, workingIntervals(nights, stretch))).toBe(hours * hourMs);
  });
});

test('while the owner is away the hours of whoever covers for them count', () => {
  const own = [
    { fromMs: 0, untilMs: 10 },
    { fromMs: 20, untilMs: 30 },
  ];
  const cover = [{ fromMs: 5, untilMs: 40 }];
  expect(coveredIntervals(own, cover, [{ fromMs: 15, untilMs: 35 }])).toEqual([
    { fromMs: 0, untilMs: 10 },
    { fromMs: 15, untilMs: 35 },
  ]);
});

describe('over any calendar', () => {
  const stepMs = 5 * 60_000;
  const slotMs = 30 * 60_000;
  const dayMs = 24 * hourMs;
  const yearFromMs = Date.parse('2026-01-01T00:00Z');
  const daysAhead = 16;

  // From 1:00 to 3:00 clocks are put forward and back: what is open then is not a matter of the wall clock alone.
  const minute = fc
    .integer({ min: 0, max: 288 })
    .map((fives) => fives * 5)
    .filter((one) => one <= 60 || one >= 180);
  const hours = fc.uniqueArray(minute, { maxLength: 4 }).map((edges) => {
    const ordered = [...edges].sort((a, b) => a - b);
    const ranges: MinuteRange[] = [];
    for (let index = 0; index + 1 < ordered.length; index += 2) {
      ranges.push({ fromMinute: ordered[index] ?? 0, untilMinute: ordered[index + 1] ?? 0 });
    }
    return ranges;
  });
  const calendar = fc.record({
    code: fc.constant('any'),
    // Ahead and behind, by halves and quarters of hours, with and without daylight saving, one of half an hour.
    timeZone: fc.constantFrom(
      'Asia/Shanghai',
      'Europe/Berlin',
      'America/New_York',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ),
    week: fc.record({ 1: hours, 2: hours, 3: hours, 4: hours, 5: hours, 6: hours, 7: hours }),
    holidays: fc.constantFrom('CN' as const, null),
  });
  const kindOfDay = fc
    .array(fc.constantFrom('usual', 'usual', 'usual', 'holiday', 'make-up'), {
      minLength: 7,
      maxLength: 40,
    })
    .map((kinds): KindOfDay => {
      return (day) => kinds[(Date.parse(day) / dayMs) % kinds.length] ?? 'usual';
    });
  const startMs = fc
    .integer({ min: 0, max: (365 * dayMs) / stepMs })
    .map((steps) => yearFromMs + steps * stepMs);
  const durationMs = fc.integer({ min: 1, max: 600 }).map((steps) => steps * stepMs);

  /** Obviously right: looks at the clock on the wall every five minutes. */
  function openAt(given: WorkingCalendar, kind: KindOfDay): (atMs: number) => boolean {
    const offsets = new Map<number, number>();
    const offsetMs = (atMs: number) => {
      const slot = Math.floor(atMs / slotMs);
      const known = offsets.get(slot);
      if (known !== undefined) return known;
      const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(given.timeZone);
      offsets.set(slot, zoned.offsetNanoseconds / 1_000_000);
      return zoned.offsetNanoseconds / 1_000_000;
    };
    const weekdays = [7, 1, 2, 3, 4, 5, 6] as const;
    const firstHours = ([1, 2, 3, 4, 5, 6, 7] as const)
      .map((day) => given.week[day])
      .find((ranges) => ranges.length > 0);
    return (atMs) => {
      const wall = new Date(atMs + offsetMs(atMs));
      const day = given.holidays === null ? 'usual' : kind(wall.toISOString().slice(0, 10));
      const usual = given.week[weekdays[wall.getUTCDay()] ?? 1];
      const ranges =
        day === 'holiday' ? [] : day === 'make-up' && usual.length === 0 ? firstHours : usual;
      const now = wall.getUTCHours() * 60 + wall.getUTCMinutes();
      return ranges?.some((one) => one.fromMinute <= now && now < one.untilMinute) ?? false;
    };
  }

  function walk(fromMs: number, length: number, isOpen: (atMs: number) => boolean): number | null {
    let leftMs = length;
    for (let atMs = fromMs; atMs < fromMs + daysAhead * dayMs; atMs += stepMs) {
      if (!isOpen(atMs)) continue;
      leftMs -= stepMs;
      if (leftMs === 0) return atMs + stepMs;
    }
    return null;
  }

  test('a deadline is where a walk along the clock comes to it, and the instant before it is worked', () => {
    fc.assert(
      fc.property(calendar, kindOfDay, startMs, durationMs, (given, kind, fromMs, length) => {
        const stretch = { fromMs, untilMs: fromMs + daysAhead * dayMs };
        const dueMs = addOpenTime(fromMs, length, workingIntervals(given, stretch, kind));
        const isOpen = openAt(given, kind);
        expect(dueMs).toBe(walk(fromMs, length, isOpen));
        if (dueMs !== null) expect(isOpen(dueMs - 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('later starts and longer times come no earlier, and two times in a row are one of their sum', () => {
    fc.assert(
      fc.property(
        calendar,
        kindOfDay,
        startMs,
        fc.tuple(durationMs, durationMs),
        (given, kind, fromMs, [first, second]) => {
          const stretch = { fromMs, untilMs: fromMs + daysAhead * dayMs };
          const open = workingIntervals(given, stretch, kind);
          const both = addOpenTime(fromMs, first + second, open);
          fc.pre(both !== null);
          const firstDue = addOpenTime(fromMs, first, open) ?? 0;
          expect(firstDue).toBeLessThan(both ?? 0);
          expect(addOpenTime(firstDue, second, open)).toBe(both);
          const later = addOpenTime(fromMs + second, first, open);
          expect(later ?? Infinity).toBeGreaterThanOrEqual(firstDue);
        },
      ),
      { numRuns: 60 },
    );
  });
});
