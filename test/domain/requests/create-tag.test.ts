import { expect, test } from 'vitest';
import { hiddenFrom, maySeeProposal } from '../../../domain/hidden.ts';
import type { FurtherTagParts, RequestProposal } from '../../../domain/request.ts';
import { changesOf, prepareProposal } from '../../../domain/requests/registry.ts';
import { isSameProposal } from '../../../domain/requests/rivals.ts';
import { buildPerson, buildTag } from '../../support/builders.ts';

const keeper = buildPerson({ code: 'keeper', departmentCode: 'risk' });
const onlooker = buildPerson({ code: 'onlooker', departmentCode: 'audit' });
const stranger = buildPerson({ code: 'stranger', departmentCode: 'sales' });
const admin = buildPerson({ code: 'admin', departmentCode: 'data', roles: ['data-admin'] });
const people = new Map([keeper, onlooker, stranger, admin].map((one) => [one.code, one]));
const known = {
  tags: [buildTag({ code: 'main', ownerCode: 'keeper' })],
  relations: [],
  rules: [],
  attributes: [{ code: 'spend', name: { 'zh-CN': '消费', en: 'Spend' }, type: 'number', slot: 0 }],
  people,
  duties: new Map(),
  departmentCodes: ['risk', 'audit'],
  masteredCodes: new Set<string>(),
  naming: null,
} as const;
const plain = {
  kind: 'create-tag',
  code: 'fresh',
  name: { 'zh-CN': '新标签', en: 'Fresh' },
  definition: { 'zh-CN': '含义', en: 'Meaning' },
  level: 'main',
  category: 'basic',
  departmentCodes: [],
  ownerCode: 'keeper',
  lifeDays: null,
} as const;
const criteria = { kind: 'compare', attribute: 'spend', operator: '>=', value: 1 } as const;
const secret = { ...plain, sensitive: true, seenByDepartmentCodes: ['audit'] };

const prepare = (parts: Partial<FurtherTagParts>) => prepareProposal({ ...plain, ...parts }, known);

test('a new tag may have all that a tag has, and its changes say what is beside the common parts', () => {
  const parts = {
    parentCode: 'main',
    confirmEveryDays: 90,
    criteria,
    sensitive: true,
    seenByDepartmentCodes: ['audit'],
  };
  const prepared = prepare(parts);
  expect(prepared).toEqual({ kind: 'sound', proposal: { ...plain, ...parts } });
  if (prepared.kind !== 'sound') return;
  expect(changesOf(prepared.proposal).map(({ part }) => part)).toEqual([
    'parentCode',
    'confirmEveryDays',
    'criteria',
    'sensitive',
    'seenByDepartmentCodes',
  ]);
});

test('left out or left empty is the same', () => {
  const empty = {
    parentCode: null,
    confirmEveryDays: null,
    criteria: null,
    sensitive: false,
    seenByDepartmentCodes: [],
  };
  expect(prepare(empty)).toEqual({ kind: 'sound', proposal: plain });
});

test.each([
  [{ parentCode: 'nothing' }, { kind: 'not-found', what: 'tag', id: 'nothing' }],
  [{ seenByDepartmentCodes: ['audit'] }, { kind: 'invalid', field: 'seenBy' }],
  [
    { sensitive: true, seenByDepartmentCodes: ['none'] },
    { kind: 'invalid', field: 'seenBy' },
  ],
  [{ confirmEveryDays: 0 }, { kind: 'invalid', field: 'confirmEveryDays' }],
  [{ criteria: { ...criteria, attribute: 'none' } }, { kind: 'invalid', field: 'criteria' }],
] as const)('%j is refused before it goes out', (parts, fault) => {
  expect(prepare(parts)).toMatchObject({ kind: 'faulty', fault });
});

function sees(reader: typeof keeper, proposal: RequestProposal, tags = [...known.tags]) {
  const dictionary = { ...known, tags };
  const hidden = hiddenFrom(reader, dictionary, people);
  return maySeeProposal(reader, proposal, { hidden, dictionary, people });
}

test('a request for a sensitive tag is hidden from whoever the tag would be hidden from', () => {
  expect([keeper, onlooker, admin].map((reader) => sees(reader, secret))).toEqual([
    true,
    true,
    true,
  ]);
  expect(sees(stranger, secret)).toBe(false);
  expect(sees(stranger, { kind: 'batch', items: [plain, secret] })).toBe(false);
  expect(sees(stranger, plain)).toBe(true);
  const since = [...known.tags, buildTag({ code: 'fresh', ownerCode: 'keeper' })];
  expect(sees(stranger, secret, since), 'the tag is no longer sensitive').toBe(true);
});

test('a request that only names a sensitive tag is hidden too', () => {
  const tags = [
    buildTag({ code: 'main', ownerCode: 'keeper', sensitive: true }),
    buildTag({ code: 'open' }),
  ];
  const before = { parentCode: null };
  const after = { parentCode: 'main' };
  const rule = {
    kind: 'synonym',
    code: 'same',
    name: plain.name,
    severity: 'low',
    ownerCode: null,
    enabled: true,
    canonicalCode: 'open',
    synonymCodes: ['main'],
  } as const;
  const naming: readonly RequestProposal[] = [
    { ...plain, parentCode: 'main' },
    { kind: 'change-tag', code: 'open', before, after },
    { kind: 'change-rule', before: null, after: rule },
    { kind: 'change-rule', before: rule, after: { ...rule, synonymCodes: [] } },
  ];
  for (const proposal of naming) {
    expect(sees(keeper, proposal, tags)).toBe(true);
    expect(sees(stranger, proposal, tags)).toBe(false);
  }
});

test('two requests for one tag are the same, whoever may see it', () => {
  expect(isSameProposal(plain, secret)).toBe(true);
});
