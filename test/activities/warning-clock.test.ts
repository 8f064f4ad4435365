import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clockOf, type WarningClock } from '../../activities/warning-clock.ts';
import { workingIntervals } from '../../activities/working-time.ts';
import { addOpenTime, openTimeIn, type Interval } from '../../domain/deadline.ts';
import type { Duty } from '../../domain/duty.ts';
import type { Absence, Person } from '../../domain/person.ts';
import type { WorkingCalendar } from '../../domain/policy.ts';
import { buildPerson, buildWarning } from '../support/builders.ts';
import { chinaCalendar } from '../support/company.ts';
import { buildPolicy } from '../support/policy.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const { severities } = buildPolicy();

const day = [{ fromMinute: 9 * 60, untilMinute: 17 * 60 }];
const london: WorkingCalendar = {
  code: 'london',
  timeZone: 'Europe/London',
  week: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: [], 7: [] },
  holidays: null,
};
const calendars = new Map([chinaCalendar, london].map((one) => [one.code, one]));

interface Setting {
  readonly people: readonly Person[];
  readonly clock?: 'elapsed' | 'working';
  readonly pauses?: boolean;
  readonly duty?: Duty;
}

function clock({ people, clock: kind = 'elapsed', pauses = true, duty }: Setting): WarningClock {
  const high = { ...severities.high, clock: kind, pausesUnattended: pauses };
  const warning = buildWarning({
    ownerCode: 'owner',
    secondLineCode: 'second',
    dutyCode: duty?.code ?? null,
  });
  return clockOf(warning, {
    policy: buildPolicy({ severities: { ...severities, high } }),
    company: {
      people: new Map(people.map((one) => [one.code, one])),
      duties: duty === undefined ? [] : [duty],
    },
    calendars,
  });
}

function shanghai(text: string): number {
  return Date.parse(`${text}+08:00`);
}

function due(setting: Setting, from: string, hours: number): string {
  const fromMs = shanghai(from);
  const open = clock(setting).open(fromMs, fromMs + 60 * dayMs);
  const dueMs = addOpenTime(fromMs, hours * hourMs, open) ?? 0;
  return new Date(dueMs + 8 * hourMs).toISOString().slice(0, 16);
}

const owner = buildPerson({ code: 'owner', secondLineCode: 'second', deputyCode: 'deputy' });
const second = buildPerson({ code: 'second' });
const abroad = buildPerson({ code: 'second', calendarCode: 'london', timeZone: 'Europe/London' });
const away: Absence = {
  fromMs: shanghai('2026-11-23T00:00'),
  untilMs: shanghai('2026-11-25T00:00'),
};

describe('while nobody is on duty', () => {
  test.each<[name: string, setting: Setting, from: string, hours: number, due: string]>([
    [
      'round the clock it stands still over the night',
      { people: [owner] },
      '2026-11-24T17:00',
      2,
      '2026-11-25T10:00',
    ],
    [
      'and over the weekend',
      { people: [owner, second] },
      '2026-11-20T17:30',
      2,
      '2026-11-23T10:30',
    ],
    [
      'unless the policy lets it run',
      { people: [owner], pauses: false },
      '2026-11-20T17:30',
      2,
      '2026-11-20T19:30',
    ],
    [
      'whoever is at work abroad keeps it running',
      { people: [owner, abroad] },
      '2026-11-24T17:00',
      4,
      '2026-11-24T21:00',
    ],
    [
      'in working time only absences make it stand still',
      { people: [{ ...owner, absences: [away] }], clock: 'working' },
      '2026-11-20T17:00',
      2,
      '2026-11-25T10:00',
    ],
    [
      'a second line who is there keeps it running',
      { people: [{ ...owner, absences: [away] }, second], clock: 'working' },
      '2026-11-20T17:00',
      2,
      '2026-11-23T10:00',
    ],
    [
      'one who is away too does not',
      {
        people: [
          { ...owner, absences: [away] },
          { ...second, absences: [away] },
        ],
        clock: 'working',
      },
      '2026-11-20T17:00',
      2,
      '2026-11-25T10:00',
    ],
    [
      'nor does one who has left',
      {
        people: [
          { ...owner, absences: [away] },
          { ...second, status: 'left' },
        ],
        clock: 'working',
      },
      '2026-11-20T17:00',
      2,
      '2026-11-25T10:00',
    ],
    [
      'any member of a duty keeps it running',
      {
        people: [
          { ...owner, secondLineCode: null, deputyCode: null },
          { ...abroad, code: 'member' },
        ],
        duty: {
          code: 'watch',
          name: { 'zh-CN': '值班', en: 'Watch' },
          memberCodes: ['owner', 'member'],
          rotation: { kind: 'everybody' },
        },
      },
      '2026-11-24T17:00',
      4,
      '2026-11-24T21:00',
    ],
  ])('%s', (_name, setting, from, hours, expected) => {
    expect(due(setting, from, hours)).toBe(expected);
  });
});

