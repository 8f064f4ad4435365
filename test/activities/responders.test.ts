import { describe, expect, test } from 'vitest';
import {
  handOverTo,
  nextLookAtMs,
  onDuty,
  peopleOfStep,
  reroutedEscalations,
  shiftAt,
} from '../../activities/responders.ts';
import type { Duty, Rotation } from '../../domain/duty.ts';
import type { Person } from '../../domain/person.ts';
import type { EscalationTarget } from '../../domain/policy.ts';
import { buildPerson, buildWarning } from '../support/builders.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** An instant by its wall clock in Berlin in winter. */
function berlin(text: string): number {
  return Date.parse(`${text}+01:00`);
}

const shifts: Extract<Rotation, { kind: 'shifts' }> = {
  kind: 'shifts',
  every: 'week',
  startsOn: '2026-03-23',
  handOverMinute: 9 * 60,
  timeZone: 'Europe/Berlin',
};
const duty: Duty = {
  code: 'watch',
  name: { 'zh-CN': '值班', en: 'Watch' },
  memberCodes: ['ann', 'bob', 'eve'],
  rotation: shifts,
};

function companyOf(...people: readonly Person[]) {
  return { people: new Map(people.map((person) => [person.code, person])), duties: [duty] };
}

const members = ['ann', 'bob', 'eve'].map((code) => buildPerson({ code }));
const watch = companyOf(...members);

describe('shifts', () => {
  test.each([
    ['before the first', berlin('2026-03-23T08:59'), -1],
    ['from the minute it begins', berlin('2026-03-23T09:00'), 0],
    ['a week, in which summer time begins', Date.parse('2026-03-30T08:59+02:00'), 0],
    ['the second', Date.parse('2026-03-30T09:00+02:00'), 1],
    ['a year on', berlin('2027-03-22T09:00'), 52],
  ])('%s', (_name, atMs, number) => {
    expect(shiftAt(shifts, atMs).number).toBe(number);
  });

  test('a shift ends at nine by the clock on the wall, whatever the clock did in between', () => {
    const { untilMs } = shiftAt(shifts, berlin('2026-03-28T12:00'));
    expect(untilMs).toBe(Date.parse('2026-03-30T09:00+02:00'));
    expect(shiftAt({ ...shifts, every: 'day' }, berlin('2026-03-28T12:00')).untilMs).toBe(
      Date.parse('2026-03-29T09:00+02:00'),
    );
  });

  test('who is away is passed over', () => {
    const atMs = berlin('2026-03-23T12:00');
    const away = buildPerson({
      code: 'ann',
      absences: [{ fromMs: atMs - dayMs, untilMs: atMs + dayMs }],
    });
    const context = { atMs, turn: 0 };
    expect(onDuty(duty, { ...context, people: watch.people })).toEqual(['ann']);
    expect(
      onDuty(duty, { ...context, people: companyOf(away, ...members.slice(1)).people }),
    ).toEqual(['bob']);
  });
});

describe('whom a step reaches', () => {
  const atMs = berlin('2026-03-23T12:00');
  const owner = buildPerson({ code: 'owner', secondLineCode: 'second', managerCode: 'boss' });
  const second = buildPerson({
    code: 'second',
    deputyCode: 'deputy',
    absences: [{ fromMs: atMs - 1, untilMs: atMs + 1 }],
  });
  const boss = buildPerson({ code: 'boss', roles: ['manager'] });
  const deputy = buildPerson({ code: 'deputy' });
  const gone = buildPerson({ code: 'gone', status: 'left', roles: ['manager'] });
  const company = companyOf(owner, second, boss, deputy, gone, ...members);
  const warning = buildWarning({ ownerCode: 'owner' });

  test.each([
    [
      'the second line and, as they are away, their deputy',
      { kind: 'second-line' },
      ['second', 'deputy'],
    ],
    ['the manager', { kind: 'manager' }, ['boss']],
    ['a person', { kind: 'person', code: 'deputy' }, ['deputy']],
    ['nobody who left', { kind: 'person', code: 'gone' }, []],
    ['those of a role who work here', { kind: 'role', role: 'manager' }, ['boss']],
    ['whoever is on duty', { kind: 'duty', code: 'watch' }, ['ann']],
    ['nobody of a duty that is gone', { kind: 'duty', code: 'none' }, []],
  ] as const satisfies readonly (readonly [string, EscalationTarget, readonly string[]])[])(
    '%s',
    (_name, to, expected) => {
      expect(peopleOfStep(to, { warning, company, atMs })).toEqual(expected);
    },
  );

  test('a second line who left is replaced by the manager', () => {
    const left = companyOf(owner, { ...second, status: 'left' }, boss);
    const to = { kind: 'second-line' } as const;
    expect(peopleOfStep(to, { warning, company: left, atMs })).toEqual(['boss']);
    const escalations = [{ to, personCodes: ['second'], atMs: 1 }];
    expect(reroutedEscalations({ ...warning, escalations }, left, atMs)).toEqual([
      { to, personCodes: ['boss'], atMs: 1 },
    ]);
    expect(reroutedEscalations({ ...warning, escalations }, company, atMs)).toBeNull();
  });
});

describe('a warning of a duty', () => {
  const atMs = berlin('2026-03-23T12:00');
  const warning = buildWarning({ ownerCode: 'eve', dutyCode: 'watch' });

  test('goes to the next shift while nobody has claimed it', () => {
    expect(handOverTo(warning, watch, atMs)).toBe('ann');
    expect(handOverTo({ ...warning, ownerCode: 'ann' }, watch, atMs)).toBeNull();
    const state = { kind: 'claimed', by: 'eve', atMs: 0 } as const;
    expect(handOverTo({ ...warning, state }, watch, atMs)).toBeNull();
    expect(handOverTo({ ...warning, dutyCode: null }, watch, atMs)).toBeNull();
  });

  test('taken in turns, it stays with its owner until they leave', () => {
    const turns = { ...watch, duties: [{ ...duty, rotation: { kind: 'round-robin' as const } }] };
    expect(handOverTo({ ...warning, id: 3 }, turns, atMs)).toBeNull();
    const [ann, bob, eve] = members;
    if (ann === undefined || bob === undefined || eve === undefined) throw new Error('no members');
    const left = { ...turns, people: companyOf(ann, bob, { ...eve, status: 'left' }).people };
    expect(handOverTo({ ...warning, id: 3 }, left, atMs)).toBe('ann');
  });

  test('is looked at again when the shift changes', () => {
    const atEnd = berlin('2026-03-27T12:00') + 2 * dayMs;
    expect(nextLookAtMs(warning, watch, atEnd)).toBe(Date.parse('2026-03-30T09:00+02:00'));
    expect(nextLookAtMs({ ...warning, dutyCode: null }, watch, atEnd)).toBe(atEnd + dayMs);
  });
});
