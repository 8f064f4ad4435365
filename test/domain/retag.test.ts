import { expect, test } from 'vitest';
import { lastSuccessor, renamed } from '../../domain/retag.ts';

const rename = {
  tagId: 1,
  from: { 'zh-CN': '高价值客户', en: 'High value' },
  to: { 'zh-CN': '核心客户', en: 'High value' },
};

test.each([
  ['高价值客户', '核心客户'],
  [' 高价值客户 ', '核心客户'],
  ['High value', null],
  ['黑名单', null],
])('what a source calls %s becomes %s', (before, after) => {
  expect(renamed(before, rename)).toBe(after);
});

const tag = (code: string, status: 'active' | 'deprecated', successorCode: string | null) =>
  [code, { code, status, successorCode }] as const;

test.each([
  [
    'one in use',
    [tag('a', 'deprecated', 'b'), tag('b', 'active', 'c')],
    { kind: 'found', code: 'b' },
  ],
  [
    'the first in use of a chain',
    [tag('a', 'deprecated', 'b'), tag('b', 'deprecated', 'c'), tag('c', 'active', null)],
    { kind: 'found', code: 'c' },
  ],
  ['nothing', [tag('a', 'deprecated', null)], { kind: 'no-successor', code: 'a' }],
  [
    'nothing in the end',
    [tag('a', 'deprecated', 'b'), tag('b', 'deprecated', null)],
    { kind: 'no-successor', code: 'b' },
  ],
  ['one that is gone', [tag('a', 'deprecated', 'b')], { kind: 'unknown-tag', code: 'b' }],
  [
    'itself',
    [tag('a', 'deprecated', 'b'), tag('b', 'deprecated', 'a')],
    { kind: 'successors-in-a-circle', codes: ['a', 'b', 'a'] },
  ],
])('a tag is succeeded by %s', (_name, tags, expected) => {
  expect(lastSuccessor(new Map(tags), 'a')).toEqual(expected);
});
