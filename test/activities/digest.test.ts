import { expect, test } from 'vitest';
import { digestDueSince, periodBefore } from '../../activities/digest.ts';

const policy = { digest: { weekday: 1, hour: 9, roles: ['manager'] } } as const;
const nineInShanghai = Date.UTC(2026, 10, 23, 1);
const nineInLondon = Date.UTC(2026, 10, 23, 9);
// In summer time nine o'clock in London is eight in UTC.
const nineInSummer = Date.UTC(2026, 6, 6, 8);
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

test.each([
  ['at the hour', 'Asia/Shanghai', nineInShanghai, nineInShanghai],
  ['a minute before', 'Asia/Shanghai', nineInShanghai - minuteMs, null],
  [
    'later that day, after a pause',
    'Asia/Shanghai',
    nineInShanghai + 6 * 60 * minuteMs,
    nineInShanghai,
  ],
  ['the day after', 'Asia/Shanghai', nineInShanghai + dayMs, null],
  ['on Sunday', 'Asia/Shanghai', nineInShanghai - dayMs, null],
  ['at nine in London', 'Europe/London', nineInLondon, nineInLondon],
  ['at nine in Shanghai, in London', 'Europe/London', nineInShanghai, null],
  ['at nine in London in summer', 'Europe/London', nineInSummer, nineInSummer],
])('a digest is due %s (%s)', (_when, timeZone, atMs, dueSinceMs) => {
  expect(digestDueSince({ timeZone, every: 'week' }, policy, atMs)).toBe(dueSinceMs);
});

test.each([
  ['every day', 'day', nineInShanghai + dayMs, nineInShanghai + dayMs],
  ['an hour after midnight', 'day', nineInShanghai + dayMs - 8 * 60 * minuteMs, null],
  ['on the first of a month', 'month', Date.UTC(2026, 11, 1, 2), Date.UTC(2026, 11, 1, 1)],
  ['on the second', 'month', Date.UTC(2026, 11, 2, 2), null],
] as const)('a digest of another period is due %s (%s)', (_when, every, atMs, dueSinceMs) => {
  expect(digestDueSince({ timeZone: 'Asia/Shanghai', every }, policy, atMs)).toBe(dueSinceMs);
});

test.each([
  ['day', Date.UTC(2026, 2, 28, 9), Date.UTC(2026, 2, 29, 8)],
  ['week', Date.UTC(2026, 2, 23, 9), Date.UTC(2026, 2, 30, 8)],
  ['month', Date.UTC(2026, 2, 1, 9), Date.UTC(2026, 3, 1, 8)],
] as const)(
  'a %s goes by the clock of its readers, also where the clock is changed',
  (every, fromMs, untilMs) => {
    expect(periodBefore(untilMs, every, 'Europe/London')).toBe(fromMs);
  },
);
