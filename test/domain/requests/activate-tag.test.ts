import { expect, test } from 'vitest';
import { areRivals } from '../../../domain/requests/rivals.ts';
import { changesOf, prepareProposal } from '../../../domain/requests/registry.ts';
import type { Tag } from '../../../domain/tag.ts';
import { topicOf } from '../../../domain/requests/topic.ts';
import { buildPerson, buildTag } from '../../support/builders.ts';

const owner = buildPerson({ code: 'li' });
const left = buildPerson({ code: 'gone', status: 'left' });
const parent = buildTag({ code: 'above', status: 'archived' });
const twin = buildTag({ code: 'twin', name: { 'zh-CN': '高净值', en: 'Wealthy' } });

function ask(tag: Partial<Tag>) {
  const tags = [buildTag({ code: 'vip', ownerCode: 'li', ...tag }), parent, twin];
  const people = new Map([owner, left].map((person) => [person.code, person]));
  const known = {
    tags,
    rules: [],
    attributes: [],
    people,
    duties: new Map(),
    relations: [],
    departmentCodes: [],
    masteredCodes: new Set(['gold']),
    naming: null,
  };
  return prepareProposal({ kind: 'activate-tag', code: 'vip' }, known);
}

function sound(tag: Partial<Tag>) {
  const prepared = ask(tag);
  if (prepared.kind === 'faulty') throw new Error(JSON.stringify(prepared.fault));
  return prepared.proposal;
}

test('a proposed tag starts, and keeps what succeeds it at the end of its life', () => {
  const proposal = sound({ status: 'proposed', successorCode: 'twin' });
  expect(topicOf(proposal)).toBe('activate-tag');
  expect(changesOf(proposal)).toEqual([
    {
      part: 'status',
      before: { kind: 'status', status: 'proposed' },
      after: { kind: 'status', status: 'active' },
    },
  ]);
});

test.each(['deprecated', 'archived'] as const)(
  'a tag that is %s comes back for itself',
  (status) => {
    const proposal = sound({ status, successorCode: 'twin' });
    expect(topicOf(proposal)).toBe('revive-tag');
    expect(changesOf(proposal)).toContainEqual({
      part: 'successorCode',
      before: { kind: 'tags', codes: ['twin'] },
      after: null,
    });
  },
);

test.each([
  ['in use already', { status: 'active' }, { kind: 'invalid', field: 'change' }],
  ['without a definition', { definition: { 'zh-CN': '', en: '' } }, { field: 'definition' }],
  ['whose owner has left', { ownerCode: 'gone' }, { kind: 'not-found', what: 'person' }],
  ['below an archived one', { parentCode: 'above' }, { kind: 'invalid', field: 'parent' }],
  ['named like one in use', { name: twin.name }, { kind: 'conflicts-with', id: 'twin' }],
] as const)('a tag %s is refused', (_, tag, fault) => {
  expect(ask({ status: 'archived', ...tag })).toMatchObject({ kind: 'faulty', fault });
});

test('to bring a tag back and to retire it contradict each other', () => {
  const back = { kind: 'activate-tag', code: 'vip' } as const;
  expect(areRivals(back, { kind: 'retire-tag', code: 'vip' })).toBe(true);
  expect(areRivals(back, { kind: 'retire-tag', code: 'twin' })).toBe(false);
});
