import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../domain/rule.ts';
import type { Relation } from '../../../domain/tag.ts';
import type { AskedProposal, RequestProposal } from '../../../domain/request.ts';
import { contradictionsOf, type Standing } from '../../../domain/requests/contradictions.ts';
import { areRivals, isSameProposal } from '../../../domain/requests/rivals.ts';
import { buildTag } from '../../support/builders.ts';

const base = {
  id: 1,
  name: { 'zh-CN': '规则', en: 'Rule' },
  severity: 'high',
  ownerCode: null,
  enabled: true,
} as const;

function exclusive(
  code: string,
  tagCodes: readonly string[],
): Extract<Rule, { kind: 'exclusive' }> {
  return { ...base, code, kind: 'exclusive', tagCodes, precedence: [], allowedPairs: [] };
}

function dominance(code: string, dominantCode: string, dominatedCodes: readonly string[]): Rule {
  return { ...base, code, kind: 'dominance', dominantCode, dominatedCodes };
}

function synonym(code: string, canonicalCode: string, synonymCodes: readonly string[]): Rule {
  return { ...base, code, kind: 'synonym', canonicalCode, synonymCodes };
}

function standing(overrides: Partial<Standing> = {}): Standing {
  const tags = ['a', 'b', 'c', 'd'].map((code) => buildTag({ code }));
  return { tags, relations: [], rules: [], others: [], ...overrides };
}

function asked(rule: Rule): AskedProposal {
  const { id: _, ...after } = rule;
  return { kind: 'change-rule', after };
}

const merge: RequestProposal = { kind: 'merge-tags', fromCode: 'a', intoCode: 'b' };
const implies: Relation = { kind: 'implies', fromCode: 'a', toCode: 'b' };

describe('what a merge does not go together with', () => {
  test('a rule that the two exclude each other', () => {
    expect(contradictionsOf(merge, standing({ rules: [exclusive('x', ['b', 'a'])] }))).toEqual([
      { kind: 'excluded-and-same', tagCodes: ['a', 'b'], ruleCode: 'x' },
      { kind: 'rule-needs-tag', ruleCode: 'x', tagCode: 'a' },
    ]);
  });

  test('not with a rule that is off, a pair that may stand, or the synonym that it settles', () => {
    const allowed = { ...exclusive('y', ['a', 'b']), allowedPairs: [['b', 'a']] as const };
    const rules = [{ ...exclusive('x', ['a', 'b']), enabled: false }, synonym('same', 'b', ['a'])];
    expect(contradictionsOf(merge, standing({ rules }))).toEqual([]);
    expect(contradictionsOf(merge, standing({ rules: [allowed] }))).toEqual([
      { kind: 'rule-needs-tag', ruleCode: 'y', tagCode: 'a' },
    ]);
  });

  test('a rule by which one removes the other, and what the dictionary says by a relation', () => {
    const relations: Relation[] = [{ kind: 'exclusive-with', fromCode: 'b', toCode: 'a' }];
    const found = contradictionsOf(
      merge,
      standing({ rules: [dominance('d', 'b', ['a'])], relations }),
    );
    expect(found).toContainEqual({
      kind: 'removed-and-same',
      tagCodes: ['a', 'b'],
      ruleCode: 'd',
    });
    expect(found).toContainEqual({
      kind: 'excluded-and-same',
      tagCodes: ['a', 'b'],
      ruleCode: null,
    });
  });

  test('tags that need the one that goes, and a successor that it would succeed itself', () => {
    const tags = [
      buildTag({ code: 'a' }),
      buildTag({ code: 'b', successorCode: 'a' }),
      buildTag({ code: 'c', parentCode: 'a' }),
      buildTag({ code: 'old', parentCode: 'a', status: 'archived' }),
    ];
    const relations: Relation[] = [{ kind: 'implies', fromCode: 'd', toCode: 'a' }];
    expect(contradictionsOf(merge, standing({ tags, relations }))).toEqual([
      { kind: 'tag-needs-tag', tagCode: 'b', neededCode: 'a', as: 'successor' },
      { kind: 'tag-needs-tag', tagCode: 'c', neededCode: 'a', as: 'parent' },
      { kind: 'tag-needs-tag', tagCode: 'd', neededCode: 'a', as: 'implied' },
      { kind: 'succeeded-in-a-circle', tagCodes: ['a', 'b', 'a'] },
    ]);
  });
});

