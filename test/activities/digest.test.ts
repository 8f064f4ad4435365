import { expect, test } from 'vitest';
import { digestDueSince } from '../../activities/digest.ts';

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
  expect(digestDueSince({ timeZone }, policy, atMs)).toBe(dueSinceMs);
});
