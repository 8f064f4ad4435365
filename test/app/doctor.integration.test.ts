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

const direct = { wayOut: directWayOut, hasGroups: false };
const enough = 'app_mentions:read,chat:write,commands,im:history,im:write';
const files = 'files:read,files:write';
const email = 'users:read.email';

test.each([
  ['every scope', `${enough},${email},${files}`, false, ''],
  [
    'the scopes of channels too',
    `${enough},${email},${files},channels:history,groups:history`,
    true,
    '',
  ],
  [
    'none to look people up or to bring files',
    enough,
    false,
    ' Left out: users:read.email (nobody is recognised by their email), files:write (digests come without pictures), files:read (digests come without pictures).',
  ],
])('Slack with %s is well', async (_what, scopes, hasGroups, leftOut) => {
  const slack = await slackWith(scopes);
  expect(await lookAtSlackApp(slack, { ...direct, hasGroups })).toBe(
    `signed in to Example as tagwarden, with every scope that is needed.${leftOut}`,
  );
});

test.each([
  ['im:history', enough.replace('im:history,', ''), false],
  ['channels:history, groups:history', enough, true],
  ['groups:history', `${enough},channels:history`, true],
])(
  '%s, which Slack does not grant, is named, with what to do',
  async (missing, scopes, hasGroups) => {
    const slack = await slackWith(scopes);
    await expect(lookAtSlackApp(slack, { ...direct, hasGroups })).rejects.toThrow(
      `without ${missing}: add them under OAuth & Permissions and reinstall the app.`,
    );
  },
);

const tokenPath = '/open-apis/auth/v3/tenant_access_token/internal';

async function feishuWith(answers: Readonly<Record<string, Answer>>) {
  const domain = await startPlatform(answers);
  const keys = { encryptKey: null, verificationToken: 'token' };
  return { appId: 'cli_1', appSecret: 'secret', ...keys, mode: 'webhook', domain } as const;
}

const inUse = {
  [tokenPath]: { body: { code: 0, tenant_access_token: 't-1' } },
  '/open-apis/bot/v3/info': { body: { code: 0, bot: { activate_status: 2 } } },
};

function granting(names: readonly string[], refused: readonly string[] = []) {
  const of = (status: number) => (name: string) => ({ scope_name: name, grant_status: status });
  const scopes = [...names.map(of(1)), ...refused.map(of(2))];
  return { ...inUse, '/open-apis/application/v6/scopes': { body: { code: 0, data: { scopes } } } };
}

test.each([
  [
    'with each permission',
    granting([
      'im:message:send_as_bot',
      'im:message.p2p_msg:readonly',
      'im:message.group_at_msg:readonly',
      'contact:user.employee:readonly',
      'im:resource:upload',
      'im:chat.access_event.bot_p2p_chat:read',
    ]),
    ', with every permission that is needed.',
  ],
  [
    'with one that holds the others',
    granting(['im:message']),
    ', with every permission that is needed. Left out: contact:user.employee:readonly (nobody is recognised by their email), im:resource:upload (digests come without pictures), im:chat.access_event.bot_p2p_chat:read (it introduces itself only to whoever writes first).',
  ],
  [
    'which does not tell of permissions',
    { ...inUse, '/open-apis/application/v6/scopes': { body: { code: 99991663 } } },
    '; it did not say which permissions it grants.',
  ],
])('Feishu %s, whose bot is in use, is well', async (_what, answers, rest) => {
  const feishu = await feishuWith(answers);
  expect(await lookAtFeishuApp(feishu, directWayOut)).toBe(`signed in; the bot is in use${rest}`);
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
  [
    'a permission that was not granted',
    granting(['im:message:send_as_bot'], ['im:message.p2p_msg:readonly']),
    'without im:message.p2p_msg:readonly: apply for them under Permissions in the developer console and publish a version.',
  ],
  ['another server', {}, 'check FEISHU_DOMAIN'],
])('Feishu with %s is told in words', async (_what, answers, sentence) => {
  const feishu = await feishuWith(answers);
  await expect(lookAtFeishuApp(feishu, directWayOut)).rejects.toThrow(sentence);
});
