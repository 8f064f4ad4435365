import { describe, expect, it, test } from 'vitest';
import type { NamingPolicy } from '../../../domain/naming.ts';
import { fieldOfHeader, findHeader, tagFields } from '../../../domain/tag-table/fields.ts';
import { countRows, planTable, type TableKnowledge } from '../../../domain/tag-table/plan.ts';
import type { PlannedRow } from '../../../domain/tag-table/planned-row.ts';
import { buildPerson, buildTag } from '../../support/builders.ts';

const people = [
  buildPerson({ code: 'li-lei', name: { 'zh-CN': '李雷', en: 'Li Lei' } }),
  buildPerson({ code: 'gone', name: { 'zh-CN': '走了', en: 'Gone' }, status: 'left' }),
  buildPerson({ code: 'reader', name: { 'zh-CN': '看看', en: 'Reader' }, roles: ['auditor'] }),
];
const department = (code: string, zh: string) =>
  [code, { code, name: { 'zh-CN': zh, en: code }, parentCode: null, calendarCode: null }] as const;
const tag = (code: string, zh: string, more = {}) =>
  buildTag({
    code,
    name: { 'zh-CN': zh, en: code },
    definition: { 'zh-CN': `${zh}的定义`, en: `What ${code} means` },
    ownerCode: 'li-lei',
    ...more,
  });
const known: TableKnowledge = {
  tags: [
    tag('value', '价值'),
    tag('vip', 'VIP客户', { level: 'sub', parentCode: 'value' }),
    tag('old', '旧标签', { status: 'deprecated' }),
    tag('gone-tag', '没了', { status: 'archived' }),
  ],
  people: new Map(people.map((person) => [person.code, person])),
  departments: new Map([department('sales', '销售部'), department('risk', '风控部')]),
  naming: null,
  spell: (name) => (name === '高净值' ? 'gao jing zhi' : name),
  readCriteria: (text) =>
    text === '{}'
      ? { kind: 'fault', detail: 'an attribute' }
      : { kind: 'ok', criteria: { kind: 'within-days', attribute: text, days: 3 } },
};

function plan(
  table: readonly (readonly string[])[],
  over: Partial<TableKnowledge> = {},
  defaults = {},
): readonly PlannedRow[] {
  const reading = {
    ...findHeader(table),
    defaults: { ownerCode: null, category: null, ...defaults },
  };
  return planTable(table, reading, { ...known, ...over });
}

const kinds = (rows: readonly PlannedRow[]) => rows.map(({ kind }) => kind);
const faults = (rows: readonly PlannedRow[]) =>
  rows.map((row) => (row.kind === 'refused' ? row.faults : row.kind));

describe('headings', () => {
  it.each([
    ['标签名称*', 'name'],
    ['责任人（姓名）', 'owner'],
    ['Tag Name', 'name'],
    ['有效期（天）', 'lifeDays'],
    ['判定条件（JSON）', 'criteria'],
    ['是否敏感', 'sensitive'],
    ['序号', null],
  ])('%s is %s', (header, field) => {
    expect(fieldOfHeader(header)).toBe(field);
  });

  test('a title above them and columns in any order do no harm', () => {
    expect(
      findHeader([
        ['标签字典 2026', '', ''],
        ['责任人', '序号', '名称', '标签名'],
      ]),
    ).toEqual({
      headerAt: 1,
      columns: ['owner', null, 'name', null],
    });
  });
});

test('a new row becomes a tag with what companies write', () => {
  const [row] = plan([
    [
      '名称',
      '业务口径',
      '层级',
      '类型',
      '上级',
      '使用部门',
      '负责人',
      '有效期',
      '状态',
      '是否敏感',
      '判定条件',
    ],
    [
      '高净值',
      '资产 600 万以上',
      '二级标签',
      '交易类',
      '价值',
      '销售部、风控部',
      '李雷',
      '365天',
      '启用',
      '是',
      'assets',
    ],
  ]);
  expect(row).toEqual({
    kind: 'added',
    row: 2,
    code: 'gao-jing-zhi',
    name: '高净值',
    notes: [{ kind: 'code-made', code: 'gao-jing-zhi' }],
    tag: {
      code: 'gao-jing-zhi',
      name: { 'zh-CN': '高净值', en: '高净值' },
      definition: { 'zh-CN': '资产 600 万以上', en: '资产 600 万以上' },
      level: 'sub',
      category: 'transaction',
      parentCode: 'value',
      departmentCodes: ['sales', 'risk'],
      ownerCode: 'li-lei',
      status: 'active',
      lifeDays: 365,
      successorCode: null,
      confirmEveryDays: null,
      criteria: { kind: 'within-days', attribute: 'assets', days: 3 },
      sensitive: true,
      seenByDepartmentCodes: [],
    },
  });
});

