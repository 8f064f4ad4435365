import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { daysOf, type DaySet } from '../../domain/preference.ts';
import { spellings, understand, type Verb, type Wish } from '../../bot/conversation.ts';

const customer = (ref: string, add: string | null): Wish => ({
  kind: 'check',
  subject: { kind: 'customer', ref },
  add,
});
const quiet = (fromMinute: number, untilMinute: number, set: DaySet): Wish => ({
  kind: 'quiet-hours',
  quietHours: { fromMinute, untilMinute, days: daysOf(set) },
});
const tags = (list: readonly string[], add: string | null): Wish => ({
  kind: 'check',
  subject: { kind: 'tags', tags: list },
  add,
});

it.each<[string, Wish]>([
  ['我的预警', { kind: 'inbox' }],
  ['我的 预警', { kind: 'inbox' }],
  ['申请 标签', { kind: 'request' }],
  ['do-not-disturb off', { kind: 'quiet-hours', quietHours: null }],
  ['inbox', { kind: 'inbox' }],
  ['My Warnings', { kind: 'inbox' }],
  ['检查 C-10293 +黑名单', customer('C-10293', '黑名单')],
  ['检查C-10293＋黑名单', customer('C-10293', '黑名单')],
  ['检查　Ｃ－10293', customer('C-10293', null)],
  ['check C-10293 + Blacklist', customer('C-10293', 'Blacklist')],
  ['check C-10293', customer('C-10293', null)],
  ['检查 高价值客户、黑名单', tags(['高价值客户', '黑名单'], null)],
  ['检查 高价值客户，黑名单 + 新客户', tags(['高价值客户', '黑名单'], '新客户')],
  ['检查 标签 高价值客户 +黑名单', tags(['高价值客户'], '黑名单')],
  ['check tags High value, Blacklist', tags(['High value', 'Blacklist'], null)],
  ['检查', { kind: 'help' }],
  ['check +黑名单', { kind: 'help' }],
  ['check a + b + c', { kind: 'help' }],
  ['申请', { kind: 'request' }],
  ['申请标签', { kind: 'request' }],
  ['request', { kind: 'request' }],
  ['搜索 高价值', { kind: 'search', text: '高价值' }],
  ['搜索：高价值', { kind: 'search', text: '高价值' }],
  ['search high value', { kind: 'search', text: 'high value' }],
  ['搜索', { kind: 'help' }],
  ['扫描', { kind: 'scan' }],
  ['scan now', { kind: 'scan' }],
  ['周报', { kind: 'digest', every: 'week' }],
  ['日报', { kind: 'digest', every: 'day' }],
  ['标签月报', { kind: 'digest', every: 'month' }],
  ['monthly digest', { kind: 'digest', every: 'month' }],
  ['digest.', { kind: 'digest', every: null }],
  ['digest now', { kind: 'digest', every: null }],
  ['check a customer C-10293', customer('C-10293', null)],
  ['检查客户流失', customer('客户流失', null)],
  ['search the dictionary', { kind: 'help' }],
  ['登录控制台', { kind: 'sign-in' }],
  ['登录', { kind: 'sign-in' }],
  ['sign in', { kind: 'sign-in' }],
  ['/ help', { kind: 'help' }],
  ['帮助！', { kind: 'help' }],
  ['', { kind: 'help' }],
  ['？', { kind: 'help' }],
  ['设置', { kind: 'preferences' }],
  ['settings', { kind: 'preferences' }],
  ['免打扰', { kind: 'preferences' }],
  ['quiet hours', { kind: 'preferences' }],
  ['免打扰 22:00-8:00', quiet(1320, 480, 'every-day')],
  ['免打扰：22点到次日8点', quiet(1320, 480, 'every-day')],
  ['免打扰 22点到8点 工作日', quiet(1320, 480, 'weekdays')],
  ['勿扰 周末 0:00～24:00', quiet(0, 0, 'weekends')],
  ['quiet hours 22:30 to 7 weekdays', quiet(1350, 420, 'weekdays')],
  ['dnd 12-13:30, every day', quiet(720, 810, 'every-day')],
  ['免打扰 关', { kind: 'quiet-hours', quietHours: null }],
  ['quiet hours off', { kind: 'quiet-hours', quietHours: null }],
  ['quiet hours 25:00-8:00', { kind: 'not-understood', nearest: 'quiet-hours' }],
  ['quiet hours at night', { kind: 'not-understood', nearest: 'quiet-hours' }],
  ['语言 English', { kind: 'language', locale: 'en' }],
  ['language 中文', { kind: 'language', locale: 'zh-CN' }],
  ['English', { kind: 'language', locale: 'en' }],
  ['中文', { kind: 'language', locale: 'zh-CN' }],
  ['language', { kind: 'preferences' }],
  ['语言 法语', { kind: 'not-understood', nearest: 'language' }],
  ['你好', { kind: 'not-understood', nearest: null }],
  ['scanner', { kind: 'not-understood', nearest: null }],
  ['serach high value', { kind: 'not-understood', nearest: 'search' }],
  ['chekc C-10293', { kind: 'not-understood', nearest: 'check' }],
  ['singin', { kind: 'not-understood', nearest: 'sign-in' }],
  ['我想申请标签', { kind: 'not-understood', nearest: 'request' }],
  ['please scan now', { kind: 'not-understood', nearest: 'scan' }],
  ['digest everything', { kind: 'not-understood', nearest: 'digest' }],
  ['checkout', { kind: 'not-understood', nearest: null }],
])('understands %j', (words, wish) => {
  expect(understand(words)).toEqual(wish);
});

