import { describe, expect, test } from 'vitest';
import { assessedFor, decidersFor } from '../../domain/assessment.ts';
import { heldRoles, tagwardenCode, withOnlyRoles } from '../../domain/person.ts';
import { talkRefusal, withdrawalRefusal } from '../../domain/request.ts';
import {
  answersFor,
  findUnusable,
  isInvolvedInRequest,
  maySeeFixOfRequest,
  maySeeTag,
  mayTurnOffAutoFix,
  mayUndoFixOfRequest,
  mayUseSensitiveTag,
  permission,
  standInCode,
  warningActions,
} from '../../domain/rights.ts';
import { mayAnswer } from '../../domain/tag-review.ts';
import { buildPerson, buildTag, buildWarning } from '../support/builders.ts';

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
    expect(permission(person, warning, action, { deputyCode: 'deputy', owner }).kind).toBe(
      'allowed',
    );
  }
  expect(permission(auditor, warning, action, { deputyCode: 'deputy', owner })).toEqual({
    kind: 'not-responsible',
    responsibleCode: 'owner',
  });
  expect(permission(deputy, warning, action, { deputyCode: null, owner }).kind).toBe(
    'not-responsible',
  );
  expect(
    permission({ ...owner, status: 'left' }, warning, action, { deputyCode: null, owner }).kind,
  ).toBe('not-responsible');
});

test('another one’s claim is released or moved only by those above', () => {
  const claimed = { ...warning, state: { kind: 'claimed', by: 'deputy', atMs: 0 } } as const;
  for (const action of ['release', 'reassign'] as const) {
    expect(permission(owner, claimed, action, { deputyCode: null, owner })).toEqual({
      kind: 'claimed-by-other',
      by: 'deputy',
    });
    for (const person of [deputy, secondLine, manager, admin]) {
      expect(permission(person, claimed, action, { deputyCode: null, owner }).kind).toBe('allowed');
    }
  }
  expect(permission(owner, claimed, 'fixed-by-hand', { deputyCode: null, owner }).kind).toBe(
    'allowed',
  );
});

test('the deputy stands in only while the owner is away', () => {
  const away = { ...owner, deputyCode: 'deputy', absences: [{ fromMs: 10, untilMs: 20 }] };
  expect(standInCode(away, 9)).toBeNull();
  expect(standInCode(away, 10)).toBe('deputy');
  expect(standInCode(away, 20)).toBeNull();
  expect(standInCode(null, 10)).toBeNull();
});

function requestOf(requesterCode: string) {
  return { requesterCode, memberCodes: [], state: { kind: 'voting' } } as const;
}

describe('a data admin of a department', () => {
  const inSales = buildPerson({ code: 'in-sales' });
  const inSalesEast = buildPerson({
    code: 'in-sales-east',
    departmentCode: 'sales-east',
    departmentsAbove: ['sales'],
  });
  const inRisk = buildPerson({ code: 'in-risk', departmentCode: 'risk' });
  const grants = [{ role: 'data-admin', departmentCodes: ['sales'] } as const];
  const salesAdmin = buildPerson({
    code: 'sales-admin',
    departmentCode: 'data',
    roles: ['tagger'],
    departmentGrants: grants,
  });
  const people = new Map(
    [inSales, inSalesEast, inRisk, salesAdmin].map((person) => [person.code, person]),
  );

  test.each(warningActions)('may %s warnings of its people and of those below', (action) => {
    for (const [ownersOwn, kind] of [
      [inSales, 'allowed'],
      [inSalesEast, 'allowed'],
      [inRisk, 'not-responsible'],
    ] as const) {
      const theirs = buildWarning({
        ownerCode: ownersOwn.code,
        state: { kind: 'claimed', by: 'somebody', atMs: 0 },
      });
      const now = { deputyCode: null, owner: ownersOwn };
      expect(permission(salesAdmin, theirs, action, now).kind).toBe(kind);
      expect(answersFor(salesAdmin, theirs, people)).toBe(kind === 'allowed');
    }
  });

  test('has to do with requests, fixes, reviews and points of its people alone', () => {
    for (const [whose, may] of [
      [inSalesEast, true],
      [inRisk, false],
    ] as const) {
      const request = requestOf(whose.code);
      const talk = { person: salesAdmin, kind: 'comment', people } as const;
      expect(isInvolvedInRequest(salesAdmin, request, people)).toBe(may);
      expect(talkRefusal(request, talk) === null).toBe(may);
      expect(withdrawalRefusal(request, salesAdmin, people) === null).toBe(may);
      expect(maySeeFixOfRequest(salesAdmin, request, people)).toBe(may);
      expect(mayUndoFixOfRequest(salesAdmin, { requestedBy: whose.code }, people)).toBe(may);
      expect(mayAnswer({ ownerCode: whose.code }, salesAdmin, { people, atMs: 0 })).toBe(may);
      expect(mayTurnOffAutoFix(salesAdmin, { ownerCode: whose.code }, warning, people)).toBe(may);
      expect(assessedFor(salesAdmin, people)?.includes(whose.code)).toBe(may);
      expect(decidersFor(whose.code, people)).toEqual(may ? ['sales-admin'] : []);
    }
  });

  test('of an automation that asked, and of somebody unknown, only those of the whole company are', () => {
    const request = requestOf(tagwardenCode);
    expect(isInvolvedInRequest(salesAdmin, request, people)).toBe(false);
    expect(isInvolvedInRequest(admin, request, people)).toBe(true);
  });

  test('of a token without the role nothing is left', () => {
    expect(heldRoles(salesAdmin)).toEqual(['tagger', 'data-admin']);
    expect(withOnlyRoles(salesAdmin, ['tagger'])).toMatchObject({ departmentGrants: [] });
    expect(withOnlyRoles(salesAdmin, ['data-admin'])).toMatchObject({
      roles: [],
      departmentGrants: grants,
    });
  });
});

