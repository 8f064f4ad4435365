import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryActivities } from '../../activities/delivery.ts';
import { createDrawCard } from '../../bot/cards/draw.ts';
import type { Channel } from '../../bot/channel.ts';
import { createFeishuChannel } from '../../bot/feishu/channel.ts';
import { createInboxChannel } from '../../bot/inbox/channel.ts';
import { createSlackChannel } from '../../bot/slack/channel.ts';
import { people } from '../../db/schema/people.ts';
import { listHeads, listUnreached } from '../../db/stores/delivery-queue.ts';
import { createViewReader } from '../../db/stores/views.ts';
import { openWarning } from '../../db/stores/warnings.ts';
import { createSender } from '../../delivery/sender.ts';
import type { ChannelName } from '../../domain/person.ts';
import { blacklistRule, hanMeimei, liLei, settleCompany } from '../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { readMessage as readFeishu } from '../support/feishu-reader.ts';
import { startFeishuServer, type FeishuServer } from '../support/feishu-server.ts';
import { createMemoryInbox } from '../support/memory-inbox.ts';
import { readMessage as readSlack } from '../support/slack-reader.ts';
import { startSlackServer, type SlackServer } from '../support/slack-server.ts';
import '../support/temporal.ts';

/** What a platform answers where somebody cannot be reached, through the platforms' own clients. */
const slackErrors = [
  ['channel_not_found', 'conversation-gone'],
  ['is_archived', 'conversation-gone'],
  ['not_in_channel', 'bot-removed'],
  ['user_disabled', 'person-deactivated'],
  ['missing_scope', 'scope-missing'],
  ['token_revoked', 'token-refused'],
] as const;
const feishuCodes = [
  [232009, 'conversation-gone'],
  [230002, 'bot-removed'],
  [230013, 'bot-removed'],
  [230029, 'person-deactivated'],
  [99991672, 'scope-missing'],
  [10014, 'token-refused'],
] as const;

const token = 'xoxb-another-way';
const account = { appId: 'cli_0123456789abcdef', appSecret: 'another-way-secret' };
const refuse = () => Promise.reject(new Error('Nothing comes in.'));

let testDatabase: TestDatabase;
let slack: SlackServer;
let feishu: FeishuServer;
let nowMs = Date.UTC(2026, 10, 22, 1);
const now = () => (nowMs += 1);

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await settleCompany(testDatabase.database);
  const everybody = [liLei, hanMeimei];
  [slack, feishu] = await Promise.all([
    startSlackServer({
      token,
      signingSecret: 'unused',
      userIds: everybody.map(({ slackUserId }) => String(slackUserId)),
      deliver: refuse,
    }),
    startFeishuServer({
      ...account,
      encryptKey: null,
      verificationToken: 'unused',
      openIds: everybody.map(({ feishuOpenId }) => String(feishuOpenId)),
      deliver: refuse,
    }),
  ]);
});
afterAll(async () => {
  await Promise.all([slack.close(), feishu.close()]);
  await testDatabase.drop();
});
beforeEach(async () => {
  await testDatabase.database.sql`truncate delivery, warning cascade`;
  await testDatabase.database.query.update(people).set({ channels: ['slack', 'feishu'] });
});

/** Opens a warning of Li Lei and tells it until the queues are empty. */
async function tell() {
  const { database } = testDatabase;
  const items = createMemoryInbox();
  const channels = new Map<ChannelName, Channel>([
    ['inbox', createInboxChannel(items)],
    ['slack', createSlackChannel({ token, apiUrl: slack.apiUrl })],
    ['feishu', createFeishuChannel({ ...account, domain: feishu.origin })],
  ]);
  const views = createViewReader(database, {
    fixPreview: () => Promise.reject(new Error('Nobody previews here.')),
    now,
  });
  const drawCard = createDrawCard({ views, publicUrl: 'https://tagwarden.example.com', now });
  const dependencies = { database, channels, drawCard, now };
  const before = { slack: slack.messages.length, feishu: feishu.messages.length };
  const { warning } = await openWarning(
    database.query,
    {
      ruleId: 1,
      ruleCode: blacklistRule.code,
      severity: 'high',
      ownerCode: liLei.code,
      secondLineCode: hanMeimei.code,
      managerCode: null,
      customers: 37,
      claimWithinMs: 3_600_000,
      closeWithinMs: 86_400_000,
    },
    now(),
  );
  const { deliver } = createDeliveryActivities(dependencies);
  const sender = createSender(dependencies);
  const bring = async () => {
    const subject = { kind: 'warning', id: warning.id } as const;
    await new MockActivityEnvironment().run(deliver, { subject });
    for (const channel of ['slack', 'feishu', 'slack', 'feishu'] as const) {
      const look = { channel, busyLanes: [], limit: 10, nowMs: now() };
      for (const head of await listHeads(database.query, look)) await sender.bring(head);
    }
  };
  await bring();
  return {
    /** The warning has more customers, which every card of it is to say. */
    grow: async () => {
      await database.sql`
        update warning set customers = 41, version = version + 1 where id = ${warning.id}`;
      await bring();
    },
    slack: slack.messages.slice(before.slack).map((message) => ({
      to: message.channel,
      text: readSlack(message).text,
    })),
    feishu: feishu.messages.slice(before.feishu).map((message) => ({
      to: message.openId,
      text: readFeishu(message).text,
    })),
    inbox: [...items.items.values()].map(({ personCode }) => personCode),
  };
}