/** What is said after a verb that is of no use alone. */
const said: Partial<Readonly<Record<Verb, string>>> = {
  check: 'C-10293',
  search: '高价值',
  'quiet-hours': '22:00-8:00',
  language: 'English',
};

const fullWidth = (text: string) =>
  text.replaceAll(/[!-~]/gu, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0));

const manners: readonly (readonly [string, (words: string) => string])[] = [
  ['as they are', (words) => words],
  ['in capitals', (words) => words.toUpperCase()],
  ['with a capital', (words) => words.charAt(0).toUpperCase() + words.slice(1)],
  ['full-width', fullWidth],
  ['with blanks around', (words) => `　 ${words}\n `],
  ['with more blanks within', (words) => words.replaceAll(' ', '   ')],
  [
    'with blanks between Chinese signs',
    (words) => words.replaceAll(/(?<=\p{sc=Han})(?=\p{sc=Han})/gu, ' '),
  ],
  ['with hyphens', (words) => words.replaceAll(/(?<=[a-z]) (?=[a-z])/gu, '-')],
  ['behind a slash', (words) => `/ ${words}`],
];

it.each(manners)('every word of every verb leads to it, written %s', (_how, write) => {
  for (const [verb, words] of Object.entries(spellings)) {
    for (const word of words) {
      const rest = said[verb as Verb];
      const asked = write(word) + (rest === undefined ? '' : ` ${rest}`);
      expect(understand(asked).kind, asked).toBe(verb);
    }
  }
});

it('no word leads to two verbs', () => {
  const words = Object.values(spellings).flat();
  expect(new Set(words).size).toBe(words.length);
});

it('answers any words with some wish', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 2_000 }), (words) => {
      expect(understand(words).kind).toBeTypeOf('string');
      expect(understand(`检查 ${words}`).kind).toMatch(/^(check|help)$/u);
    }),
  );
});

it('does not read on for ever', () => {
  const wish = understand(`检查 ${'标签、'.repeat(10_000)}`);
  expect(wish).toMatchObject({ kind: 'check' });
  expect(JSON.stringify(wish).length).toBeLessThan(1_000);
});
