import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../domain/intelligence/candidate.ts';
import { hypergeometricLowerTail } from '../../../domain/intelligence/hidden-exclusions.ts';
import { learnLexicon, type TaughtPair } from '../../../domain/intelligence/lexicon.ts';
import type { Populations } from '../../../domain/intelligence/populations.ts';
import { pairKey, suggest, type InventoryTag } from '../../../domain/intelligence/suggest.ts';
import { chinese } from '../../../language/chinese.ts';

const language = chinese();

function tag(
  id: number,
  name: string,
  definition = '',
  more: Partial<InventoryTag> = {},
): InventoryTag {
  return {
    id,
    name: { 'zh-CN': name, en: name },
    definition: { 'zh-CN': definition, en: '' },
    criteria: null,
    departmentCodes: [],
    isDefined: true,
    isInUse: true,
    ownerFault: null,
    ...more,
  };
}

function suggestFor(
  tags: readonly InventoryTag[],
  more: {
    readonly populations?: Populations;
    readonly settled?: readonly string[];
    readonly taught?: readonly TaughtPair[];
  } = {},
): readonly Candidate[] {
  return suggest(
    { tags, populations: more.populations ?? null, settled: new Set(more.settled ?? []) },
    { language, lexicon: learnLexicon(more.taught ?? [], language) },
  );
}

/** Pairs as [first, second, customers of both] by position. */
function populations(
  customers: number,
  ofTag: readonly number[],
  pairs: readonly (readonly [number, number, number])[],
): Populations {
  return {
    customers,
    ofTag,
    pairs: {
      first: pairs.map(([first]) => first),
      second: pairs.map(([, second]) => second),
      both: pairs.map(([, , both]) => both),
    },
  };
}

const kinds = (candidates: readonly Candidate[]) => candidates.map(({ kind }) => kind);

describe('by name and definition', () => {
  it('one name written in two ways is a synonym of full score', () => {
    const [first] = suggestFor([tag(1, '高价值客户'), tag(2, '高價值 客戶'), tag(3, '本月生日')]);
    expect(first).toMatchObject({ kind: 'synonym', firstTagId: 1, secondTagId: 2, score: 1 });
    expect(first?.reasons).toContainEqual({ kind: 'likeness', why: 'same-name' });
  });

  it.each([
    ['新客户', '老客户', '新', '老'],
    ['高活跃用户', '低活跃用户', '高', '低'],
    ['一级会员', '二级会员', '一级', '二级'],
  ])('%s and %s are siblings, never synonyms', (left, right, a, b) => {
    const found = suggestFor([tag(1, left), tag(2, right)]);
    expect(kinds(found)).toEqual(['sibling']);
    expect(found[0]?.reasons[0]).toMatchObject({ kind: 'opposed', left: a, right: b });
  });

  it('definitions that contradict count against, definitions that say the same for it', () => {
    const score = (definition: string) =>
      suggestFor([
        tag(1, '高价值客户', '近12个月消费不低于10万元'),
        tag(2, '高价值会员', definition),
        tag(3, '生日'),
      ]).find(({ kind }) => kind === 'synonym')?.score ?? 0;
    expect(score('近一年消费满10万元')).toBeGreaterThan(score(''));
    expect(score('近12个月消费不足2万元')).toBeLessThan(score(''));
  });

  it('one name that two departments define apart is ambiguous', () => {
    const found = suggestFor([
      tag(1, '高价值客户', '近12个月消费不低于10万元', { departmentCodes: ['sales'] }),
      tag(2, '高价值 客户', '近12个月消费不足2万元', { departmentCodes: ['marketing'] }),
    ]);
    expect(kinds(found)).toEqual(['ambiguity']);
    expect(found[0]?.reasons[0]).toEqual({
      kind: 'departments',
      first: ['sales'],
      second: ['marketing'],
    });
  });

  it('names that are empty, very long, emoji or written from right to left are compared like others', () => {
    const odd = ['', '🎁', 'عميل مهم', 'عميل مهم!', '\u202eVIP\u202c', '名'.repeat(2_000)];
    const found = suggestFor(odd.map((name, at) => tag(at + 1, name)));
    expect(
      found.map(({ kind, firstTagId, secondTagId }) => [kind, firstTagId, secondTagId]),
    ).toEqual([['synonym', 3, 4]]);
  });

  it('a pair that is settled is not asked again', () => {
    expect(
      suggestFor([tag(1, '高价值客户'), tag(2, '高价值客群')], { settled: [pairKey(1, 0)] }),
    ).toEqual([]);
  });

  it('a refused pair teaches that its words differ', () => {
    const taught = [{ left: '风险客户', right: '投诉客户', isSame: false }];
    const tags = [tag(1, '风险企业客户'), tag(2, '投诉企业客户')];
    expect(kinds(suggestFor(tags, { taught }))).toEqual(['sibling']);
    expect(kinds(suggestFor(tags))).not.toContain('sibling');
  });
});

