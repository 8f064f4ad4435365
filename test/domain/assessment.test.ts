import { expect, test } from 'vitest';
import {
  assessedFor,
  contestRefusal,
  decideRefusal,
  decidersFor,
  monthBefore,
  totalsOf,
  type AssessmentPoints,
} from '../../domain/assessment.ts';
import type { Person } from '../../domain/person.ts';
import { buildPerson } from '../support/builders.ts';

const owner = buildPerson({ code: 'li-lei', departmentCode: 'sales', managerCode: 'boss' });
const boss = buildPerson({ code: 'boss', departmentCode: 'board', roles: ['manager'] });
const otherBoss = buildPerson({ code: 'other', departmentCode: 'service', roles: ['manager'] });
const admin = buildPerson({ code: 'admin', departmentCode: 'data', roles: ['data-admin'] });
const auditor = buildPerson({ code: 'auditor', departmentCode: 'data', roles: ['auditor'] });
const people: ReadonlyMap<string, Person> = new Map(
  [owner, boss, otherBoss, admin, auditor].map((person) => [person.code, person]),
);

function buildPoints(overrides: Partial<AssessmentPoints> = {}): AssessmentPoints {
  return {
    id: 1,
    personCode: 'li-lei',
    cause: 'claim-missed',
    points: 2,
    warningId: 7,
    ruleCode: 'a-rule',
    severity: 'high',
    atMs: 1_000,
    state: { kind: 'standing' },
    ...overrides,
  };
}

const contested = buildPoints({ state: { kind: 'contested', atMs: 2, reason: 'ill' } });

test('points are contested by whoever has them, once, while the policy gives time', () => {
  const inTime = { nowMs: 1_099, contestWithinMs: 100 };
  expect(contestRefusal(owner, buildPoints(), inTime)).toBeNull();
  expect(contestRefusal(owner, buildPoints(), { ...inTime, nowMs: 1_100 })).toEqual({
    kind: 'contest-over',
    untilMs: 1_100,
  });
  expect(contestRefusal(owner, contested, inTime)).toEqual({ kind: 'contested-before' });
  expect(contestRefusal(admin, buildPoints(), inTime)).toEqual({
    kind: 'points-of-other',
    personCode: 'li-lei',
  });
});

test('a manager of the line or a data admin decides, on what is contested, and never on their own', () => {
  for (const person of [boss, admin]) expect(decideRefusal(person, contested, people)).toBeNull();
  for (const person of [owner, otherBoss, auditor, { ...admin, status: 'left' as const }]) {
    expect(decideRefusal(person, contested, people)).toEqual({
      kind: 'may-not-decide',
      personCode: 'li-lei',
    });
  }
  expect(decideRefusal(admin, { ...contested, personCode: 'admin' }, people)?.kind).toBe(
    'may-not-decide',
  );
  expect(decideRefusal(admin, buildPoints(), people)).toEqual({ kind: 'not-contested' });
});

test('everybody sees their own points, a manager the line’s, data admins and auditors all', () => {
  expect(assessedFor(owner, people)).toEqual(['li-lei']);
  expect(assessedFor(boss, people)).toEqual(['boss', 'li-lei']);
  expect(assessedFor(otherBoss, people)).toEqual(['other']);
  expect([assessedFor(admin, people), assessedFor(auditor, people)]).toEqual([null, null]);
});

test('whoever leads a person is asked to decide, else those of the line, else data admins', () => {
  const deskHead = buildPerson({ code: 'desk', departmentCode: 'sales', roles: ['manager'] });
  const everybody = new Map([...people, ['desk', deskHead]]);
  expect(decidersFor('li-lei', everybody)).toEqual(['boss']);
  const withoutBoss = new Map([...everybody].filter(([code]) => code !== 'boss'));
  expect(decidersFor('li-lei', withoutBoss)).toEqual(['desk']);
  const bossHasLeft = new Map(people).set('boss', { ...boss, status: 'left' });
  expect(decidersFor('li-lei', bossHasLeft)).toEqual(['admin']);
  expect(decidersFor('admin', people)).toEqual([]);
});

test('a month comes after another, also over a year', () => {
  expect([monthBefore('2026-12'), monthBefore('2026-01')]).toEqual(['2026-11', '2025-12']);
});

test('totals name nobody', () => {
  const byCause = { 'claim-missed': 2, 'close-missed': 5, recurred: 0 };
  const sums = [
    { personCode: 'li-lei', points: 7, byCause, contested: 1 },
    { personCode: 'boss', points: 7, byCause, contested: 0 },
  ];
  expect(totalsOf(sums)).toEqual({
    points: 14,
    people: 2,
    contested: 1,
    byCause: { 'claim-missed': 4, 'close-missed': 10, recurred: 0 },
  });
});
