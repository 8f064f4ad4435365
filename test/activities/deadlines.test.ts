import { describe, expect, test } from 'vitest';
import { coveredIntervals, workingIntervals } from '../../activities/working-time.ts';
import { addOpenTime, openTimeIn, type Interval } from '../../domain/deadline.ts';
import type { WorkingCalendar } from '../../domain/policy.ts';
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
