import { expect, it } from 'vitest';
import { namingFaults, type NamingPolicy } from '../../domain/naming.ts';
import { buildTag } from '../support/builders.ts';

const words = { 'zh-CN': '只用汉字和字母', en: 'Chinese characters and letters only' };
const risk = { of: { kind: 'department', code: 'risk' }, prefix: '风控-' } as const;
const prediction = { of: { kind: 'category', category: 'prediction' }, prefix: '预测' } as const;
const naming: NamingPolicy = {
  enforce: 'error',
  charsMax: 8,
  pattern: { source: String.raw`[\p{Script=Han}A-Za-z-]+`, words },
  forbiddenWords: ['测试', 'Temp'],
  prefixes: [risk, prediction],
};

const faultsOf = (zh: string, more = {}) =>
  namingFaults(buildTag({ name: { 'zh-CN': zh, en: 'A name' }, ...more }), naming);

it.each([
  ['a name that keeps to it', '高价值客户', {}, []],
  [
    'too long a name, counted in characters',
    '一二三四五六七八𠮷',
    {},
    [{ kind: 'too-long', chars: 9, charsMax: 8 }],
  ],
  ['a character outside of the pattern', '客户2', {}, [{ kind: 'pattern', words }]],
  ['a forbidden word', '测试客户', {}, [{ kind: 'forbidden-word', word: '测试' }]],
  [
    'a forbidden word of the English name in another case',
    '客户',
    { name: { 'zh-CN': '客户', en: 'My TEMP tag' } },
    [{ kind: 'forbidden-word', word: 'Temp' }],
  ],
  [
    'a department without its prefix',
    '黑名单',
    { departmentCodes: ['risk'] },
    [{ kind: 'prefix', prefix: risk }],
  ],
  ['a department with its prefix', '风控-黑名单', { departmentCodes: ['risk'] }, []],
  ['a tag of several departments', '黑名单', { departmentCodes: ['risk', 'sales'] }, []],
  [
    'a category without its prefix',
    '流失',
    { category: 'prediction' },
    [{ kind: 'prefix', prefix: prediction }],
  ],
])('%s', (_what, zh, more, faults) => {
  expect(faultsOf(zh, more)).toEqual(faults);
});

it('no convention finds no fault', () => {
  expect(namingFaults(buildTag({ name: { 'zh-CN': '测试', en: '' } }), null)).toEqual([]);
});
