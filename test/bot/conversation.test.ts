import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { understand, type Wish } from '../../bot/conversation.ts';

const customer = (ref: string, add: string | null): Wish => ({
  kind: 'check',
  subject: { kind: 'customer', ref },
  add,
});
const tags = (list: readonly string[], add: string | null): Wish => ({
  kind: 'check',
  subject: { kind: 'tags', tags: list },
  add,
});

it.each<[string, Wish]>([
  ['我的预警', { kind: 'inbox' }],
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
  ['周报', { kind: 'digest' }],
  ['digest.', { kind: 'digest' }],
  ['登录', { kind: 'sign-in' }],
  ['sign in', { kind: 'sign-in' }],
  ['/ help', { kind: 'help' }],
  ['帮助！', { kind: 'help' }],
  ['', { kind: 'help' }],
  ['？', { kind: 'help' }],
  ['你好', { kind: 'not-understood' }],
  ['scanner', { kind: 'not-understood' }],
  ['digest everything', { kind: 'not-understood' }],
  ['checkout', { kind: 'not-understood' }],
])('understands %j', (words, wish) => {
  expect(understand(words)).toEqual(wish);
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
