import { expect, test } from 'vitest';
import { monthDue } from '../../activities/assessment.ts';
import { chinaCalendar } from '../support/company.ts';

const policy = { digest: { weekday: 1, hour: 9, roles: [] } } as const;
const nineInShanghai = (year: number, month: number, day: number) =>
  Date.UTC(year, month - 1, day, 1);
const minuteMs = 60_000;

test.each([
  ['on the first day of a month', nineInShanghai(2026, 12, 1), '2026-11'],
  ['a minute before the hour', nineInShanghai(2026, 12, 1) - minuteMs, null],
  ['a day late, after a pause', nineInShanghai(2026, 12, 2), '2026-11'],
  ['three days late', nineInShanghai(2026, 12, 4), null],
  ['in the National Day holiday', nineInShanghai(2026, 10, 1), null],
  ['on the first working day after the holiday', nineInShanghai(2026, 10, 8), '2026-09'],
  ['on a Sunday', nineInShanghai(2026, 11, 1), null],
  ['on the Monday after it', nineInShanghai(2026, 11, 2), '2026-10'],
  [
    'on a Sunday that makes up for a holiday, over the end of a year',
    nineInShanghai(2026, 1, 4),
    '2025-12',
  ],
])('a month is told %s', (_when, nowMs, month) => {
  const person = { timeZone: 'Asia/Shanghai' };
  expect(monthDue(person, { calendar: chinaCalendar, policy, nowMs })).toBe(month);
});

test('where a person is, and without a calendar on the first', () => {
  const when = { calendar: null, policy };
  const person = { timeZone: 'Europe/London' };
  const nowMs = Date.UTC(2026, 10, 1, 9);
  expect(monthDue(person, { ...when, nowMs })).toBe('2026-10');
  expect(monthDue(person, { ...when, nowMs: nineInShanghai(2026, 11, 1) })).toBeNull();
});
