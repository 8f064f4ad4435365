import { describe, expect, test } from 'vitest';
import {
  fillRule,
  formRuleKinds,
  type FormRuleKind,
  type RuleFault,
  type RuleField,
} from '../../commands/fill-rule.ts';
import type { Fields } from '../../commands/fill-proposal.ts';
import type { Rule } from '../../domain/rule.ts';
import { buildPerson, buildTag } from '../support/builders.ts';

const tag = (code: string, more: Parameters<typeof buildTag>[0] = {}) =>
  buildTag({ code, name: { 'zh-CN': `名称-${code}`, en: `Name ${code}` }, ...more });
const known = {
  tags: [
    tag('gold'),
    tag('silver'),
    tag('fresh', { lifeDays: 30 }),
    tag('gone', { status: 'archived' }),
  ],
  people: new Map([['li-lei', buildPerson({ code: 'li-lei' })]]),
  ruleCodes: new Set(['taken']),
};
const common: Fields = { name: '规则', nameEn: 'My Rule: one', severity: 'high', enabled: 'yes' };

function fill(kind: FormRuleKind, fields: Fields, present: Rule | null = null) {
  return fillRule(kind, { ...common, ...fields }, { known, present });
}

const full: Readonly<Record<FormRuleKind, Fields>> = {
  exclusive: { tags: 'gold, Name silver', precedence: '名称-silver' },
  dominance: { dominant: 'gold', dominated: 'silver' },
  synonym: { canonical: 'gold', synonyms: 'silver' },
  'time-to-live': { tags: '' },
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

  const faults: readonly [FormRuleKind, Fields, RuleField, RuleFault][] = [
    ['exclusive', { tags: 'gold' }, 'tags', { kind: 'too-few', least: 2 }],
    ['exclusive', { tags: 'gold,gold' }, 'tags', { kind: 'too-few', least: 2 }],
    ['exclusive', { tags: 'gold,nope' }, 'tags', { kind: 'unknown-tag', name: 'nope' }],
    ['exclusive', { tags: 'gold,gone' }, 'tags', { kind: 'unknown-tag', name: 'gone' }],
    [
      'exclusive',
      { tags: 'gold,silver', precedence: 'fresh' },
      'precedence',
      { kind: 'outside', name: 'fresh' },
    ],
    ['dominance', { dominated: 'gold' }, 'dominant', { kind: 'needed' }],
    [
      'dominance',
      { dominant: 'gold', dominated: 'gold' },
      'dominated',
      { kind: 'itself', name: 'gold' },
    ],
    [
      'synonym',
      { canonical: 'gold', synonyms: 'gold,silver' },
      'synonyms',
      { kind: 'itself', name: 'gold' },
    ],
    [
      'time-to-live',
      { tags: 'fresh,gold' },
      'tags',
      { kind: 'without', what: 'lifeDays', name: 'gold' },
    ],
    [
      'stale',
      { tags: 'gold' },
      'tags',
      { kind: 'without', what: 'confirmEveryDays', name: 'gold' },
    ],
    [
      'criteria',
      { tag: 'gold', direction: 'both' },
      'tag',
      { kind: 'without', what: 'criteria', name: 'gold' },
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
    ['unowned', { owner: 'nobody' }, 'owner', { kind: 'unknown-person', name: 'nobody' }],
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

  test('what the form does not ask for stays as it is', () => {
    const changed = { tags: 'gold,silver', precedence: 'gold,silver' };
    expect(fill('exclusive', changed, present)).toMatchObject({
      rule: { code: 'taken', allowedPairs: [['gold', 'silver']], autoFix: present.autoFix },
    });
  });

  test('a rule that fixes by itself keeps an order of all its tags', () => {
    const read = fill('exclusive', { tags: 'gold,silver', precedence: 'gold' }, present);
    expect(read.kind === 'faulty' ? read.faults.get('precedence') : read).toEqual({
      kind: 'automatic',
    });
  });
});
