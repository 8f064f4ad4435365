import { describe, expect, test } from 'vitest';
import {
  dueLevel,
  nextStepAtMs,
  takeNextStep,
  takeSteps,
  type ChainStep,
} from '../../domain/escalation.ts';
import { buildWarning } from '../support/builders.ts';

const hourMs = 3_600_000;
const warning = buildWarning();
const { claimDueAtMs, closeDueAtMs } = warning;

const chain: readonly ChainStep[] = [
  { on: 'claim', dueAtMs: claimDueAtMs, to: { kind: 'second-line' }, personCodes: ['second'] },
  { on: 'claim', dueAtMs: claimDueAtMs + hourMs, to: { kind: 'duty', code: 'd' }, personCodes: [] },
  { on: 'claim', dueAtMs: claimDueAtMs + 2 * hourMs, to: { kind: 'manager' }, personCodes: ['m'] },
  {
    on: 'close',
    dueAtMs: closeDueAtMs,
    to: { kind: 'role', role: 'data-admin' },
    personCodes: ['a', 'b'],
  },
];
const claimed = { kind: 'claimed', by: 'person-1', atMs: 0 } as const;

describe('a chain', () => {
  test.each([
    ['before the first deadline', {}, claimDueAtMs - 1, 0],
    ['at the first deadline', {}, claimDueAtMs, 1],
    ['a step that reaches nobody is passed over', {}, claimDueAtMs + hourMs, 1],
    ['two hours later', {}, claimDueAtMs + 2 * hourMs, 3],
    ['all missed at once', {}, closeDueAtMs, 4],
    ['claimed in time', { state: claimed }, claimDueAtMs + 9 * hourMs, 0],
    ['claimed and never closed', { state: claimed }, closeDueAtMs, 4],
    ['it never goes back', { level: 3 }, claimDueAtMs, 3],
  ])('%s', (_name, overrides, nowMs, level) => {
    expect(dueLevel({ ...warning, ...overrides }, chain, nowMs)).toBe(level);
  });

  test('a step to a group is taken though it is nobody by name', () => {
    const toGroup = { kind: 'group', code: 'governance' } as const;
    const steps = [{ on: 'claim', dueAtMs: claimDueAtMs, to: toGroup, personCodes: [] }] as const;
    expect(dueLevel(warning, steps, claimDueAtMs)).toBe(1);
    const to = { level: 1, atMs: claimDueAtMs };
    expect(takeSteps(warning, steps, to)).toMatchObject([{ to: toGroup, personCodes: [] }]);
    expect(takeNextStep(warning, steps, { by: 'owner', atMs: 7 })).toMatchObject({ level: 1 });
  });

  test.each([
    [0, { level: 1, personCodes: ['second'] }],
    [1, { level: 3, personCodes: ['m'] }],
    [3, { level: 4, personCodes: ['a', 'b'] }],
    [4, null],
  ])('from level %i on, somebody may take the next step before its time', (level, expected) => {
    const taken = takeNextStep({ ...warning, level }, chain, { by: 'owner', atMs: 7 });
    if (expected === null) expect(taken).toBeNull();
    else {
      const { level: to, personCodes } = expected;
      expect(taken).toMatchObject({ level: to, escalation: { personCodes, by: 'owner', atMs: 7 } });
    }
  });

  test('sleeps until the next step that reaches somebody', () => {
    expect(nextStepAtMs(warning, chain)).toBe(claimDueAtMs);
    expect(nextStepAtMs({ ...warning, level: 1 }, chain)).toBe(claimDueAtMs + 2 * hourMs);
    expect(nextStepAtMs({ ...warning, state: claimed }, chain)).toBe(closeDueAtMs);
    expect(nextStepAtMs({ ...warning, level: 4 }, chain)).toBeNull();
    expect(nextStepAtMs(warning, [])).toBeNull();
  });

  test('the steps taken name who was reached, without those that reach nobody', () => {
    expect(takeSteps({ ...warning, level: 1 }, chain, { level: 3, atMs: 7 })).toEqual([
      { to: { kind: 'manager' }, personCodes: ['m'], atMs: 7 },
    ]);
  });
});
