import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel, ChannelError } from '../../../bot/channel.ts';
import { digestCard } from '../../../bot/cards/digest.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import { createFeishuChannel } from '../../../bot/feishu/channel.ts';
import { startFeishuServer, type FeishuServer } from '../../support/feishu-server.ts';
import {
  buildDigestView,
  buildWarningView,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

const appId = 'cli_0123456789abcdef';
const appSecret = 'channel-app-secret';
const recipient = samplePerson('li-lei');
const card = warningCard(buildWarningView(), recipient, {
  publicUrl: samplePublicUrl,
  nowMs: sampleNowMs,
});

let server: FeishuServer;
let channel: Channel;

beforeEach(async () => {
  server = await startFeishuServer({
    appId,
    appSecret,
    encryptKey: null,
    verificationToken: 'unused',
    openIds: [String(recipient.feishuOpenId)],
    deliver: () => Promise.reject(new Error('Nothing is delivered here.')),
  });
  channel = createFeishuChannel({ appId, appSecret, domain: server.origin });
});

afterEach(async () => {
  await server.close();
});

const post = (deliveryId: string) => channel.post({ deliveryId, recipient, card });

function failure(attempt: Promise<unknown>): Promise<ChannelError> {
  return attempt.then(
    () => Promise.reject(new Error('It went through.')),
    (error: unknown) => error as ChannelError,
  );
}

const callsTo = (part: string) => server.calls.filter(({ path }) => path.includes(part));

describe('what Feishu answers', () => {
  it.each([
    [230020, 'rate-limited'],
    [99991400, 'rate-limited'],
    [99991672, 'auth'],
    [230006, 'auth'],
    [230013, 'unreachable'],
    [230002, 'unreachable'],
    [99992351, 'unreachable'],
    [230025, 'invalid'],
    [230099, 'invalid'],
    [230031, 'too-old'],
    [230049, 'server'],
    [987654, 'invalid'],
  ] as const)('code %i is %s, with HTTP 200 as with 400', async (code, kind) => {
    for (const status of [200, 400]) {
      server.failNext({ kind: 'code', code, status });
      const error = await failure(post('failing'));
      expect(error.kind).toBe(kind);
      expect(error.message).toContain('im.message.create');
      expect(error.retryAfterMs > 0).toBe(kind === 'rate-limited');
    }
    expect(callsTo('/im/v1/messages')).toHaveLength(2);
  });

  it.each([
    [232009, 'unreachable', 'conversation-gone', 'dissolved'],
    [230002, 'unreachable', 'bot-removed', 'add the bot'],
    [230029, 'unreachable', 'person-deactivated', 'people.yaml'],
    [99991672, 'auth', 'scope-missing', 'publish a version'],
    [10014, 'auth', 'token-refused', 'FEISHU_APP_SECRET'],
    [230031, 'too-old', 'card-expired', 'a new one is posted'],
  ] as const)('code %i says what has to be mended', async (code, kind, reason, advice) => {
    server.failNext({ kind: 'code', code });
    const error = await failure(post('failing'));
    expect(error).toMatchObject({ kind, reason });
    expect(error.message).toContain(advice);
  });

  it('says how long to wait, at the gateway as in older APIs', async () => {
    server.failNext({ kind: 'gateway-limit', resetSeconds: 42 });
    server.failNext({ kind: 'gateway-limit', resetSeconds: 7, status: 400 });
    expect((await failure(post('a'))).retryAfterMs).toBe(42_000);
    expect((await failure(post('a'))).retryAfterMs).toBe(7_000);
  });

  it('names the permission that is missing, and repeats nothing else', async () => {
    const msg =
      'Access denied. One of the following scopes is required: [im:message:send_as_bot]. 华东机电';
    server.failNext({ kind: 'code', code: 99991672, msg });
    const error = await failure(post('a'));
    expect(error.message).toContain('im:message:send_as_bot');
    expect(error.message).not.toContain('华东机电');
  });

  it('is not asked again after a 500', async () => {
    server.failNext({ kind: 'http-500' });
    expect((await failure(post('a'))).kind).toBe('server');
    expect(callsTo('/im/v1/messages')).toHaveLength(1);
  });

  it('says that a message is gone', async () => {
    const ref = await post('a');
    server.messages.length = 0;
    expect((await failure(channel.update(ref, card))).kind).toBe('too-old');
  });

  it('is an error where nobody listens', async () => {
    const nobody = createFeishuChannel({ appId, appSecret, domain: 'http://127.0.0.1:1' });
    expect((await failure(nobody.post({ deliveryId: 'a', recipient, card }))).kind).toBe('server');
  });
});

describe('the token', () => {
  it('is fetched once for many posts at the same time', async () => {
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(post));
    expect(callsTo('tenant_access_token')).toHaveLength(1);
    expect(server.messages).toHaveLength(6);
  });

  it('is fetched anew where Feishu withdrew it', async () => {
    await post('a');
    server.forgetTokens();
    await post('b');
    expect(callsTo('tenant_access_token')).toHaveLength(2);
    expect(server.messages).toHaveLength(2);
  });

  it('is the admin’s business where the secret is wrong', async () => {
    const wrong = createFeishuChannel({ appId, appSecret: 'wrong', domain: server.origin });
    const error = await failure(wrong.post({ deliveryId: 'a', recipient, card }));
    expect(error.kind).toBe('auth');
    expect(error.message).not.toContain('wrong;');
  });
});

