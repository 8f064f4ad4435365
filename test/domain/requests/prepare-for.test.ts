import { expect, test } from 'vitest';
import type { RuleDefinition } from '../../../domain/configuration.ts';
import type { AskedProposal } from '../../../domain/request.ts';
import { prepareFor } from '../../../domain/requests/prepare-for.ts';
import { buildPerson, buildTag } from '../../support/builders.ts';

const keeper = buildPerson({ code: 'keeper', departmentCode: 'risk' });
const onlooker = buildPerson({ code: 'onlooker', departmentCode: 'audit' });
const stranger = buildPerson({ code: 'stranger', departmentCode: 'sales' });
const people = new Map([keeper, onlooker, stranger].map((one) => [one.code, one]));
const secretRule = {
  id: 1,
  kind: 'time-to-live',
  code: 'secret-ends',
  name: { 'zh-CN': '到期', en: 'Ends' },
  severity: 'low',
  ownerCode: null,
  enabled: true,
  tagCodes: ['secret'],
} as const;
const known = {
  tags: [
    buildTag({ code: 'open', ownerCode: 'stranger' }),
    buildTag({ code: 'old', ownerCode: 'stranger', lifeDays: 30, successorCode: 'secret' }),
    buildTag({
      code: 'secret',
      ownerCode: 'keeper',
      sensitive: true,
      seenByDepartmentCodes: ['audit'],
    }),
  ],
  relations: [],
  rules: [secretRule],
  attributes: [{ code: 'a', name: { 'zh-CN': '甲', en: 'A' }, type: 'number' as const, slot: 0 }],
  people,
  duties: new Map(),
  departments: new Map(),
  departmentCodes: ['audit'],
  masteredCodes: new Set<string>(),
  naming: null,
};
const words = { 'zh-CN': '新的', en: 'New' };
const part = (code: string) => ({
  code,
  name: { 'zh-CN': code, en: code },
  definition: words,
});
const create = {
  kind: 'create-tag',
  ...part('fresh'),
  level: 'main',
  category: 'basic',
  departmentCodes: [],
  ownerCode: 'stranger',
  lifeDays: null,
} as const;
const rule: RuleDefinition = {
  kind: 'synonym',
  code: 'same',
  name: words,
  severity: 'low',
  ownerCode: 'stranger',
  enabled: true,
  canonicalCode: 'secret',
  synonymCodes: ['open'],
};

const faultOf = (asker: typeof keeper, asked: AskedProposal) => {
  const prepared = prepareFor(asker, asked, known);
  return prepared.kind === 'faulty' ? prepared.fault : null;
};

const merge = { kind: 'merge-tags', fromCode: 'open', intoCode: 'secret' } as const;
const putsOn: readonly AskedProposal[] = [
  merge,
  { kind: 'deprecate-tag', code: 'open', successorCode: 'secret', replaces: true },
  {
    kind: 'split-tag',
    code: 'secret',
    criterion: { kind: 'compare', attribute: 'a', operator: '=', value: 1 },
    met: part('x'),
    unmet: part('y'),
  },
];
const putsOnNothing: readonly AskedProposal[] = [
  { kind: 'merge-tags', fromCode: 'secret', intoCode: 'open' },
  { kind: 'deprecate-tag', code: 'open', successorCode: 'secret', replaces: false },
  { kind: 'retire-tag', code: 'secret' },
];

test.each(putsOn)('$kind that puts a sensitive tag on is for who may use it', (proposal) => {
  expect(faultOf(keeper, proposal)).toBeNull();
  expect(faultOf(onlooker, proposal)?.kind).toBe('may-not-use');
  expect(faultOf(stranger, proposal)?.kind).toBe('not-found');
});

test.each(putsOnNothing)('$kind that puts none on is for whoever sees it', (proposal) => {
  expect(faultOf(onlooker, proposal)).toBeNull();
  expect(faultOf(stranger, proposal)?.kind).toBe('not-found');
});

