import { expect, test } from 'vitest';
import { isDigestHour } from '../../activities/digest.ts';

const policy = { digest: { weekday: 1, hour: 9, roles: ['manager'] } } as const;

test.each([
  ['Asia/Shanghai', Date.UTC(2026, 10, 23, 1, 30), true],
  ['Asia/Shanghai', Date.UTC(2026, 10, 23, 2, 0), false],
  ['Asia/Shanghai', Date.UTC(2026, 10, 24, 1, 30), false],
  ['Europe/London', Date.UTC(2026, 10, 23, 9, 0), true],
  // In summer time nine o'clock in London is eight in UTC.
  ['Europe/London', Date.UTC(2026, 6, 6, 8, 0), true],
  ['America/New_York', Date.UTC(2026, 10, 23, 1, 30), false],
])('nine on Monday in %s at %i: %s', (timeZone, atMs, expected) => {
  expect(isDigestHour({ timeZone }, policy, atMs)).toBe(expected);
});
