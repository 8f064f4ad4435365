import { expect, test } from 'vitest';
import type { RequestProposal } from '../../../domain/request.ts';
import { askerFault } from '../../../domain/requests/asker-fault.ts';
import { buildPerson, buildTag } from '../../support/builders.ts';

const keeper = buildPerson({ code: 'keeper', departmentCode: 'risk' });
const onlooker = buildPerson({ code: 'onlooker', departmentCode: 'audit' });
const stranger = buildPerson({ code: 'stranger', departmentCode: 'sales' });
const people = new Map([keeper, onlooker, stranger].map((one) => [one.code, one]));
const tags = [
  buildTag({ code: 'open', ownerCode: 'stranger' }),
  buildTag({
    code: 'secret',
    ownerCode: 'keeper',
    sensitive: true,
    seenByDepartmentCodes: ['audit'],
  }),
];
const known = {
  dictionary: { tags, relations: [], rules: [], attributes: [] },
  people,
  departments: new Map(),
};
const part = { code: 'x', name: { 'zh-CN': '甲', en: 'x' }, definition: { 'zh-CN': '', en: '' } };

const merge: RequestProposal = { kind: 'merge-tags', fromCode: 'open', intoCode: 'secret' };
const putsOn: readonly RequestProposal[] = [
  merge,
  { kind: 'deprecate-tag', code: 'open', successorCode: 'secret', replaces: true },
  {
    kind: 'split-tag',
    code: 'secret',
    criterion: { kind: 'compare', attribute: 'a', operator: '=', value: 1 },
    met: part,
    unmet: { ...part, code: 'y' },
  },
  { kind: 'batch', items: [merge] },
];
const putsOnNothing: readonly RequestProposal[] = [
  { kind: 'merge-tags', fromCode: 'secret', intoCode: 'open' },
  { kind: 'deprecate-tag', code: 'open', successorCode: 'secret', replaces: false },
  { kind: 'retire-tag', code: 'secret' },
];

test.each(putsOn)('$kind that puts a sensitive tag on is for who may use it', (proposal) => {
  expect(askerFault(proposal, keeper, known)).toBeNull();
  expect(askerFault(proposal, onlooker, known)?.kind).toBe('may-not-use');
  expect(askerFault(proposal, stranger, known)?.kind).toBe('not-found');
});

test.each(putsOnNothing)('$kind that puts none on is for whoever sees it', (proposal) => {
  expect(askerFault(proposal, onlooker, known)).toBeNull();
  expect(askerFault(proposal, stranger, known)?.kind).toBe('not-found');
});