/** Each names the tag `code`, most with something else wrong besides. */
const naming: readonly (readonly [string, (code: string) => AskedProposal])[] = [
  ['a change of nothing', (code) => ({ kind: 'change-tag', code, after: {} })],
  [
    'a bad name',
    (code) => ({ kind: 'change-tag', code, after: { name: { 'zh-CN': '', en: '' } } }),
  ],
  ['a main tag', (code) => ({ kind: 'change-tag', code: 'open', after: { parentCode: code } })],
  ['a use that is one', (code) => ({ kind: 'activate-tag', code })],
  ['a merge into itself', (code) => ({ kind: 'merge-tags', fromCode: code, intoCode: code })],
  [
    'a successor of itself',
    (code) => ({ kind: 'deprecate-tag', code, successorCode: code, replaces: true }),
  ],
  [
    'a split without a difference',
    (code) => ({
      kind: 'split-tag',
      code,
      criterion: { kind: 'compare', attribute: 'none', operator: '=', value: 1 },
      met: part('x'),
      unmet: part('x'),
    }),
  ],
  [
    'a new rule that lacks its part',
    (code) => ({
      kind: 'change-rule',
      after: { ...secretRule, code: 'another', tagCodes: ['open', code] },
    }),
  ],
  [
    'a batch',
    (code) => ({
      kind: 'batch',
      items: [
        { kind: 'retire-tag', code },
        { kind: 'retire-tag', code },
      ],
    }),
  ],
];

test.each(naming)('%s says of a hidden tag what it says of one that is not there', (_, asks) => {
  const said = (code: string) => JSON.stringify(faultOf(stranger, asks(code)));
  expect(said('secret').replaceAll('secret', '…')).toBe(said('nobody').replaceAll('nobody', '…'));
  expect(said('secret')).not.toBe('null');
});

test('a code or a name that a hidden tag has is taken, and no more is said of it', () => {
  expect(faultOf(keeper, { ...create, code: 'secret' })).toMatchObject({
    kind: 'conflicts-with',
    id: 'secret',
  });
  expect(faultOf(stranger, { ...create, code: 'secret' })).toEqual({ kind: 'taken' });
  const batch = { kind: 'batch', items: [create, { ...create, ...part('secret') }] } as const;
  expect(faultOf(stranger, batch)).toEqual({
    kind: 'batch-item',
    item: 2,
    fault: { kind: 'taken' },
  });
});

test('a rule about a hidden tag is not there for whoever may not see it', () => {
  const { id: _, ...present } = secretRule;
  const asked = { kind: 'change-rule', after: { ...present, tagCodes: ['old'] } } as const;
  expect(faultOf(stranger, asked)).toEqual({ kind: 'not-found', what: 'rule', id: 'secret-ends' });
  expect(faultOf(onlooker, asked)).toBeNull();
});

test('a rule does not put on by itself what its owner may not use', () => {
  const autoFix = { mode: 'automatic', customersMax: 10, shareMax: 0.1 } as const;
  const noRight = {
    kind: 'rule-misfit',
    misfit: { part: 'autoFix', kind: 'no-right', code: 'secret' },
  };
  const ask = (after: RuleDefinition, asker = onlooker) =>
    faultOf(asker, { kind: 'change-rule', after });
  expect(ask({ ...rule, autoFix })).toEqual(noRight);
  expect(ask({ ...rule, autoFix, ownerCode: 'keeper' })).toBeNull();
  expect(ask({ ...rule, autoFix: { ...autoFix, mode: 'dry-run' } })).toBeNull();
  const { id: _, ...ends } = { ...secretRule, code: 'old-ends', tagCodes: ['old'] };
  expect(ask({ ...ends, autoFix }), 'the owner of the tag that ends').toEqual(noRight);
  expect(ask({ ...ends, autoFix, ownerCode: 'keeper' })).toBeNull();
  expect(ask({ ...ends, autoFix }, stranger), 'the successor is hidden').toBeNull();
});