describe('a delivery', () => {
  it('has a uuid that Feishu takes, however long its id', async () => {
    const id = 'delivery-'.repeat(20);
    expect(await post(id)).toEqual(await post(id));
    expect(server.messages).toHaveLength(1);
  });

  it('is one card for everybody who sees it, changed for fourteen days', async () => {
    await post('a');
    expect(server.messages[0]?.card['config']).toMatchObject({ update_multi: true });
    expect(channel.capabilities.updateWithinMs).toBe(14 * 86_400_000);
  });
});

it('points from a card that may no longer be taken back to the one that came in its place', async () => {
  const ref = await post('a');
  server.forbidRecall();
  expect(await channel.retire(ref, 'zh-CN')).toBe('points-to-new');
  expect(server.messages).toHaveLength(1);
  expect(JSON.stringify(server.messages[0]?.card)).toContain('最新的卡片在下方');
  expect(JSON.stringify(server.messages[0]?.card)).not.toContain('认领');
});

describe('pictures', () => {
  const digest = digestCard(buildDigestView(), recipient, {
    publicUrl: samplePublicUrl,
    nowMs: sampleNowMs,
  });
  const postDigest = () => channel.post({ deliveryId: 'digest', recipient, card: digest });

  it('are uploaded and stand on the card with what they show in words', async () => {
    await postDigest();
    const shown = JSON.stringify(server.messages.at(-1)?.card);
    expect(shown.match(/"img_key":"img_\d+"/g)).toHaveLength(3);
    expect(shown).toContain('86 分');
    expect(callsTo('/im/v1/images')).toHaveLength(3);
  });

  it('are told in words where Feishu does not take one, and the rest is not tried', async () => {
    server.failNext({ kind: 'code', code: 99991672, status: 400 });
    await postDigest();
    const shown = JSON.stringify(server.messages.at(-1)?.card);
    expect(shown).not.toContain('img_key');
    expect(shown).toContain('标签健康度：86 分');
    expect(callsTo('/im/v1/images')).toHaveLength(1);
  });
});

it('tells what stays where a card can neither be taken back nor changed', async () => {
  const ref = await post('a');
  server.failNext({ kind: 'code', code: 230026 });
  server.failNext({ kind: 'code', code: 230031 });
  expect(await channel.retire(ref, 'zh-CN')).toBe('stays');
  expect(JSON.stringify(server.messages[0]?.card)).toContain('认领');
  server.messages.length = 0;
  expect(await channel.retire(ref, 'zh-CN')).toBe('gone');
});