describe('a sensitive tag', () => {
  const riskOwner = buildPerson({ code: 'risk-owner', departmentCode: 'risk' });
  const riskChild = buildPerson({ departmentCode: 'fraud', departmentsAbove: ['risk'] });
  const inSales = buildPerson({ departmentCode: 'sales' });
  const inService = buildPerson({ departmentCode: 'service' });
  const people = new Map([[riskOwner.code, riskOwner]]);
  const secret = buildTag({
    ownerCode: riskOwner.code,
    sensitive: true,
    seenByDepartmentCodes: ['sales'],
  });

  test.each([
    ['its owner', riskOwner, true, true],
    ['who works below its owner’s department', riskChild, true, true],
    ['a department that may see it', inSales, true, false],
    ['any other department', inService, false, false],
    ['a data admin', admin, true, false],
    [
      'a data admin of its owner’s department',
      { ...inService, departmentGrants: [{ role: 'data-admin', departmentCodes: ['risk'] }] },
      true,
      false,
    ],
    [
      'a data admin of another department',
      { ...inService, departmentGrants: [{ role: 'data-admin', departmentCodes: ['sales'] }] },
      false,
      false,
    ],
  ] as const)('for %s', (_who, person, sees, uses) => {
    expect(maySeeTag(person, secret, people)).toBe(sees);
    expect(mayUseSensitiveTag(person, secret, people)).toBe(uses);
  });

  test('with departments is used by those instead of its owner’s', () => {
    const ofSales = { ...secret, departmentCodes: ['service'] };
    expect(mayUseSensitiveTag(inService, ofSales, people)).toBe(true);
    expect(mayUseSensitiveTag(riskChild, ofSales, people)).toBe(false);
    expect(mayUseSensitiveTag(riskOwner, ofSales, people)).toBe(true);
  });

  test('that is not sensitive is everybody’s', () => {
    expect(mayUseSensitiveTag(inService, { ...secret, sensitive: false }, people)).toBe(true);
  });
});

test('a sensitive tag is put on by its owner and the departments it is for, and the refusal names them', () => {
  const risk = { code: 'risk', name: { 'zh-CN': '风控部', en: 'Risk' } };
  const legal = { code: 'legal', name: { 'zh-CN': '法务部', en: 'Legal' } };
  const departments = new Map(
    [risk, legal].map((one) => [one.code, { ...one, parentCode: null, calendarCode: null }]),
  );
  const [keeper, lawyer, seller] = [
    buildPerson({ code: 'keeper', departmentCode: 'risk' }),
    buildPerson({ code: 'lawyer', departmentCode: 'legal' }),
    buildPerson({ code: 'seller', departmentCode: 'sales', roles: ['data-admin'] }),
  ];
  const known = {
    people: new Map([keeper, lawyer, seller].map((one) => [one.code, one])),
    departments,
  };
  const open = buildTag({ code: 'vip' });
  const ofRisk = buildTag({ code: 'sued', sensitive: true, ownerCode: 'keeper' });
  const ofLegal = buildTag({ ...ofRisk, departmentCodes: ['legal'] });
  expect(findUnusable(keeper, [open, ofRisk, ofLegal], known)).toBeNull();
  expect(findUnusable(lawyer, [ofLegal], known)).toBeNull();
  expect(findUnusable(lawyer, [open, ofRisk], known)).toMatchObject({
    departmentNames: [risk.name],
  });
  expect(findUnusable(seller, [ofLegal], known)).toEqual({
    kind: 'may-not-use',
    tagName: ofLegal.name,
    ownerCode: 'keeper',
    departmentNames: [legal.name],
  });
  expect(findUnusable(null, [open, ofLegal], known)?.kind).toBe('may-not-use');
  expect(findUnusable(null, [open], known)).toBeNull();
});