describe('what a rule does not go together with', () => {
  test('tags of which one calls for the other, directly or over others', () => {
    const relations: Relation[] = [implies, { kind: 'implies', fromCode: 'b', toCode: 'c' }];
    expect(contradictionsOf(asked(exclusive('x', ['a', 'c'])), standing({ relations }))).toEqual([
      { kind: 'excluded-and-implied', tagCode: 'a', tagCodes: ['a', 'c'], ruleCode: 'x' },
    ]);
  });

  test('a tag that calls for both', () => {
    const tags = [buildTag({ code: 'sub', parentCode: 'a' }), buildTag({ code: 'b' })];
    const relations: Relation[] = [{ kind: 'implies', fromCode: 'sub', toCode: 'b' }];
    expect(
      contradictionsOf(asked(dominance('d', 'a', ['b'])), standing({ tags, relations })),
    ).toEqual([
      { kind: 'removed-and-implied', tagCode: 'sub', tagCodes: ['a', 'b'], ruleCode: 'd' },
    ]);
  });

  test('tags that remove each other in a circle', () => {
    const rules = [dominance('d', 'b', ['c']), dominance('e', 'c', ['a'])];
    expect(contradictionsOf(asked(dominance('new', 'a', ['b'])), standing({ rules }))).toEqual([
      { kind: 'removed-in-a-circle', tagCodes: ['a', 'b', 'c', 'a'] },
    ]);
  });

  test('synonyms that may not stand together, a rule that finds the same, a tag out of use', () => {
    const tags = [buildTag({ code: 'a', status: 'deprecated' }), buildTag({ code: 'b' })];
    const rules = [synonym('same', 'a', ['b']), exclusive('x', ['a', 'b', 'c'])];
    expect(
      contradictionsOf(asked(exclusive('new', ['b', 'a'])), standing({ tags, rules })),
    ).toEqual([
      { kind: 'excluded-and-same', tagCodes: ['b', 'a'], ruleCode: 'same' },
      { kind: 'tag-out-of-use', tagCode: 'a' },
      { kind: 'rule-twin', ruleCode: 'x' },
    ]);
  });

  test('of itself as it is, and of a rule that is turned off, nothing is said', () => {
    const rule = exclusive('x', ['a', 'b']);
    const rules = [rule, synonym('same', 'a', ['b'])];
    expect(contradictionsOf(asked({ ...rule, enabled: false }), standing({ rules }))).toEqual([]);
    expect(
      contradictionsOf(asked({ ...rule, severity: 'low' }), standing({ rules: [rule] })),
    ).toEqual([]);
  });

  test('rules without tags of their own are the same where their parameters are', () => {
    const limit: Rule = {
      ...base,
      code: 'many',
      kind: 'overload',
      tagsMax: 30,
      temporaryTagsMax: null,
    };
    const rules = [limit];
    expect(contradictionsOf(asked({ ...limit, code: 'new' }), standing({ rules }))).toEqual([
      { kind: 'rule-twin', ruleCode: 'many' },
    ]);
    expect(
      contradictionsOf(asked({ ...limit, code: 'new', tagsMax: 40 }), standing({ rules })),
    ).toEqual([]);
  });
});

test('a tag that comes below another may not exclude it, nor lose what rules go by', () => {
  const stale: Rule = { ...base, code: 'stale', kind: 'stale', tagCodes: ['a'] };
  const rules = [exclusive('x', ['a', 'b']), stale];
  const proposal: AskedProposal = {
    kind: 'change-tag',
    code: 'a',
    after: { parentCode: 'b', confirmEveryDays: null },
  };
  expect(contradictionsOf(proposal, standing({ rules }))).toEqual([
    { kind: 'excluded-and-implied', tagCode: 'a', tagCodes: ['a', 'b'], ruleCode: 'x' },
    { kind: 'rule-needs-part', ruleCode: 'stale', tagCode: 'a', part: 'confirmEveryDays' },
  ]);
});

