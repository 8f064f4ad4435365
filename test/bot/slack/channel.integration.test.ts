import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel, ChannelError } from '../../../bot/channel.ts';
import { digestCard } from '../../../bot/cards/digest.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import { createSlackChannel } from '../../../bot/slack/channel.ts';
import { readBlocks } from '../../support/slack-reader.ts';
import { startSlackServer, type SlackServer } from '../../support/slack-server.ts';
import {
  buildDigestView,
  buildWarningView,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

const token = 'xoxb-channel-token';
const recipient = samplePerson('li-lei');
const card = warningCard(buildWarningView(), recipient, {
  publicUrl: samplePublicUrl,
  nowMs: sampleNowMs,
});

let server: SlackServer;
let channel: Channel;

beforeEach(async () => {
  server = await startSlackServer({
    token,
    signingSecret: 'unused',
    userIds: [String(recipient.slackUserId)],
    deliver: () => Promise.reject(new Error('Nothing is delivered here.')),
  });
  channel = createSlackChannel({ token, apiUrl: server.apiUrl });
});

afterEach(async () => {
  await server.close();
});

const post = (deliveryId: string) => channel.post({ deliveryId, recipient, card });

function postFailure(): Promise<ChannelError> {
  return post('failing').then(
    () => Promise.reject(new Error('It went through.')),
    (error: unknown) => error as ChannelError,
  );
}

const callsOf = (method: string) => server.calls.filter((call) => call.method === method);

describe('what Slack answers', () => {
  it.each([
    ['ratelimited', 'rate-limited'],
    ['invalid_auth', 'auth'],
    ['missing_scope', 'auth'],
    ['channel_not_found', 'unreachable'],
    ['is_archived', 'unreachable'],
    ['msg_too_long', 'invalid'],
    ['internal_error', 'server'],
    ['some_code_of_next_year', 'invalid'],
  ] as const)('%s is %s', async (code, kind) => {
    server.failNext({ kind: 'error', error: code });
    const error = await postFailure();
    expect(error.kind).toBe(kind);
    expect(error.message).toContain('chat.postMessage');
    expect(error.retryAfterMs > 0).toBe(kind === 'rate-limited');
    expect(callsOf('chat.postMessage')).toHaveLength(1);
  });

  it.each([
    ['channel_not_found', 'unreachable', 'conversation-gone', 'check the ID'],
    ['not_in_channel', 'unreachable', 'bot-removed', '/invite'],
    ['user_disabled', 'unreachable', 'person-deactivated', 'people.yaml'],
    ['missing_scope', 'auth', 'scope-missing', 'reinstall'],
    ['token_revoked', 'auth', 'token-refused', 'SLACK_BOT_TOKEN'],
    ['message_not_found', 'too-old', 'card-expired', 'a new one is posted'],
  ] as const)('%s says what has to be mended', async (code, kind, reason, advice) => {
    server.failNext({ kind: 'error', error: code });
    const error = await postFailure();
    expect(error).toMatchObject({ kind, reason });
    expect(error.message).toContain(advice);
  });

  it('is never repeated in the error where it is no code', async () => {
    server.failNext({ kind: 'error', error: '<html>华东机电 xoxb-channel-token</html>' });
    const error = await postFailure();
    expect(error.message).not.toContain('华东机电');
    expect(error.message).not.toContain(token);
  });

  it('is not asked again after a 500 or a 429', async () => {
    server.failNext({ kind: 'http-500' });
    server.failNext({ kind: 'too-many-requests', retryAfterSeconds: 60 });
    expect((await postFailure()).kind).toBe('server');
    expect((await postFailure()).retryAfterMs).toBe(60_000);
    expect(callsOf('chat.postMessage')).toHaveLength(2);
  });

  it('says that a message is gone', async () => {
    const ref = await post('a');
    server.messages.length = 0;
    await expect(channel.update(ref, card)).rejects.toMatchObject({ kind: 'too-old' });
  });

  it('is an error where nobody listens', async () => {
    const nobody = createSlackChannel({ token, apiUrl: 'http://127.0.0.1:2/api/' });
    await expect(nobody.post({ deliveryId: 'a', recipient, card })).rejects.toMatchObject({
      kind: 'not-sent',
    });
  });
});

describe('conversations', () => {
  it('need no opening: a post names the person, and its answer the conversation', async () => {
    const ref = await post('a');
    expect(callsOf('conversations.open')).toEqual([]);
    expect(ref.conversation).toMatch(/^D/);
  });

  it('are searched back over pages for a delivery', async () => {
    const first = await post('the-first');
    for (let count = 0; count < 120; count += 1) await post(`later-${count}`);
    expect(await channel.find('the-first', recipient)).toEqual(first);
    expect(callsOf('conversations.history')).toHaveLength(2);
  });

  it('keep a delivery findable after its card changed', async () => {
    const ref = await post('changing');
    await channel.update(ref, { ...card, title: '新的标题' });
    expect(await channel.find('changing', recipient)).toEqual(ref);
  });
});

describe('pictures', () => {
  const digest = digestCard(buildDigestView(), recipient, {
    publicUrl: samplePublicUrl,
    nowMs: sampleNowMs,
  });
  const postDigest = () => channel.post({ deliveryId: 'digest', recipient, card: digest });
  const shown = () => server.messages.at(-1)?.blocks.filter(({ type }) => type === 'image') ?? [];

  it('are uploaded for nobody in particular, and shown when Slack has looked through them', async () => {
    await postDigest();
    expect(shown().map(({ alt_text: alt }) => alt)).toEqual(
      digest.blocks.flatMap((block) => (block.kind === 'picture' ? [block.alt] : [])),
    );
    expect(shown()).toHaveLength(3);
    expect(callsOf('files.completeUploadExternal').map(({ args }) => args)).not.toContainEqual(
      expect.objectContaining({ channel_id: expect.anything() }),
    );
  });

  it.each([
    ['files.getUploadURLExternal', 'missing_scope'],
    ['files.completeUploadExternal', 'internal_error'],
    ['files.info', 'missing_scope'],
  ])('are told in words where %s answers %s', async (method, error) => {
    server.failNext({ kind: 'error', error }, [method]);
    await postDigest();
    expect(shown()).toEqual([]);
    expect(readBlocks(server.messages.at(-1)?.blocks ?? [])).toContain('标签健康度：86 分');
  });

  it('give way to words where Slack refuses to show them', async () => {
    server.failNext({ kind: 'error', error: 'invalid_blocks' });
    await postDigest();
    expect(shown()).toEqual([]);
    expect(callsOf('chat.postMessage')).toHaveLength(2);
  });
});

it('makes a card that may not be deleted point to the new one, and tells what stays', async () => {
  const ref = await post('a');
  const keeps = { kind: 'error', error: 'compliance_exports_prevent_deletion' } as const;
  server.failNext(keeps, ['chat.delete']);
  expect(await channel.retire(ref, 'zh-CN')).toBe('points-to-new');
  expect(JSON.stringify(server.messages[0]?.blocks)).toContain('最新的卡片在下方');
  server.failNext(keeps, ['chat.delete']);
  server.failNext({ kind: 'error', error: 'edit_window_closed' }, ['chat.update']);
  expect(await channel.retire(ref, 'zh-CN')).toBe('stays');
});