test('what has no column stays, an empty cell takes away what a tag may be without, and what is so already is said so', () => {
  const table = [
    ['code', 'parent', 'definition'],
    ['vip', '', ''],
    ['value', '', '价值的定义'],
  ];
  const rows = plan(table);
  expect(kinds(rows)).toEqual(['changed', 'unchanged']);
  expect(rows[0]).toMatchObject({
    before: { parentCode: 'value' },
    tag: { parentCode: null, level: 'sub', definition: { 'zh-CN': 'VIP客户的定义' } },
  });
  expect(countRows(rows)).toEqual({ added: 0, changed: 1, unchanged: 1, refused: 0 });
});

test('a row without a code is about the tag of its name', () => {
  expect(
    plan([
      ['名称', '有效期'],
      ['VIP客户', '30'],
    ])[0],
  ).toMatchObject({
    kind: 'changed',
    code: 'vip',
    tag: { lifeDays: 30 },
  });
});

test('defaults stand in for what new tags do not say', () => {
  const table = [
    ['名称', '定义'],
    ['甲', '甲的定义'],
  ];
  expect(faults(plan(table))).toEqual([
    [
      { kind: 'missing', field: 'category' },
      { kind: 'missing', field: 'owner' },
    ],
  ]);
  const [row] = plan(table, {}, { ownerCode: 'li-lei', category: 'behaviour' });
  expect(row).toMatchObject({ tag: { ownerCode: 'li-lei', category: 'behaviour', level: 'main' } });
});

const head = [
  'code',
  'name',
  'definition',
  'category',
  'owner',
  'parent',
  'successor',
  'level',
  'status',
];
const line = (code: string, more: Readonly<Record<string, string>> = {}) => {
  const cells: Readonly<Record<string, string>> = {
    code,
    name: `名${code}`,
    definition: '定义',
    category: 'basic',
    owner: 'li-lei',
    ...more,
  };
  return head.map((field) => cells[field] ?? '');
};

