import { describe, expect, test } from 'vitest';
import {
  fillRule,
  formRuleKinds,
  type RuleFault,
  type RuleField,
} from '../../commands/fill-rule.ts';
import type { Fields } from '../../commands/fill-proposal.ts';
import type { Duty } from '../../domain/duty.ts';
import type { Rule, RuleKind } from '../../domain/rule.ts';
import { buildPerson, buildTag } from '../support/builders.ts';

const tag = (code: string, more: Parameters<typeof buildTag>[0] = {}) =>
  buildTag({ code, name: { 'zh-CN': `名称-${code}`, en: `Name ${code}` }, ...more });
const shifts = (code: string, rotation: Duty['rotation']): Duty => ({
  code,
  name: { 'zh-CN': `班组-${code}`, en: `Duty ${code}` },
  memberCodes: ['li-lei'],
  rotation,
});
const known = {
  tags: [
    tag('sub', { parentCode: 'gold' }),
    tag('branch', { departmentCodes: ['sales'] }),
    tag('secret', { sensitive: true }),
    tag('gold'),
    tag('silver'),
    tag('fresh', { lifeDays: 30 }),
    tag('gone', { status: 'archived' }),
  ],
  relations: [{ kind: 'implies', fromCode: 'silver', toCode: 'gold' }] as const,
  masteredCodes: new Set(['gold']),
  duties: new Map([
    ['turns', shifts('turns', { kind: 'round-robin' })],
    ['all', shifts('all', { kind: 'everybody' })],
  ]),
  people: new Map([['li-lei', buildPerson({ code: 'li-lei' })]]),
  ruleCodes: new Set(['taken']),
};
const common: Fields = { name: '规则', nameEn: 'My Rule: one', severity: 'high', enabled: 'yes' };

function fill(kind: RuleKind, fields: Fields, present: Rule | null = null) {
  return fillRule(kind, { ...common, ...fields }, { known, present });
}

const full: Readonly<Record<RuleKind, Fields>> = {
  exclusive: { tags: 'gold, Name silver', precedence: '名称-silver' },
  dominance: { dominant: 'gold', dominated: 'silver' },
  synonym: { canonical: 'gold', synonyms: 'silver' },
  implied: {},
  'time-to-live': { tags: '' },
  mismatch: { tags: 'gold' },
  scope: { tags: 'branch' },
  sensitivity: { tags: 'secret', departments: 'sales,risk', actors: 'Wang, Fang\n风控系统\n' },
  stale: {},
  criteria: { tag: 'scored', direction: 'both' },
  overload: { tagsMax: '12' },
  unknown: {},
  deprecated: {},
  'no-definition': {},
  unowned: {},
  unused: { daysMin: '60' },
  'population-jump': { shareMin: '0.5' },
};

