import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createFeishuInbound } from '../../bot/feishu/inbound.ts';
import type { InboundDependencies } from '../../bot/interaction.ts';
import { createSlackInbound } from '../../bot/slack/inbound.ts';
import { createMemoryEvents } from '../support/memory-events.ts';
import { samplePerson } from '../support/views.ts';

const nowMs = Date.UTC(2026, 10, 22, 1, 30);
const timestamp = String(nowMs / 1000);
const nowhere = 'http://127.0.0.1:9';
const signingSecret = 'slack-signing-secret';
const encryptKey = 'feishu-encrypt-key';
const verificationToken = 'feishu-verification-token';

let interacted = 0;
const dependencies: InboundDependencies = {
  interact: async () => {
    interacted += 1;
    return { kind: 'done', text: '好' };
  },
  suggest: async () => [],
  findPerson: async () => samplePerson('li-lei'),
  events: createMemoryEvents().events,
  meet: async () => {},
  refuseAtDoor: async () => {},
  now: () => nowMs,
};
const slack = createSlackInbound(dependencies, {
  token: 'xoxb-1',
  signingSecret,
  apiUrl: `${nowhere}/api/`,
  timeoutMs: 200,
  formPatienceMs: 50,
  onError: () => {},
});
const feishu = createFeishuInbound(dependencies, {
  appId: 'cli_0123456789abcdef',
  appSecret: 'secret',
  domain: nowhere,
  timeoutMs: 200,
  patienceMs: 50,
  encryptKey,
  verificationToken,
  mode: 'webhook',
  onError: () => {},
});
beforeEach(() => {
  interacted = 0;
});
afterAll(async () => {
  await Promise.all([slack.stop(), feishu.stop()]);
});

function slackRequest(body: string, contentType: string, secret = signingSecret): Request {
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return new Request('http://127.0.0.1/slack/events', {
    method: 'POST',
    headers: {
      'content-type': contentType,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
}

const encrypt = (text: string): string => {
  const iv = randomBytes(16);
  const key = createHash('sha256').update(encryptKey).digest();
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
};

function feishuRequest(body: string, key = encryptKey): Request {
  const signature = createHash('sha256').update(`${timestamp}n${key}`).update(body).digest('hex');
  return new Request('http://127.0.0.1/feishu/events', {
    method: 'POST',
    headers: {
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': 'n',
      'x-lark-signature': signature,
    },
    body,
  });
}

const json = fc.jsonValue({ maxDepth: 3 });
const odd = fc.oneof(json, fc.constant({}), fc.constant(null), fc.constant('x'.repeat(5_000)));

/** What the platforms send, with anything in any place. */
const slackPayloads = fc.oneof(
  fc.dictionary(fc.string(), json),
  fc.record(
    {
      type: fc.oneof(
        fc.constantFrom('block_actions', 'view_submission', 'event_callback', 'block_suggestion'),
        odd,
      ),
      user: fc.oneof(fc.constant({ id: 'U1' }), odd),
      team: odd,
      view: fc.oneof(
        fc.record({
          callback_id: fc.constantFrom('tagwarden-form', 'x'),
          state: odd,
          private_metadata: odd,
          id: odd,
        }),
        odd,
      ),
      actions: fc.oneof(
        fc.array(
          fc.record({ action_id: fc.constantFrom('tagwarden:0', 'x'), type: odd, value: odd }),
        ),
        odd,
      ),
      event: fc.oneof(
        fc.record({
          type: fc.constantFrom('message', 'app_mention', 'app_home_opened'),
          user: odd,
          text: odd,
          channel_type: fc.constantFrom('im'),
          tab: fc.constantFrom('home'),
        }),
        odd,
      ),
      event_id: odd,
      command: fc.oneof(fc.constant('/tagwarden'), odd),
      action_id: odd,
      block_id: odd,
      value: odd,
      response_url: odd,
      trigger_id: odd,
    },
    { requiredKeys: [] },
  ),
);
const feishuPayloads = fc.oneof(
  fc.dictionary(fc.string(), json),
  fc.record(
    {
      schema: fc.oneof(fc.constant('2.0'), odd),
      header: fc.oneof(
        fc.record({
          token: fc.constant(verificationToken),
          event_id: odd,
          event_type: fc.oneof(
            fc.constantFrom(
              'card.action.trigger',
              'im.message.receive_v1',
              'application.bot.menu_v6',
            ),
            odd,
          ),
        }),
        odd,
      ),
      event: fc.oneof(
        fc.record({
          operator: fc.oneof(fc.constant({ open_id: 'ou_1' }), odd),
          context: fc.oneof(fc.constant({ open_message_id: 'om_1' }), odd),
          action: odd,
          sender: odd,
          message: odd,
        }),
        odd,
      ),
      type: odd,
      uuid: odd,
      token: fc.constantFrom(verificationToken, 'x'),
    },
    { requiredKeys: [] },
  ),
);

describe('what is signed but makes no sense', () => {
  it('is answered by Slack’s door, and never by an error of ours', async () => {
    const property = fc.asyncProperty(slackPayloads, fc.boolean(), async (payload, isForm) => {
      const text = JSON.stringify(payload);
      const response = await slack.handle(
        isForm
          ? slackRequest(
              new URLSearchParams({ payload: text }).toString(),
              'application/x-www-form-urlencoded',
            )
          : slackRequest(text, 'application/json'),
      );
      expect(response.status, text).toBeLessThan(500);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('is answered by Feishu’s door, and never by an error of ours', async () => {
    const property = fc.asyncProperty(feishuPayloads, async (payload) => {
      const text = JSON.stringify(payload);
      const body = JSON.stringify({ encrypt: encrypt(text) });
      const response = await feishu.handleCards(feishuRequest(body));
      expect(response.status, text).toBeLessThan(500);
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

describe('what nobody signed', () => {
  it('is refused by both doors, whatever it is, and nothing is done', async () => {
    const property = fc.asyncProperty(
      slackPayloads,
      feishuPayloads,
      fc.string({ minLength: 1 }),
      async (forSlack, forFeishu, secret) => {
        const asked = slackRequest(JSON.stringify(forSlack), 'application/json', `x${secret}`);
        expect((await slack.handle(asked)).status).toBe(401);
        const body = JSON.stringify({ encrypt: encrypt(JSON.stringify(forFeishu)) });
        expect((await feishu.handleEvents(feishuRequest(body, `x${secret}`))).status).toBe(401);
      },
    );
    await fc.assert(property, { numRuns: 200 });
    expect(interacted).toBe(0);
  });
});
