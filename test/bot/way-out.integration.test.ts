import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plain, type Card } from '../../bot/card.ts';
import { createDingtalkOutlet } from '../../bot/dingtalk/outlet.ts';
import { createEmailChannel } from '../../bot/email/channel.ts';
import { createFeishuChannel } from '../../bot/feishu/channel.ts';
import { postJson } from '../../bot/post-json.ts';
import { createSlackChannel } from '../../bot/slack/channel.ts';
import { createWayOut, type WayOut } from '../../bot/way-out.ts';
import { usualSubscriber } from '../../domain/event.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { startFeishuServer } from '../support/feishu-server.ts';
import { startMailServer } from '../support/mail-server.ts';
import { startRobotServer } from '../support/robot-server.ts';
import { startSlackServer } from '../support/slack-server.ts';
import { sampleNowMs, samplePerson } from '../support/views.ts';
import { testAuthorityPath } from '../support/web-server.ts';

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

describe('TLS through the proxy', () => {
  const feishuAccount = { appId: 'cli_0123456789abcdef', appSecret: 'secret' };
  const start = {
    slack: async () => {
      const server = await startSlackServer({
        token: 'xoxb-proxied',
        appToken: 'xapp-proxied',
        signingSecret: 'unused',
        socketName: 'socket.slack.test',
        isSecure: true,
        userIds: [String(recipient.slackUserId)],
        deliver: refused,
      });
      atEnd.push(() => server.close());
      return {
        address: named(server.apiUrl, 'api.slack.test').replace(/\/api\/$/, ''),
        messages: server.messages,
        sendOverSocket: () =>
          server.sendOverSocket('events_api', server.eventPayload({ type: 'message' })),
      };
    },
    feishu: async () => {
      const server = await startFeishuServer({
        ...feishuAccount,
        encryptKey: null,
        verificationToken: 'unused',
        socketName: 'socket.feishu.test',
        isSecure: true,
        openIds: [String(recipient.feishuOpenId)],
        deliver: refused,
      });
      atEnd.push(() => server.close());
      return {
        address: named(server.origin, 'api.feishu.test'),
        messages: server.messages,
        sendOverSocket: () =>
          server.sendOverSocket(server.messagePayload('预警', String(recipient.feishuOpenId))),
      };
    },
  } as const;

  test.each(['slack', 'feishu'] as const)(
    'a process that trusts the company’s authority reaches %s, by HTTPS and by its socket',
    async (platform) => {
      const { address, messages, sendOverSocket } = await start[platform]();
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', resolve('test/support/behind-proxy.ts'), platform, address],
        {
          env: {
            PATH: process.env['PATH'],
            HTTPS_PROXY: proxy.url,
            NODE_EXTRA_CA_CERTS: testAuthorityPath,
          },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      atEnd.push(async () => {
        if (child.exitCode !== null || !child.kill('SIGKILL')) return;
        await once(child, 'exit');
      });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      const ended = once(child, 'close').then(() => Promise.reject(new Error(said)));
      await Promise.race([sendOverSocket(), ended]);
      ended.catch(() => {});
      expect(messages).toHaveLength(1);
      expect([...new Set(proxy.hosts)]).toEqual([
        `api.${platform}.test`,
        `socket.${platform}.test`,
      ]);
    },
  );

  test('what is not trusted is told nothing, and whoever looks hears what to set', async () => {
    const slack = await start.slack();
    const feishu = await start.feishu();
    const channels = [
      createSlackChannel({ token: 'xoxb-proxied', apiUrl: `${slack.address}/api/`, wayOut }),
      createFeishuChannel({ ...feishuAccount, domain: feishu.address, wayOut }),
    ];
    for (const channel of channels) {
      await expect(channel.post({ deliveryId: 'd1', recipient, card })).rejects.toMatchObject({
        kind: 'not-sent',
        message: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      });
    }
    const url = `${feishu.address}/hook`;
    await expect(
      postJson(wayOut, { name: 'crm-hook', url, body: '{}', timeoutMs: 10_000 }),
    ).rejects.toMatchObject({
      kind: 'not-sent',
      message: expect.stringMatching(/^crm-hook: the c/),
    });
    expect([...slack.messages, ...feishu.messages]).toEqual([]);
  });
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
