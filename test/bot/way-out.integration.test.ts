import { afterEach, beforeEach, expect, test } from 'vitest';
import { plain, type Card } from '../../bot/card.ts';
import { createDingtalkOutlet } from '../../bot/dingtalk/outlet.ts';
import { createEmailChannel } from '../../bot/email/channel.ts';
import { createFeishuChannel } from '../../bot/feishu/channel.ts';
import { createFeishuSocket } from '../../bot/feishu/socket.ts';
import { createSlackChannel } from '../../bot/slack/channel.ts';
import { createSlackSocket } from '../../bot/slack/socket.ts';
import { createWayOut, type WayOut } from '../../bot/way-out.ts';
import { usualSubscriber } from '../../domain/event.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { startFeishuServer } from '../support/feishu-server.ts';
import { startMailServer } from '../support/mail-server.ts';
import { startRobotServer } from '../support/robot-server.ts';
import { startSlackServer } from '../support/slack-server.ts';
import { sampleNowMs, samplePerson } from '../support/views.ts';

// Names that nobody but the proxy knows: whatever arrives came through it.
const recipient = samplePerson('li-lei');
const card: Card = {
  locale: 'en',
  tint: 'red',
  title: 'Severe',
  status: 'Unclaimed',
  blocks: [{ kind: 'text', text: [plain('37 customers')] }],
  buttons: [],
  menu: [],
  outcome: null,
  url: 'https://tagwarden.example.com/warnings/1',
  summary: 'Severe',
};
const atEnd: (() => Promise<unknown>)[] = [];
let proxy: Awaited<ReturnType<typeof startConnectProxy>>;
let wayOut: WayOut;

beforeEach(async () => {
  proxy = await startConnectProxy();
  wayOut = createWayOut({ http: proxy.url, https: proxy.url, all: proxy.url, not: '.direct.test' });
});
afterEach(async () => {
  for (const step of atEnd.splice(0).toReversed()) await step();
  await wayOut.close();
  await proxy.close();
});

const named = (origin: string, name: string) => origin.replace('127.0.0.1', name);
const refused = () => Promise.reject(new Error('Nothing comes in over HTTP.'));

test('Slack is reached through the proxy, by HTTP and by its socket', async () => {
  const server = await startSlackServer({
    token: 'xoxb-proxied',
    appToken: 'xapp-proxied',
    signingSecret: 'unused',
    socketName: 'socket.slack.test',
    userIds: [String(recipient.slackUserId)],
    deliver: refused,
  });
  atEnd.push(() => server.close());
  const apiUrl = named(server.apiUrl, 'api.slack.test');
  const channel = createSlackChannel({ token: 'xoxb-proxied', apiUrl, wayOut });
  await channel.post({ deliveryId: 'd1', recipient, card });
  expect(server.messages).toHaveLength(1);
  const envelopes: string[] = [];
  const socket = createSlackSocket({
    appToken: 'xapp-proxied',
    apiUrl,
    wayOut,
    onEnvelope: ({ envelopeId, acknowledge }) => {
      envelopes.push(envelopeId);
      void acknowledge();
    },
    onError: (error) => {
      throw error;
    },
  });
  await socket.start();
  atEnd.push(() => socket.stop());
  await server.sendOverSocket('events_api', server.eventPayload({ type: 'message' }));
  expect(envelopes).toHaveLength(1);
  expect([...new Set(proxy.hosts)]).toEqual(['api.slack.test', 'socket.slack.test']);
});

test('Feishu is reached through the proxy, by HTTP and by the long connection', async () => {
  const account = { appId: 'cli_0123456789abcdef', appSecret: 'secret' };
  const server = await startFeishuServer({
    ...account,
    encryptKey: null,
    verificationToken: 'unused',
    socketName: 'socket.feishu.test',
    openIds: [String(recipient.feishuOpenId)],
    deliver: refused,
  });
  atEnd.push(() => server.close());
  const domain = named(server.origin, 'open.feishu.test');
  await createFeishuChannel({ ...account, domain, wayOut }).post({
    deliveryId: 'd1',
    recipient,
    card,
  });
  expect(server.messages).toHaveLength(1);
  const said: unknown[] = [];
  const socket = createFeishuSocket({
    ...account,
    domain,
    wayOut,
    onPayload: async (payload) => {
      said.push(payload);
      return {};
    },
    onError: (error) => {
      throw error;
    },
  });
  await socket.start();
  atEnd.push(() => socket.stop());
  await server.sendOverSocket(server.messagePayload('预警', String(recipient.feishuOpenId)));
  expect(said).toHaveLength(1);
  expect([...new Set(proxy.hosts)]).toEqual(['open.feishu.test', 'socket.feishu.test']);
});

test('mail goes through the proxy that is for everything', async () => {
  const user = 'tagwarden@example.com';
  const account = { user, password: 'p' };
  const server = await startMailServer({ ...account, addresses: [String(recipient.email)] });
  atEnd.push(() => server.close());
  // No password: it would not go to another machine over an open line.
  const { port } = new URL(server.url);
  const channel = createEmailChannel({ smtpUrl: `smtp://smtp.test:${port}`, from: user, wayOut });
  // What it says shows that it was reached.
  await expect(channel.post({ deliveryId: 'd1', recipient, card })).rejects.toMatchObject({
    kind: 'auth',
  });
  expect(proxy.hosts).toEqual(['smtp.test']);
});

test('robots go through the proxy; hosts of NO_PROXY do not, and a proxy that refuses is no doubt', async () => {
  const server = await startRobotServer({
    dingtalkToken: 'token',
    dingtalkSecret: 'secret',
    wecomKey: 'key',
    webhookSecret: 'whsec_c2VjcmV0',
  });
  atEnd.push(() => server.close());
  const send = (name: string) =>
    createDingtalkOutlet({
      wayOut,
      variable: (variable) => named(server.variables[variable] ?? '', name),
      now: Date.now,
    }).post({
      deliveryId: 'd1',
      subscriber: usualSubscriber('dingtalk'),
      announcement: {
        card,
        event: {
          id: 1,
          key: 'k',
          atMs: sampleNowMs,
          body: {
            kind: 'request.decided',
            requestId: 1,
            proposal: 'create-tag',
            outcome: 'approved',
            requesterCode: 'li-lei',
          },
        },
      },
    });
  await send('oapi.dingtalk.test');
  expect(server.taken).toHaveLength(1);
  expect(proxy.hosts).toEqual(['oapi.dingtalk.test']);
  await expect(send('oapi.direct.test')).rejects.toMatchObject({ kind: 'not-sent' });
  expect(proxy.hosts).toHaveLength(1);
  proxy.refuse();
  await expect(send('other.dingtalk.test')).rejects.toMatchObject({ kind: 'not-sent' });
  expect(server.taken).toHaveLength(1);
});
