import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { monthsAfter } from '../../domain/calendar-months.ts';

test('months later is what the calendar says, over three thousand years', () => {
  const instant = fc.integer({ min: Date.UTC(-800, 0, 1), max: Date.UTC(2600, 0, 1) });
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 1_200 }), (fromMs, months) => {
      const expected = Temporal.Instant.fromEpochMilliseconds(fromMs)
        .toZonedDateTimeISO('UTC')
        .add({ months });
      expect(monthsAfter(fromMs, months)).toBe(expected.epochMilliseconds);
    }),
    { numRuns: 2_000 },
  );
});
