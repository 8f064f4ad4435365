import { expect, test } from 'vitest';
import {
  administeredTags,
  maySilence,
  mayTestRule,
  roleRefusal,
} from '../../domain/department-rights.ts';
import type { SilenceScope } from '../../domain/silence.ts';
import { buildPerson, buildTag } from '../support/builders.ts';
import { buildRule } from '../support/customers.ts';

const seller = buildPerson({ code: 'seller', departmentCode: 'sales' });
const keeper = buildPerson({ code: 'keeper', departmentCode: 'risk' });
const admin = buildPerson({ code: 'admin', roles: ['data-admin'] });
const salesAdmin = buildPerson({
  code: 'sales-admin',
  departmentCode: 'data',
  roles: ['tagger'],
  departmentGrants: [{ role: 'data-admin', departmentCodes: ['sales'] }],
});
const people = new Map([seller, keeper, admin, salesAdmin].map((one) => [one.code, one]));
const tags = [
  buildTag({ id: 1, code: 'vip', ownerCode: 'seller' }),
  buildTag({ id: 2, code: 'gold', ownerCode: 'seller' }),
  buildTag({ id: 3, code: 'sued', ownerCode: 'keeper', sensitive: true }),
];
const exclusive = (id: number, ownerCode: string | null, tagCodes: readonly string[]) => ({
  ...buildRule({ kind: 'exclusive', tagCodes, precedence: [], allowedPairs: [] }),
  id,
  code: `rule-${id}`,
  ownerCode,
  severity: 'low' as const,
});
const rules = [
  exclusive(1, 'seller', ['vip', 'gold']),
  exclusive(2, null, ['vip', 'gold']),
  exclusive(3, 'keeper', ['gold', 'sued']),
  exclusive(4, 'seller', ['vip', 'sued']),
];
const known = { dictionary: { tags, relations: [], attributes: [], rules }, people };
const scope = (part: Partial<SilenceScope>): SilenceScope => ({
  ruleCode: null,
  tagCode: null,
  severity: null,
  ...part,
});

test.each([
  ['their rule', scope({ ruleCode: 'rule-1' }), true],
  ['a rule that falls to the owners of its tags, all theirs', scope({ ruleCode: 'rule-2' }), true],
  ['a rule of others', scope({ ruleCode: 'rule-3' }), false],
  ['their tag that only their rules look at', scope({ tagCode: 'vip' }), true],
  ['their tag that a rule of others looks at', scope({ tagCode: 'gold' }), false],
  [
    'their tag, as far as their rule looks at it',
    scope({ tagCode: 'gold', ruleCode: 'rule-1' }),
    true,
  ],
  ['a severity that others have too', scope({ severity: 'low' }), false],
  ['what hides nothing', scope({ severity: 'high' }), false],
])('a data admin of sales silences %s: %s', (_what, silenced, expected) => {
  expect(maySilence(salesAdmin, silenced, known)).toBe(expected);
  expect(maySilence(admin, silenced, known)).toBe(true);
  expect(maySilence(seller, silenced, known)).toBe(false);
  expect(maySilence({ ...admin, status: 'left' }, silenced, known)).toBe(false);
});

test('rules of their people are tested as they are and as they are to be, where their tags may be seen', () => {
  const may = (rule: Parameters<typeof mayTestRule>[1]) => mayTestRule(salesAdmin, rule, known);
  expect(['rule-1', 'rule-2', 'rule-3', 'rule-4', 'none'].map(may)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(may(exclusive(1, 'keeper', ['vip', 'gold']))).toBe(false);
  expect(may(exclusive(3, 'seller', ['vip', 'gold']))).toBe(false);
  expect(may(exclusive(9, 'seller', ['vip', 'gold']))).toBe(true);
  expect(mayTestRule(admin, 'rule-4', known)).toBe(true);
  expect(mayTestRule(seller, 'rule-1', known)).toBe(false);
});

test('tags are theirs by their owners', () => {
  expect(administeredTags(salesAdmin, known)).toEqual([1, 2]);
  expect(administeredTags(admin, known)).toBeNull();
  expect(administeredTags(seller, known)).toEqual([]);
});

test('who has the role for departments hears that this goes beyond them', () => {
  expect(roleRefusal(salesAdmin, 'data-admin').kind).toBe('beyond-departments');
  expect(roleRefusal(seller, 'data-admin').kind).toBe('role-needed');
});