describe('two requests', () => {
  const change = (after: Extract<AskedProposal, { kind: 'change-tag' }>['after']) =>
    ({ kind: 'change-tag', code: 'a', after, before: {} }) as const;
  const text = (word: string) => ({ 'zh-CN': word, en: word });
  const anotherName = text('另一个');
  const retire = (code: string) => ({ kind: 'retire-tag', code }) as const;
  const goes = { kind: 'deprecate-tag', code: 'a', successorCode: null, replaces: false } as const;
  const exception = { kind: 'exception', warningId: 1, untilMs: 5, reason: '' } as const;
  const create = {
    kind: 'create-tag',
    code: 'new',
    name: text('新'),
    definition: text('新'),
    level: 'main',
    category: 'basic',
    departmentCodes: [],
    ownerCode: 'han',
    lifeDays: null,
  } as const;
  const split = {
    kind: 'split-tag',
    code: 'a',
    criterion: { kind: 'compare', attribute: 'spent', operator: '>', value: 5 },
    met: { code: 'a-more', name: text('多'), definition: text('多') },
    unmet: { code: 'a-less', name: text('少'), definition: text('少') },
  } as const;

  test.each([
    ['two fates of one tag', merge, { kind: 'retire-tag', code: 'a' }],
    ['a tag goes that another one is merged into', merge, { kind: 'retire-tag', code: 'b' }],
    ['a tag goes that a rule would name', merge, asked(exclusive('x', ['a', 'c']))],
    [
      'a rule would part what the other makes one',
      merge,
      asked({ ...exclusive('x', ['c', 'b', 'a']) }),
    ],
    ['one part of one tag', change({ lifeDays: 3 }), change({ lifeDays: 9 })],
    ['one is to go and to be another', merge, change({ ownerCode: 'han' })],
    ['two owners of one tag', change({ ownerCode: 'han' }), change({ ownerCode: 'li' })],
    ['a tag goes that is to succeed another', { ...goes, successorCode: 'b' }, retire('b')],
    ['a tag goes that is to be above another', change({ parentCode: 'b' }), retire('b')],
    [
      'each is to be above the other',
      change({ parentCode: 'b' }),
      { ...change({ parentCode: 'a' }), code: 'b' },
    ],
    ['the split and the end of one tag', split, merge],
    ['the code of a new tag twice', create, { ...create, name: anotherName }],
    ['the code of a part of a split', split, { ...create, code: 'a-more' }],
    ['a new name twice', { ...create, name: anotherName }, change({ name: anotherName })],
    ['a new name of a part of a split', split, { ...create, name: text('多') }],
    ['two merges of each other', merge, { kind: 'merge-tags', fromCode: 'b', intoCode: 'a' }],
    ['a tag comes back and goes', { kind: 'activate-tag', code: 'a' }, goes],
    ['two ends of one exception', exception, { ...exception, untilMs: 9 }],
    ['a batch with one that it is', { kind: 'batch', items: [retire('d'), retire('b')] }, merge],
    ['a rule twice', asked(exclusive('x', ['c', 'd'])), asked(exclusive('x', ['b', 'd']))],
  ] as const)('contradict: %s', (_, one, other) => {
    expect([areRivals(one, other), areRivals(other, one)]).toEqual([true, true]);
  });

  test.each([
    ['two tags merged into one', merge, { kind: 'merge-tags', fromCode: 'c', intoCode: 'b' }],
    ['two parts of one tag', change({ lifeDays: 3 }), change({ ownerCode: 'han' })],
    ['a merge and the rule that says so', merge, asked(synonym('same', 'b', ['a']))],
    [
      'a merge and a new name for what stays',
      merge,
      { ...change({ name: anotherName }), code: 'b' },
    ],
    ['two new tags', create, { ...create, code: 'other', name: anotherName }],
    [
      'a tag goes of a rule that is turned off',
      merge,
      asked({ ...exclusive('x', ['a', 'c']), enabled: false }),
    ],
    ['two exceptions', exception, { ...exception, warningId: 2 }],
    [
      'one main tag of two',
      change({ parentCode: 'b' }),
      { ...change({ parentCode: 'b' }), code: 'c' },
    ],
    ['rules about one tag', asked(exclusive('x', ['a', 'b'])), asked(exclusive('y', ['a', 'c']))],
  ] as const)('go together: %s', (_, one, other) => {
    expect(areRivals(one, other)).toBe(false);
  });

  test('a rival is told of by its number; the very same is known whatever stood before', () => {
    const other: RequestProposal = { kind: 'retire-tag', code: 'b' };
    const rival = { proposal: other, requesterCode: 'han' };
    const others = [
      { id: 7, state: 'voting', ...rival },
      { id: 6, state: 'applied', ...rival },
      { ...rival, id: 5, state: 'voting', proposal: { kind: 'retire-tag', code: 'd' } },
    ] as const;
    expect(contradictionsOf(merge, standing({ others }))).toEqual([
      { kind: 'open-request', state: 'voting', requestId: 7, ...rival },
      { kind: 'applied-request', requestId: 6, ...rival },
    ]);
    const later = { ...change({ lifeDays: 3 }), before: { lifeDays: 9 } };
    expect(isSameProposal(change({ lifeDays: 3 }), later)).toBe(true);
    expect(isSameProposal(merge, { ...merge, intoCode: 'c' })).toBe(false);
  });
});
