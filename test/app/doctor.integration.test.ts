import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { lookAtFeishuApp, lookAtSlackApp } from '../../app/cli/chat-looks.ts';
import { directWayOut } from '../../bot/way-out.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

interface Answer {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A platform that answers by path. */
async function startPlatform(answers: Readonly<Record<string, Answer>>): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    const answer = answers[request.url ?? ''] ?? { body: 'not json' };
    response.writeHead(200, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function slackWith(scopes: string) {
  const origin = await startPlatform({
    '/api/auth.test': {
      body: { ok: true, team: 'Example', user: 'tagwarden' },
      headers: { 'x-oauth-scopes': scopes },
    },
  });
  const apiUrl = `${origin}/api/`;
  return { botToken: 'xoxb-1', signingSecret: 'secret', appToken: null, apiUrl };
}

test('Slack with every scope is well', async () => {
  const slack = await slackWith('app_mentions:read,chat:write,commands,im:history,im:write');
  expect(await lookAtSlackApp(slack, directWayOut)).toBe(
    'signed in to Example as tagwarden, with every scope that is needed.',
  );
});

test('a scope that Slack does not grant is named, with what to do', async () => {
  const slack = await slackWith('app_mentions:read,chat:write,commands,im:write');
  await expect(lookAtSlackApp(slack, directWayOut)).rejects.toThrow(
    'without im:history: add them under OAuth & Permissions and reinstall the app.',
  );
});

const tokenPath = '/open-apis/auth/v3/tenant_access_token/internal';

async function feishuWith(answers: Readonly<Record<string, Answer>>) {
  const domain = await startPlatform(answers);
  const keys = { encryptKey: null, verificationToken: 'token' };
  return { appId: 'cli_1', appSecret: 'secret', ...keys, mode: 'webhook', domain } as const;
}

test('Feishu whose bot is in use is well', async () => {
  const feishu = await feishuWith({
    [tokenPath]: { body: { code: 0, tenant_access_token: 't-1' } },
    '/open-apis/bot/v3/info': { body: { code: 0, bot: { activate_status: 2 } } },
  });
  expect(await lookAtFeishuApp(feishu, directWayOut)).toBe('signed in; the bot is in use.');
});

test.each([
  ['a wrong secret', { [tokenPath]: { body: { code: 10_014 } } }, 'FEISHU_APP_SECRET (10014)'],
  [
    'a bot that was not published',
    {
      [tokenPath]: { body: { code: 0, tenant_access_token: 't-1' } },
      '/open-apis/bot/v3/info': { body: { code: 0, bot: { activate_status: 0 } } },
    },
    'its bot is not in use (status 0): add the feature Bot and publish a version.',
  ],
  ['another server', {}, 'check FEISHU_DOMAIN'],
])('Feishu with %s is told in words', async (_what, answers, sentence) => {
  const feishu = await feishuWith(answers);
  await expect(lookAtFeishuApp(feishu, directWayOut)).rejects.toThrow(sentence);
});