describe('by customers', () => {
  const names = ['母婴', '本月生日', '理财', '沉默', '企业'].map((name, at) => tag(at + 1, name));

  it('nearly the same customers are redundant, and customers within others contained', () => {
    const found = suggestFor(names, {
      populations: populations(
        10_000,
        [100, 105, 400, 50, 0],
        [
          [0, 1, 98],
          [0, 2, 96],
          [2, 3, 20],
        ],
      ),
    });
    expect(found).toMatchObject([
      { kind: 'redundancy', firstTagId: 1, secondTagId: 2 },
      { kind: 'containment', firstTagId: 1, secondTagId: 3, score: 0.96 },
      { kind: 'zombie', firstTagId: 5, secondTagId: 0 },
    ]);
  });

  it('a tag only a source knows and nobody has is no zombie', () => {
    const tags = [...names.slice(0, 4), tag(5, '企业', '', { isDefined: false })];
    const found = suggestFor(tags, { populations: populations(100, [1, 1, 1, 1, 0], []) });
    expect(kinds(found)).not.toContain('zombie');
  });

  it('tags that the dictionary lacks and tags without an owner are queued, those of most customers first', () => {
    const tags = [
      tag(1, '母婴', '', { isDefined: false }),
      tag(2, '理财', '', { ownerFault: 'left' }),
      tag(3, '沉默', '', { isDefined: false }),
      tag(4, '企业'),
    ];
    const counted = suggestFor(tags, { populations: populations(5_000, [9, 40, 999, 7], []) });
    expect(counted).toMatchObject([
      { kind: 'undefined', firstTagId: 3, reasons: [{ kind: 'carried', customers: 999 }] },
      { kind: 'undefined', firstTagId: 1, secondTagId: 0 },
      { kind: 'unowned', firstTagId: 2, reasons: [{ kind: 'owner', fault: 'left' }, {}] },
    ]);
    expect(suggestFor(tags)).toMatchObject([
      { kind: 'undefined', firstTagId: 1, reasons: [] },
      { kind: 'undefined', firstTagId: 3 },
      { kind: 'unowned', firstTagId: 2, reasons: [{ kind: 'owner', fault: 'left' }] },
    ]);
  });

  it('two tags that should meet a hundred times and never do may exclude each other', () => {
    const found = suggestFor(names, {
      populations: populations(
        10_000,
        [1_000, 1_000, 1_000, 500, 10],
        [
          [0, 2, 104],
          [0, 3, 49],
          [1, 2, 95],
          [1, 3, 2],
          [2, 3, 51],
        ],
      ),
    });
    const exclusions = found.filter(({ kind }) => kind === 'exclusion');
    expect(exclusions.map(({ firstTagId, secondTagId }) => [firstTagId, secondTagId])).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect(exclusions[0]?.reasons[0]).toMatchObject({ kind: 'chance', expected: 100, both: 0 });
  });
});

describe('by name and customers', () => {
  const activities = [tag(1, '品鉴会活动客户'), tag(2, '沙龙活动客户')];
  const meeting = (both: number) =>
    suggestFor(activities, {
      populations: populations(10_000, [1_000, 1_000], [[0, 1, both]]),
    }).filter(({ kind }) => kind === 'synonym' || kind === 'sibling');

  it('two of one kind that hardly anybody has both of are siblings, with the figures', () => {
    const [only, ...more] = meeting(2);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ kind: 'sibling' });
    expect(only?.reasons[0]).toMatchObject({ kind: 'chance', expected: 100, both: 2 });
  });

  it('those that meet as often as chance has it may mean the same', () => {
    expect(kinds(meeting(60))).toEqual(['synonym']);
  });
});

it('the tail is that of the hypergeometric distribution', () => {
  // 10 balls of which 4 are red, 5 drawn: P(0 red) = C(6,5)/C(10,5) = 6/252, P(1 red) = 4·C(6,4)/252 = 60/252.
  const tail = (both: number) =>
    hypergeometricLowerTail({ customers: 10, ofFirst: 4, ofSecond: 5, both });
  expect(tail(0)).toBeCloseTo(6 / 252, 12);
  expect(tail(1)).toBeCloseTo(66 / 252, 12);
  expect(tail(4)).toBeCloseTo(1, 12);
  const large = { customers: 5_000_000, ofFirst: 50_000, ofSecond: 2_000, both: 0 };
  expect(Math.log(hypergeometricLowerTail(large))).toBeCloseTo(2_000 * Math.log(0.99), 0);
});
