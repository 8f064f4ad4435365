import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { createEnforcedLimits } from './enforced-limits.ts';

/** What a stand-in took, as it came. */
export interface Taken {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The next request is answered so, and nothing is taken; or taken, and never answered. */
export type RobotFailure =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'silence' };

export type RobotServer = Awaited<ReturnType<typeof startRobotServer>>;

const wecomBytesMax = 4_096;
const dingtalkHourMs = 3_600_000;
const perMinute = [{ calls: 'post', per: 'conversation', count: 20, perMs: 60_000 }] as const;

/**
 * Loopback stand-ins that behave as documented: DingTalk's and WeCom's robots, and a receiver of webhooks that checks
 * signatures with the specification's own library and drops copies.
 */
export async function startRobotServer(secrets: {
  readonly dingtalkToken: string;
  readonly dingtalkSecret: string;
  readonly wecomKey: string;
  /** whsec_… */
  readonly webhookSecret: string;
}) {
  const taken: Taken[] = [];
  const failures: RobotFailure[] = [];
  const limits = createEnforcedLimits(perMinute);
  const webhook = new Webhook(secrets.webhookSecret);

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Buffer));
    const text = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const failure = failures.shift();
    if (failure?.kind === 'answer')
      return reply(response, failure.status, failure.body, failure.headers);
    const refusal = refusalOf(url, headers, text);
    if (refusal !== null) return reply(response, refusal.status, refusal.body);
    const copy = taken.find(
      (one) =>
        headers['webhook-id'] !== undefined && one.headers['webhook-id'] === headers['webhook-id'],
    );
    if (copy === undefined) {
      taken.push({ path: url.pathname, headers, body: JSON.parse(text) as Taken['body'] });
    }
    if (failure?.kind === 'silence') return;
    reply(response, 200, url.pathname === '/hook' ? '' : '{"errcode":0,"errmsg":"ok"}');
  }

  function refusalOf(
    url: URL,
    headers: Readonly<Record<string, string>>,
    text: string,
  ): { readonly status: number; readonly body: string } | null {
    const code = (errcode: number) => ({
      status: 200,
      body: JSON.stringify({ errcode, errmsg: 'refused' }),
    });
    const conversation = url.pathname;
    switch (url.pathname) {
      case '/robot/send': {
        if (url.searchParams.get('access_token') !== secrets.dingtalkToken) return code(300001);
        const timestamp = url.searchParams.get('timestamp') ?? '';
        const expected = createHmac('sha256', secrets.dingtalkSecret)
          .update(`${timestamp}\n${secrets.dingtalkSecret}`)
          .digest('base64');
        const isNow = Math.abs(Date.now() - Number(timestamp)) < dingtalkHourMs;
        if (!isNow || url.searchParams.get('sign') !== expected) return code(310000);
        const { markdown } = JSON.parse(text) as { markdown?: { text?: string } };
        if ((markdown?.text ?? '') === '') return code(400106);
        const late = limits.admit({ calls: 'post', conversation, message: '' }, Date.now());
        return late > 0 ? code(130101) : null;
      }
      case '/cgi-bin/webhook/send': {
        if (url.searchParams.get('key') !== secrets.wecomKey) return code(93000);
        const { markdown } = JSON.parse(text) as { markdown?: { content?: string } };
        const content = markdown?.content ?? '';
        if (content === '') return code(44004);
        if (Buffer.byteLength(content, 'utf8') > wecomBytesMax) return code(45002);
        const late = limits.admit({ calls: 'post', conversation, message: '' }, Date.now());
        return late > 0 ? code(45009) : null;
      }
      case '/hook':
        try {
          webhook.verify(text, { ...headers });
          return null;
        } catch {
          return { status: 401, body: '' };
        }
      default:
        return { status: 404, body: '' };
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    origin,
    variables: {
      DINGTALK_WEBHOOK: `${origin}/robot/send?access_token=${secrets.dingtalkToken}`,
      DINGTALK_SECRET: secrets.dingtalkSecret,
      WECOM_WEBHOOK: `${origin}/cgi-bin/webhook/send?key=${secrets.wecomKey}`,
      OPS_WEBHOOK_URL: `${origin}/hook`,
      OPS_WEBHOOK_SECRET: secrets.webhookSecret,
    } as Readonly<Record<string, string>>,
    taken: taken as readonly Taken[],
    failNext: (failure: RobotFailure): void => {
      failures.push(failure);
    },
    close: async (): Promise<void> => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function reply(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