describe('over any company', () => {
  const fromMs = Date.parse('2026-09-20T00:00Z');
  const untilMs = fromMs + 21 * dayMs;
  const stepMs = 30 * 60_000;
  const step = fc.integer({ min: 0, max: (21 * dayMs) / stepMs });
  const absences = fc.array(
    fc.tuple(step, fc.integer({ min: 1, max: 300 })).map(([at, length]) => ({
      fromMs: fromMs + at * stepMs,
      untilMs: fromMs + (at + length) * stepMs,
    })),
    { maxLength: 4 },
  );
  const person = (code: string) =>
    fc
      .record({
        absences,
        calendarCode: fc.constantFrom('china', 'london'),
        status: fc.constantFrom('active' as const, 'active' as const, 'left' as const),
      })
      .map((one): Person => buildPerson({ ...owner, ...one, code }));
  const people = fc.tuple(person('owner'), person('deputy'), person('second'));
  const kind = fc.constantFrom('elapsed' as const, 'working' as const);

  function isAtWork({ calendarCode, absences: absent, status }: Person, atMs: number): boolean {
    const calendar = calendars.get(calendarCode);
    if (calendar === undefined || status === 'left') return false;
    if (absent.some((one) => one.fromMs <= atMs && atMs < one.untilMs)) return false;
    return workingIntervals(calendar, { fromMs: atMs, untilMs: atMs + 1 }).length > 0;
  }

  const covers = (list: readonly Interval[], atMs: number) =>
    list.some((one) => one.fromMs <= atMs && atMs < one.untilMs);

  test('time that would run is either running, and somebody is at work, or paused, and nobody is', () => {
    fc.assert(
      fc.property(people, kind, fc.array(step, { maxLength: 60 }), (group, clockKind, steps) => {
        const paused = clock({ people: group, clock: clockKind });
        const plain = clock({ people: group, clock: clockKind, pauses: false });
        const [open, still, running] = [
          paused.open(fromMs, untilMs),
          paused.paused(fromMs, untilMs),
          plain.open(fromMs, untilMs),
        ];
        for (const atMs of steps.map((one) => fromMs + one * stepMs).filter((at) => at < untilMs)) {
          const isAttended = group.some((one) => isAtWork(one, atMs));
          expect(covers(open, atMs)).toBe(covers(running, atMs) && isAttended);
          expect(covers(still, atMs)).toBe(covers(running, atMs) && !isAttended);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a pause puts a deadline off by exactly as much as time stands still before it', () => {
    fc.assert(
      fc.property(
        people,
        kind,
        step,
        fc.integer({ min: 1, max: 40 }),
        (group, clockKind, at, half) => {
          const startMs = fromMs + at * stepMs;
          const paused = clock({ people: group, clock: clockKind });
          const plain = clock({ people: group, clock: clockKind, pauses: false });
          const durationMs = half * stepMs;
          const dueMs = addOpenTime(startMs, durationMs, paused.open(startMs, untilMs));
          fc.pre(dueMs !== null);
          const stretch = { fromMs: startMs, untilMs: dueMs ?? 0 };
          const stoodMs = openTimeIn(stretch, paused.paused(startMs, untilMs));
          expect(openTimeIn(stretch, plain.open(startMs, untilMs))).toBe(durationMs + stoodMs);
        },
      ),
      { numRuns: 60 },
    );
  });
});
