import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { membersOnDuty, type Duty, type Presence } from '../../domain/duty.ts';

const duty: Duty = {
  code: 'quality',
  name: { 'zh-CN': '质量值班', en: 'Quality duty' },
  memberCodes: ['a', 'b', 'c'],
  rotation: { kind: 'round-robin' },
};
const presence = (states: Readonly<Record<string, Presence>>) => (code: string) =>
  states[code] ?? 'here';

describe('turns', () => {
  test.each([
    ['the first', 0, {}, ['a']],
    ['round again', 4, {}, ['b']],
    ['before the first shift', -1, {}, ['c']],
    ['the next one who is here', 1, { b: 'away' }, ['c']],
    ['past those who left', 1, { b: 'left', c: 'away' }, ['a']],
    ['all away: whose turn it is', 1, { a: 'away', b: 'away', c: 'away' }, ['b']],
    ['all left', 1, { a: 'left', b: 'left', c: 'left' }, []],
  ] as const)('%s', (_name, turn, states, expected) => {
    expect(membersOnDuty(duty, turn, presence(states))).toEqual(expected);
  });

  test('as many turns as members reach each of them once', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (start) => {
        const reached = [0, 1, 2].flatMap((step) =>
          membersOnDuty(duty, start + step, () => 'here'),
        );
        expect([...reached].sort()).toEqual(['a', 'b', 'c']);
      }),
    );
  });
});

test('everybody at once leaves out who is away, unless all are', () => {
  const all: Duty = { ...duty, rotation: { kind: 'everybody' } };
  expect(membersOnDuty(all, 0, presence({ b: 'away' }))).toEqual(['a', 'c']);
  expect(membersOnDuty(all, 0, () => 'away')).toEqual(['a', 'b', 'c']);
});
