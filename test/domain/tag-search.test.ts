import { describe, expect, it } from 'vitest';
import type { Dictionary } from '../../domain/dictionary.ts';
import { createTagSearch } from '../../domain/tag-search.ts';
import { chinese } from '../../language/chinese.ts';
import { buildTag } from '../support/builders.ts';

const named = (code: string, zh: string, en: string, more = {}) =>
  buildTag({
    code,
    name: { 'zh-CN': zh, en },
    definition: { 'zh-CN': `${zh}的定义`, en: `What ${en} means` },
    ...more,
  });

const dictionary: Dictionary = {
  tags: [
    named('high-value', '高价值客户', 'High value'),
    named('high-value-old', '高价值客户（旧）', 'High value, old', { status: 'archived' }),
    named('key-account', '重点客户', 'Key account'),
    named('blacklisted', '黑名单', 'Blacklisted', {
      definition: { 'zh-CN': '风控部认定不得合作', en: 'Not to be dealt with' },
    }),
    named('vip', 'VIP客户', 'VIP'),
  ],
  relations: [{ kind: 'synonym-of', fromCode: 'key-account', toCode: 'vip' }],
  attributes: [],
  rules: [],
};
const search = createTagSearch(dictionary, chinese());
const found = (text: string) =>
  search(text)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ tag }) => tag.code);

describe('a tag is found', () => {
  it.each([
    ['its whole name, before others that hold it', '高价值客户', ['high-value', 'high-value-old']],
    ['part of its name', '价值', ['high-value', 'high-value-old']],
    ['part of its English name', 'LACKL', ['blacklisted']],
    ['its code', 'key-acc', ['key-account', 'vip']],
    ['its pinyin', 'heimingdan', ['blacklisted']],
    ['pinyin as input methods part it', "gao jia'zhi", ['high-value', 'high-value-old']],
    ['the first letters of its pinyin', 'hmd', ['blacklisted']],
    ['traditional characters', '黑名單', ['blacklisted']],
    ['full-width letters', 'ＶＩＰ', ['vip', 'key-account']],
    ['the name of its synonym', '重点', ['key-account', 'vip']],
    ['words of its definition', '不得合作', ['blacklisted']],
    ['nothing at all', '  ', []],
    ['what nobody wrote', 'xyzzy', []],
  ])('by %s: %j', (_how, text, codes) => {
    expect(found(text)).toEqual(codes);
  });

  it('not by a single letter of its pinyin', () => {
    expect(found('z')).toEqual([]);
  });
});