describe('a rule from the fields of a form', () => {
  test.each(formRuleKinds)('%s', (kind) => {
    const scored = tag('scored', { criteria: { kind: 'all', conditions: [] } });
    const read = fillRule(
      kind,
      { ...common, ...full[kind] },
      { known: { ...known, tags: [...known.tags, scored] }, present: null },
    );
    expect(read).toMatchObject({
      kind: 'filled',
      rule: { kind, code: 'my-rule-one', severity: 'high', ownerCode: null, enabled: true },
    });
  });

  test('names become codes, what is left out is as usual', () => {
    expect(fill('exclusive', full.exclusive)).toMatchObject({
      rule: { tagCodes: ['gold', 'silver'], precedence: ['silver'], allowedPairs: [] },
    });
    expect(fill('unused', full.unused)).toMatchObject({ rule: { customersMax: 0, daysMin: 60 } });
  });

  const faults: readonly [RuleKind, Fields, RuleField, RuleFault][] = [
    ['exclusive', { tags: 'gold' }, 'tags', { kind: 'too-few', least: 2 }],
    ['exclusive', { tags: 'gold,gold' }, 'tags', { kind: 'too-few', least: 2 }],
    ['exclusive', { tags: 'gold,nope' }, 'tags', { kind: 'unknown-tag', code: 'nope' }],
    ['exclusive', { tags: 'gold,gone' }, 'tags', { kind: 'unknown-tag', code: 'gone' }],
    [
      'exclusive',
      { tags: 'gold,silver', precedence: 'fresh' },
      'precedence',
      { kind: 'outside', code: 'fresh' },
    ],
    ['dominance', { dominated: 'gold' }, 'dominant', { kind: 'needed' }],
    [
      'dominance',
      { dominant: 'gold', dominated: 'gold' },
      'dominated',
      { kind: 'itself', code: 'gold' },
    ],
    [
      'synonym',
      { canonical: 'gold', synonyms: 'gold,silver' },
      'synonyms',
      { kind: 'itself', code: 'gold' },
    ],
    [
      'time-to-live',
      { tags: 'fresh,gold' },
      'tags',
      { kind: 'without', what: 'lifeDays', code: 'gold' },
    ],
    [
      'stale',
      { tags: 'gold' },
      'tags',
      { kind: 'without', what: 'confirmEveryDays', code: 'gold' },
    ],
    [
      'criteria',
      { tag: 'gold', direction: 'both' },
      'tag',
      { kind: 'without', what: 'criteria', code: 'gold' },
    ],
    ['overload', {}, 'tagsMax', { kind: 'no-limit' }],
    ['overload', { tagsMax: 'many' }, 'tagsMax', { kind: 'not-a-number' }],
    ['overload', { tagsMax: '1.5' }, 'tagsMax', { kind: 'not-whole' }],
    ['overload', { tagsMax: '-1' }, 'tagsMax', { kind: 'too-small', least: 0 }],
    ['overload', { tagsMax: '10001' }, 'tagsMax', { kind: 'too-large', most: 10_000 }],
    [
      'overload',
      { tagsMax: '3', temporaryTagsMax: '4' },
      'temporaryTagsMax',
      { kind: 'too-large', most: 3 },
    ],
    ['unowned', { name: ' ' }, 'name', { kind: 'needed' }],
    ['unowned', { nameEn: 'x'.repeat(81), code: 'x' }, 'nameEn', { kind: 'too-long', most: 80 }],
    ['unowned', { code: 'Not A Code' }, 'code', { kind: 'code' }],
    ['unowned', { code: 'taken' }, 'code', { kind: 'code-taken' }],
    ['unowned', { owner: 'nobody' }, 'owner', { kind: 'unknown-owner', code: 'nobody' }],
    ['unowned', { owner: 'Duty all' }, 'owner', { kind: 'unknown-owner', code: 'Duty all' }],
    ['implied', { tags: 'sub,gold' }, 'tags', { kind: 'without', what: 'above', code: 'gold' }],
    [
      'implied',
      { singleChoice: 'silver' },
      'singleChoice',
      { kind: 'without', what: 'below', code: 'silver' },
    ],
    ['scope', { tags: 'gold' }, 'tags', { kind: 'without', what: 'departments', code: 'gold' }],
    [
      'sensitivity',
      { tags: 'branch' },
      'tags',
      { kind: 'without', what: 'sensitive', code: 'branch' },
    ],
    ['mismatch', { tags: 'gold,silver' }, 'tags', { kind: 'no-master', code: 'silver' }],
    [
      'deprecated',
      { autoFix: 'automatic', autoFixCustomersMax: '0' },
      'autoFixCustomersMax',
      { kind: 'too-small', least: 1 },
    ],
    [
      'deprecated',
      { autoFix: 'automatic', autoFixShareMax: '5%' },
      'autoFixShareMax',
      { kind: 'not-a-number' },
    ],
    ['implied', { singleChoice: 'gold', autoFix: 'automatic' }, 'autoFix', { kind: 'judged' }],
  ];
  test.each(faults)('%s with %j is refused beside %s', (kind, fields, field, fault) => {
    const read = fill(kind, fields);
    expect(read.kind === 'faulty' ? read.faults.get(field) : read).toEqual(fault);
  });

  const present: Rule = {
    id: 1,
    kind: 'exclusive',
    code: 'taken',
    name: { 'zh-CN': '规则', en: 'Rule' },
    severity: 'low',
    ownerCode: null,
    enabled: true,
    tagCodes: ['gold', 'silver', 'fresh'],
    precedence: ['gold', 'silver', 'fresh'],
    allowedPairs: [
      ['gold', 'silver'],
      ['gold', 'fresh'],
    ],
    autoFix: { mode: 'dry-run', customersMax: 7, shareMax: 0.1 },
  };

  test('pairs that may stand are not asked for and stay', () => {
    const changed = { tags: 'gold,silver', precedence: 'gold,silver' };
    expect(fill('exclusive', changed, present)).toMatchObject({
      rule: { code: 'taken', allowedPairs: [['gold', 'silver']] },
    });
  });

  const byItself = { autoFix: 'automatic', autoFixCustomersMax: '1,000', autoFixShareMax: '' };

  test('a rule may fix by itself within limits, which are as usual unless said', () => {
    expect(fill('deprecated', byItself)).toMatchObject({
      rule: { autoFix: { mode: 'automatic', customersMax: 1000, shareMax: 0.05 } },
    });
    for (const read of [
      fill('deprecated', { ...byItself, autoFix: 'no' }),
      fill('overload', { ...byItself, tagsMax: '3' }),
    ]) {
      expect(read.kind === 'filled' ? 'autoFix' in read.rule : read).toBe(false);
    }
  });

  test('a rule that fixes by itself keeps an order of all its tags', () => {
    const fields = { ...byItself, tags: 'gold,silver', precedence: 'gold' };
    const read = fill('exclusive', fields, present);
    expect(read.kind === 'faulty' ? read.faults.get('precedence') : read).toEqual({
      kind: 'order',
    });
  });

  test('a duty whose members take turns owns a rule as a person does, by code or name', () => {
    expect(fill('unknown', { owner: '班组-turns' })).toMatchObject({
      rule: { ownerCode: 'turns' },
    });
    expect(fill('unknown', { owner: 'li-lei' })).toMatchObject({ rule: { ownerCode: 'li-lei' } });
  });

  test('no tag named means every tag that calls for another, unless a choice of one is', () => {
    expect(fill('implied', {})).toMatchObject({ rule: { tagCodes: null, singleChoiceCodes: [] } });
    expect(fill('implied', { singleChoice: 'gold' })).toMatchObject({
      rule: { tagCodes: [], singleChoiceCodes: ['gold'] },
    });
  });

  test('who may put on a sensitive tag is ticked and written a line each, commas and all', () => {
    expect(fill('sensitivity', full.sensitivity)).toMatchObject({
      rule: { departmentCodes: ['sales', 'risk'], actorNames: ['Wang, Fang', '风控系统'] },
    });
  });
});
