import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addOpenTime,
  elapsedTime,
  intersectIntervals,
  joinIntervals,
  missedDeadlines,
  openTimeIn,
  reminderInstants,
  subtractIntervals,
  type Interval,
} from '../../domain/deadline.ts';
import { buildWarning } from '../support/builders.ts';

const interval = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 60 }))
  .map(([fromMs, lengthMs]): Interval => ({ fromMs, untilMs: fromMs + lengthMs }));
const intervals = fc.array(interval, { maxLength: 12 });

/** Obviously right: asks of every millisecond whether an interval covers it. */
function covered(list: readonly Interval[], atMs: number): boolean {
  return list.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
}

const instants = Array.from({ length: 600 }, (_, atMs) => atMs);

describe('intervals', () => {
  test('joining, subtracting and intersecting agree with asking every instant', () => {
    fc.assert(
      fc.property(intervals, intervals, (first, second) => {
        const [a, b] = [joinIntervals(first), joinIntervals(second)];
        for (const atMs of instants) {
          expect(covered(a, atMs)).toBe(covered(first, atMs));
          expect(covered(subtractIntervals(a, b), atMs)).toBe(
            covered(a, atMs) && !covered(b, atMs),
          );
          expect(covered(intersectIntervals(a, b), atMs)).toBe(
            covered(a, atMs) && covered(b, atMs),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('joined intervals are ordered and apart', () => {
    fc.assert(
      fc.property(intervals, (list) => {
        const joined = joinIntervals(list);
        for (const [index, next] of joined.slice(1).entries()) {
          expect(joined[index]?.untilMs).toBeLessThan(next.fromMs);
        }
      }),
    );
  });
});

describe('adding open time', () => {
  test('exactly the duration lies between start and deadline, and the deadline is the first such instant', () => {
    fc.assert(
      fc.property(
        intervals,
        fc.nat(500),
        fc.integer({ min: 1, max: 300 }),
        (list, start, duration) => {
          const open = joinIntervals(list);
          const dueMs = addOpenTime(start, duration, open);
          if (dueMs === null) {
            expect(openTimeIn({ fromMs: start, untilMs: Infinity }, open)).toBeLessThan(duration);
          } else {
            expect(openTimeIn({ fromMs: start, untilMs: dueMs }, open)).toBe(duration);
            expect(openTimeIn({ fromMs: start, untilMs: dueMs - 1 }, open)).toBe(duration - 1);
          }
        },
      ),
    );
  });

  test('two durations in a row are one of their sum', () => {
    fc.assert(
      fc.property(
        intervals,
        fc.nat(300),
        fc.nat(100),
        fc.nat(100),
        (list, start, first, second) => {
          const open = joinIntervals(list);
          const firstDue = addOpenTime(start, first, open);
          fc.pre(firstDue !== null && second > 0);
          expect(addOpenTime(firstDue ?? 0, second, open)).toBe(
            addOpenTime(start, first + second, open),
          );
        },
      ),
    );
  });

  test('elapsed time is plain addition', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (start, duration) => {
        expect(addOpenTime(start, duration, elapsedTime)).toBe(start + duration);
      }),
    );
  });
});

describe('reminders', () => {
  test('lie in order between start and deadline', () => {
    fc.assert(
      fc.property(
        intervals,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (list, parts) => {
          const open = joinIntervals(list);
          const reminders = reminderInstants({ fromMs: 10, untilMs: 550 }, parts, open);
          expect([...reminders].sort((a, b) => a - b)).toEqual(reminders);
          for (const atMs of reminders) {
            expect(atMs).toBeGreaterThanOrEqual(10);
            expect(atMs).toBeLessThan(550);
          }
        },
      ),
    );
  });

  test('half of the open time, not half of the clock', () => {
    const open = [
      { fromMs: 0, untilMs: 10 },
      { fromMs: 90, untilMs: 100 },
    ];
    expect(reminderInstants({ fromMs: 0, untilMs: 100 }, [0.5, 0.75], open)).toEqual([10, 95]);
  });

  test('none at the start or at the deadline itself', () => {
    expect(reminderInstants({ fromMs: 0, untilMs: 100 }, [0, 1], elapsedTime)).toEqual([]);
  });
});

describe('missed deadlines', () => {
  test('a deadline is missed at its instant, not before', () => {
    const warning = buildWarning();
    expect(missedDeadlines(warning, warning.claimDueAtMs - 1)).toEqual([]);
    expect(missedDeadlines(warning, warning.claimDueAtMs)).toEqual(['claim']);
    expect(missedDeadlines(warning, warning.closeDueAtMs)).toEqual(['claim', 'close']);
  });

  test('what is claimed can only miss its closing; what is closed misses nothing', () => {
    const claimed = buildWarning({ state: { kind: 'claimed', by: 'li-lei', atMs: 0 } });
    expect(missedDeadlines(claimed, claimed.closeDueAtMs)).toEqual(['close']);
    const closed = buildWarning({
      state: { kind: 'closed', reason: 'gone', by: null, atMs: 0, fixId: null },
    });
    expect(missedDeadlines(closed, closed.closeDueAtMs)).toEqual([]);
  });
});