it.each<[string, readonly (readonly string[])[], unknown]>([
  ['a cell too few', [line('a').slice(0, 8)], [[{ kind: 'cells', found: 8, expected: 9 }]]],
  ['a cell too many', [[...line('a'), 'x']], [[{ kind: 'cells', found: 10, expected: 9 }]]],
  ['no name', [line('a', { name: '' })], [[{ kind: 'missing', field: 'name' }]]],
  [
    'a code twice',
    [line('a'), line('a', { name: '乙' })],
    ['added', [{ kind: 'duplicate', field: 'code', row: 2 }]],
  ],
  [
    'a name twice',
    [line('a', { name: '甲' }), line('b', { name: '甲' })],
    ['added', [{ kind: 'duplicate', field: 'name', row: 2 }]],
  ],
  [
    'a name that is taken',
    [line('a', { name: '价值' })],
    [[{ kind: 'name-taken', field: 'name', code: 'value' }]],
  ],
  ['a code that is none', [line('A b')], [[{ kind: 'code-form', found: 'a b' }]]],
  [
    'an unknown owner',
    [line('a', { owner: '没人' })],
    [[{ kind: 'unknown', field: 'owner', found: '没人', suggestion: null }]],
  ],
  ['somebody who left', [line('a', { owner: '走了' })], [[{ kind: 'cannot-own', found: '走了' }]]],
  [
    'somebody who owns nothing',
    [line('a', { owner: 'Reader' })],
    [[{ kind: 'cannot-own', found: 'Reader' }]],
  ],
  [
    'an unknown parent',
    [line('a', { parent: 'nix' })],
    [[{ kind: 'unknown', field: 'parent', found: 'nix', suggestion: null }]],
  ],
  [
    'a parent that is a sub tag',
    [line('a', { parent: 'vip' })],
    [[{ kind: 'parent-not-main', code: 'vip' }]],
  ],
  [
    'a successor out of use',
    [line('a', { successor: 'old' })],
    [[{ kind: 'successor-out-of-use', code: 'old' }]],
  ],
  [
    'a missing successor',
    [line('a', { successor: 'nix' })],
    [[{ kind: 'unknown', field: 'successor', found: 'nix', suggestion: null }]],
  ],
  [
    'an unknown level',
    [line('a', { level: '九级' })],
    [[{ kind: 'unknown', field: 'level', found: '九级', suggestion: null }]],
  ],
  [
    'an unknown status',
    [line('a', { status: '?' })],
    [[{ kind: 'unknown', field: 'status', found: '?', suggestion: null }]],
  ],
  [
    'a name of 81 characters',
    [line('a', { name: '名'.repeat(81) })],
    [[{ kind: 'too-long', field: 'name', charsMax: 80 }]],
  ],
  [
    'a circle of parents',
    [line('a', { parent: 'b', level: 'main' }), line('b', { parent: 'a', level: 'main' })],
    [
      [{ kind: 'cycle', field: 'parent', codes: ['a', 'b', 'a'] }],
      [{ kind: 'cycle', field: 'parent', codes: ['b', 'a', 'b'] }],
    ],
  ],
  [
    'a circle through the dictionary',
    [line('value', { name: '价值', parent: 'vip' })],
    [
      [
        { kind: 'parent-not-main', code: 'vip' },
        { kind: 'cycle', field: 'parent', codes: ['value', 'vip', 'value'] },
      ],
    ],
  ],
  [
    'what it needs is refused, and so on',
    [line('a', { name: '' }), line('b', { parent: 'a' }), line('c', { successor: 'b' }), line('d')],
    [
      [{ kind: 'missing', field: 'name' }],
      [{ kind: 'needs-refused', field: 'parent', row: 2 }],
      [{ kind: 'needs-refused', field: 'successor', row: 3 }],
      'added',
    ],
  ],
])('refused: %s', (_why, lines, expected) => {
  expect(faults(plan([head, ...lines]))).toEqual(expected);
});

test('parents and successors may come with the same table, and names may change places', () => {
  const rows = plan([
    head,
    line('b', { parent: '名a' }),
    line('a', { successor: 'b' }),
    line('value', { name: 'VIP客户' }),
    line('vip', { name: '价值', level: 'main' }),
  ]);
  expect(kinds(rows)).toEqual(['added', 'added', 'changed', 'changed']);
});

test('a chain that is longer than anybody follows is refused, and soon', () => {
  const table = Array.from({ length: 400 }, (_, at) =>
    line(`c${at}`, { parent: at === 0 ? '' : `c${at - 1}`, level: 'main' }),
  );
  const { refused } = countRows(plan([head, ...table]));
  expect(refused).toBe(400 - 51);
});

it.each(['=HYPERLINK("http://x","y")', '+cmd|calc', '@SUM(1)', '-2+3'])(
  'a cell that begins like a formula stays text and is told: %s',
  (text) => {
    expect(plan([head, line('a', { definition: text })])[0]).toMatchObject({
      notes: [{ kind: 'formula', field: 'definition' }],
      tag: { definition: { 'zh-CN': text } },
    });
  },
);

it('a signed number is no formula', () => {
  expect(plan([head, line('a', { definition: '-20 %' })])[0]).toMatchObject({ notes: [] });
});

describe('the naming convention', () => {
  const naming = (enforce: NamingPolicy['enforce']): NamingPolicy => ({
    enforce,
    charsMax: null,
    pattern: null,
    forbiddenWords: ['测试', '价值'],
    prefixes: [],
  });
  const table = [head, line('a', { name: '测试' }), line('value', { name: '价值', parent: '' })];
  const told = { kind: 'naming', faults: [{ kind: 'forbidden-word', word: '测试' }] };

  test('is told where it is advice, and leaves names alone that are there', () => {
    const rows = plan(table, { naming: naming('warning') });
    expect(rows.map(({ notes }) => notes)).toEqual([[told], []]);
  });

  test('refuses where it is a rule', () => {
    const rows = plan(table, { naming: naming('error') });
    expect(faults(rows)).toEqual([[told], 'changed']);
  });
});

test('every field is read by the name it has itself', () => {
  expect(tagFields.map(fieldOfHeader)).toEqual([...tagFields]);
});
