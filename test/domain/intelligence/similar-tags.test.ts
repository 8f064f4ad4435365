import { describe, expect, it } from 'vitest';
import { learnLexicon, type TaughtPair } from '../../../domain/intelligence/lexicon.ts';
import { createSimilarTagSearcher } from '../../../domain/intelligence/similar-tags.ts';
import { chinese } from '../../../language/chinese.ts';
import { buildTag } from '../../support/builders.ts';

const language = chinese();

function tag(name: string, en: string, definition = '', definitionEn = '') {
  return buildTag({
    code: en.toLowerCase().replaceAll(' ', '-'),
    name: { 'zh-CN': name, en },
    definition: { 'zh-CN': definition, en: definitionEn },
  });
}

const dictionary = [
  tag('高价值客户', 'High-value customer', '近一年消费较多的客户', 'Spends a lot every year'),
  tag('高净值客户', 'High net worth', '可投资资产超过百万', 'Owns assets above one million'),
  tag('本月生日', 'Birthday', '生日在当月', 'Was born in this month'),
  tag('沉默客户', 'Silent customer', '近90天无登录', 'No visit in the last 90 days'),
  tag('母婴人群', 'Parents of infants', '购买过母婴用品', 'Bought goods for babies'),
  tag('重点客户', 'Key account', '销售部的重点', 'What sales calls key'),
];

function find(name: string, en: string, taught: readonly TaughtPair[] = [], definition = '') {
  const lexicon = learnLexicon(taught, language);
  return createSimilarTagSearcher(dictionary, { language, lexicon }).find(
    { name: { 'zh-CN': name, en }, definition: { 'zh-CN': definition, en: definition } },
    () => true,
    3,
  );
}

describe('a new tag is shown the tags that may already mean it', () => {
  it.each([
    ['in other width, case and spacing', '高价值 客户', 'HIGH VALUE CUSTOMER', 'same-name'],
    ['in traditional characters', '高價值客戶', '', 'same-name'],
    ['under a name that shares most characters', '高价值客群', 'Affluent', 'name-alike'],
    ['in pinyin', 'gaojiazhikehu', '', 'sounds-alike'],
    ['by the first letters of its syllables', 'gjzkh', '', 'short-form'],
    ['by a short form', '高价值', '', 'short-form'],
  ])('%s', (_, name, en, why) => {
    expect(find(name, en)[0]).toEqual({ code: 'high-value-customer', why });
  });

  it('with other values of the property named as that, after the others', () => {
    const found = find('低价值客户', 'Low-value customer');
    expect(found.find(({ code }) => code === 'high-value-customer')).toEqual({
      code: 'high-value-customer',
      why: 'another-value',
    });
    const isOther = found.map(({ why }) => why === 'another-value');
    expect(isOther.lastIndexOf(false)).toBeLessThan(isOther.indexOf(true));
  });

  it('by its definition alone', () => {
    const [first] = find('百万资产', 'Millionaire', [], '可投资资产超过百万的人');
    expect(first).toEqual({ code: 'high-net-worth', why: 'definition-alike' });
  });

  it('and not those that mean something else', () => {
    expect(find('宠物主人', 'Pet owner')).toEqual([]);
  });

  it('but only those that may be shown, and no more than asked for', () => {
    const searcher = createSimilarTagSearcher(dictionary, {
      language,
      lexicon: learnLexicon([], language),
    });
    const described = {
      name: { 'zh-CN': '高价值客户', en: '' },
      definition: { 'zh-CN': '', en: '' },
    };
    expect(searcher.find(described, (code) => code !== 'high-value-customer', 1)).toEqual([
      { code: 'high-net-worth', why: 'name-alike' },
    ]);
  });
});

it('a confirmed pair teaches its words to names it never saw', () => {
  const taught = { left: '重点人群', right: '高价值人群', isSame: true };
  const untaught = find('重点买家', 'Key buyers').find(
    ({ code }) => code === 'high-value-customer',
  );
  const [, second] = find('重点客户', 'Key account', [taught]);
  expect(untaught).toBeUndefined();
  expect(second).toEqual({ code: 'high-value-customer', why: 'known-synonym' });
});
