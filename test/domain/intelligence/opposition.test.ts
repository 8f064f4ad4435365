import { expect, it } from 'vitest';
import { learnLexicon } from '../../../domain/intelligence/lexicon.ts';
import { createOpposition } from '../../../domain/intelligence/opposition.ts';
import { chinese } from '../../../language/chinese.ts';

const language = chinese();
const oppose = createOpposition({ language, lexicon: learnLexicon([], language) });

it.each([
  ['双十一活动', '黑五活动', '双十一', '黑五'],
  ['2024活动客户', '2025活动客户', '2024', '2025'],
  ['近30天活跃', '近90天活跃', '30天', '90天'],
  ['V1会员', 'V2会员', 'v1', 'v2'],
  ['一级会员', '二级会员', '一级', '二级'],
  ['A类客户', 'B类客户', 'a', 'b'],
  ['18-24岁', '25-34岁', '18', '25'],
  ['上海门店会员', '杭州直营店会员', '上海', '杭州'],
  ['已婚', '未婚', '已婚', '未婚'],
  ['首购客户', '复购客户', '首购', '复购'],
  ['可联系', '不可联系', '可', '不可'],
  ['Black Friday buyers', 'Christmas buyers', 'black friday', 'christmas'],
  ['Monthly plan', 'Annual plan', 'monthly', 'annual'],
])('%s and %s are two values of one property', (left, right, a, b) => {
  expect(oppose(left, right)).toMatchObject({ left: a, right: b });
  expect(oppose(right, left)).toMatchObject({ left: b, right: a });
});

it('names the property only where words around the two values do', () => {
  expect(oppose('高活跃用户', '低活跃用户')?.shared).toBe('活跃用户');
  expect(oppose('2026双十一', '2026黑五')?.shared).toBe('');
  expect(oppose('2024活动客户', '2025活动客户')?.shared).toBe('');
});

it('takes names that say nothing, or say it in any writing', () => {
  const odd = [
    '',
    ' ',
    '🎁',
    '！！！',
    'عميل مهم',
    '\u202eVIP\u202c',
    '名'.repeat(2_000),
    '1'.repeat(400),
  ];
  for (const left of odd) for (const right of odd) expect(oppose(left, right)).toBeNull();
});

it.each([
  ['双十一活动', '双11活动'],
  ['双十一活动', '活动客户'],
  ['近30天活跃', '近一个月活跃'],
  ['近12个月下单', '最近一年下单'],
  ['2025年新客', '25年新客'],
  ['五星客户', '5星客户'],
  ['A级客户', 'A类客户'],
  ['白金会员', '铂金会员'],
  ['小程序用户', '微信小程序用户'],
  ['安卓用户', 'Android用户'],
  ['一般客户', '统一客户'],
  ['消费1万以上', '消费10000元以上'],
  ['高价值客户', '重点客户'],
  ['Last 30 days active', 'Active in the past month'],
])('%s and %s may mean the same', (left, right) => {
  expect(oppose(left, right)).toBeNull();
  expect(oppose(right, left)).toBeNull();
});