async function unreached(): Promise<readonly string[]> {
  const rows = await listUnreached(testDatabase.database.sql);
  return rows
    .map(({ personCode, channel, failure }) => `${personCode} ${channel} ${failure}`)
    .toSorted();
}

const feishuIdOf = (person: typeof liLei) => String(person.feishuOpenId);
const title = '待认领';

describe('somebody whom Slack does not reach', () => {
  test.each(slackErrors)('(%s) has the same card on Feishu', async (error, reason) => {
    slack.failNext({ kind: 'error', error }, ['chat.postMessage']);
    const told = await tell();
    expect(told.slack).toEqual([]);
    expect(told.feishu).toHaveLength(1);
    expect(told.feishu[0]).toMatchObject({ to: feishuIdOf(liLei) });
    expect(told.feishu[0]?.text).toContain(title);
    expect(await unreached()).toEqual([`li-lei slack ${reason}`]);
  });
});

describe('somebody whom neither Slack nor Feishu reaches', () => {
  test.each(feishuCodes)(
    '(%i) is stood in for, and the stand-in hears why',
    async (code, reason) => {
      slack.failNext({ kind: 'error', error: 'user_disabled' }, ['chat.postMessage']);
      feishu.failNext({ kind: 'code', code });
      const told = await tell();
      expect(told.feishu).toEqual([]);
      expect(told.slack).toHaveLength(1);
      expect(told.slack[0]).toMatchObject({
        to: slack.conversationOf(String(hanMeimei.slackUserId)),
      });
      expect(told.slack[0]?.text).toContain('请代为处理');
      expect(told.inbox.toSorted()).toEqual(['han-meimei', 'li-lei']);
      expect(await unreached()).toEqual([
        `li-lei feishu ${reason}`,
        'li-lei slack person-deactivated',
      ]);
    },
  );
});

describe('a card that can no longer be changed', () => {
  test('(Slack) gives way to a new one in the same conversation', async () => {
    const told = await tell();
    expect(told.slack.map(({ text }) => text)).toEqual([expect.stringContaining('37 位客户')]);
    const conversation = slack.conversationOf(String(liLei.slackUserId));
    const standing = () => slack.messages.filter(({ channel }) => channel === conversation);
    const old = standing().at(-1);
    slack.failNext({ kind: 'error', error: 'message_not_found' }, ['chat.update']);
    await told.grow();
    const card = standing().at(-1);
    expect(card?.ts).not.toBe(old?.ts);
    expect(standing()).not.toContain(old);
    expect(card && readSlack(card).text).toContain('41 位客户');
  });

  test('(Feishu) gives way to a new one in the same conversation', async () => {
    await testDatabase.database.query.update(people).set({ channels: ['feishu'] });
    const told = await tell();
    expect(told.feishu.map(({ text }) => text)).toEqual([expect.stringContaining('37 位客户')]);
    const standing = () => feishu.messages.filter(({ openId }) => openId === feishuIdOf(liLei));
    const old = standing().at(-1);
    feishu.failNext({ kind: 'code', code: 230031 });
    await told.grow();
    const card = standing().at(-1);
    expect(card?.messageId).not.toBe(old?.messageId);
    expect(standing()).not.toContain(old);
    expect(card && readFeishu(card).text).toContain('41 位客户');
  });
});
