import { expect, test } from 'vitest';
import { permission, standInCode, warningActions } from '../../domain/rights.ts';
import { buildPerson, buildWarning } from '../support/builders.ts';

const owner = buildPerson({ code: 'owner' });
const deputy = buildPerson({ code: 'deputy' });
const secondLine = buildPerson({ code: 'second' });
const manager = buildPerson({ code: 'manager' });
const admin = buildPerson({ code: 'admin', roles: ['data-admin'] });
const auditor = buildPerson({ code: 'auditor', roles: ['auditor'] });
const warning = buildWarning({
  ownerCode: 'owner',
  secondLineCode: 'second',
  managerCode: 'manager',
});

test.each(warningActions)('%s is for the responsible only', (action) => {
  for (const person of [owner, deputy, secondLine, manager, admin]) {
    expect(permission(person, warning, action, 'deputy').kind).toBe('allowed');
  }
  expect(permission(auditor, warning, action, 'deputy')).toEqual({
    kind: 'not-responsible',
    responsibleCode: 'owner',
  });
  expect(permission(deputy, warning, action, null).kind).toBe('not-responsible');
  expect(permission({ ...owner, status: 'left' }, warning, action, null).kind).toBe(
    'not-responsible',
  );
});

test('another one’s claim is released or moved only by those above', () => {
  const claimed = { ...warning, state: { kind: 'claimed', by: 'deputy', atMs: 0 } } as const;
  for (const action of ['release', 'reassign'] as const) {
    expect(permission(owner, claimed, action, null)).toEqual({
      kind: 'claimed-by-other',
      by: 'deputy',
    });
    for (const person of [deputy, secondLine, manager, admin]) {
      expect(permission(person, claimed, action, null).kind).toBe('allowed');
    }
  }
  expect(permission(owner, claimed, 'fixed-by-hand', null).kind).toBe('allowed');
});

test('the deputy stands in only while the owner is away', () => {
  const away = { ...owner, deputyCode: 'deputy', absences: [{ fromMs: 10, untilMs: 20 }] };
  expect(standInCode(away, 9)).toBeNull();
  expect(standInCode(away, 10)).toBe('deputy');
  expect(standInCode(away, 20)).toBeNull();
  expect(standInCode(null, 10)).toBeNull();
});
