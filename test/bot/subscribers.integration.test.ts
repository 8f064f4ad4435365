import { describe, expect, it } from 'vitest';
import { plain, type Card } from '../../bot/card.ts';
import type { Channel, MessageRef } from '../../bot/channel.ts';
import { createDingtalkOutlet, renderForDingtalk } from '../../bot/dingtalk/outlet.ts';
import type { Outlet } from '../../bot/outlet.ts';
import { directWayOut } from '../../bot/way-out.ts';
import { createWebhookOutlet } from '../../bot/webhook/outlet.ts';
import { createWecomOutlet } from '../../bot/wecom/outlet.ts';
import {
  usualSubscriber,
  type Event,
  type Subscriber,
  type SubscriberKind,
} from '../../domain/event.ts';
import {
  describeChannelContract,
  type ContractSetup,
  type PlatformFailure,
} from '../support/channel-contract.ts';
import {
  startRobotServer,
  type RobotFailure,
  type RobotServer,
  type Taken,
} from '../support/robot-server.ts';
import { sampleNowMs, samplePublicUrl } from '../support/views.ts';

const secrets = {
  dingtalkToken: 'dingtalk-token-of-the-contract',
  dingtalkSecret: 'SECdingtalk-secret-of-the-contract',
  wecomKey: 'wecom-key-of-the-contract',
  webhookSecret: `whsec_${Buffer.from('a webhook secret of the contract').toString('base64')}`,
};
const timeoutMs = 1_500;

const webhookSubscriber: Subscriber = {
  ...usualSubscriber('wecom'),
  code: 'ops',
  kind: 'webhook',
  urlVariable: 'OPS_WEBHOOK_URL',
  secretVariable: 'OPS_WEBHOOK_SECRET',
};

const sampleEvent: Event = {
  id: 7,
  key: '0b8b9d1e-52f7-4a83-8c3e-7f1f5a0f7d11',
  atMs: sampleNowMs,
  body: {
    kind: 'warning.opened',
    warningId: 12,
    ruleCode: 'high-value-blacklist',
    severity: 'high',
    ownerCode: 'li-lei',
    customers: 37,
    openedAtMs: sampleNowMs,
    claimDueAtMs: sampleNowMs + 7_200_000,
    closeDueAtMs: sampleNowMs + 86_400_000,
  },
};

function createOutlet(kind: SubscriberKind, server: RobotServer): Outlet {
  const variable = (name: string) => server.variables[name] ?? null;
  const options = { wayOut: directWayOut, variable, now: Date.now, timeoutMs };
  switch (kind) {
    case 'webhook':
      return createWebhookOutlet({ ...options, publicUrl: samplePublicUrl });
    case 'dingtalk':
      return createDingtalkOutlet(options);
    case 'wecom':
      return createWecomOutlet(options);
  }
}

const subscriberOf = (kind: SubscriberKind): Subscriber =>
  kind === 'webhook' ? webhookSubscriber : usualSubscriber(kind);

/** What a group reads; what only parts or escapes is not seen. */
function readMarkdown({ body }: Taken): string {
  const { markdown } = body as { markdown: { text?: string; content?: string } };
  return (markdown.text ?? markdown.content ?? '')
    .replaceAll(/<font color="comment">(.*?)<\/font>/g, '$1')
    .replaceAll('\u200B', '')
    .replaceAll('ˋ', '`')
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1');
}

/** Whoever a message would notify. */
function pingsOf({ body }: Taken): readonly string[] {
  const { at, markdown } = body as {
    at?: { isAtAll?: boolean; atMobiles?: string[] };
    markdown: { content?: string };
  };
  return [
    ...(at?.isAtAll === true ? ['everybody'] : []),
    ...(at?.atMobiles ?? []),
    ...[...(markdown.content ?? '').matchAll(/<@[^>]*>/g)].map(([ping]) => ping),
  ];
}

/** A subscriber's way, as the suite drives channels. */
function setupFor(kind: SubscriberKind): ContractSetup {
  return async () => {
    const server = await startRobotServer(secrets);
    const outlet = createOutlet(kind, server);
    const subscriber = subscriberOf(kind);
    const refs: MessageRef[] = [];
    const post = async (deliveryId: string, card: Card): Promise<MessageRef> => {
      const ref = { channel: kind, conversation: subscriber.code, message: deliveryId } as const;
      const before = server.taken.length;
      try {
        await outlet.post({ deliveryId, subscriber, announcement: { event: sampleEvent, card } });
      } finally {
        if (server.taken.length > before) refs.push(ref);
      }
      return ref;
    };
    const channel: Omit<Channel, 'name'> & { readonly name: string } = {
      name: kind,
      capabilities: outlet.capabilities,
      reaches: () => true,
      post: ({ deliveryId, card }) => post(deliveryId, card),
      update: () => Promise.resolve(),
      retire: () => Promise.resolve('stays'),
      groups: null,
      find: () => Promise.resolve(null),
    };
    return {
      channel: channel as Channel,
      secrets: Object.values(secrets),
      messages: async () =>
        server.taken.map((one, index) => ({
          ref: refs[index] ?? { channel: kind, conversation: '', message: '' },
          text: kind === 'webhook' ? JSON.stringify(one.body) : readMarkdown(one),
          buttons: [],
          pings: kind === 'webhook' ? [] : pingsOf(one),
        })),
      failNext: (failure) => server.failNext(failureOf(kind, failure)),
      inbound: null,
      close: () => server.close(),
    };
  };
}

const answer = (errcode: number): RobotFailure => ({
  kind: 'answer',
  status: 200,
  body: JSON.stringify({ errcode, errmsg: 'refused' }),
});
const status = (code: number, headers: Readonly<Record<string, string>> = {}): RobotFailure => ({
  kind: 'answer',
  status: code,
  body: '',
  headers,
});

function failureOf(kind: SubscriberKind, failure: PlatformFailure): RobotFailure {
  const codes = { dingtalk: [130101, 310000, 400105], wecom: [45009, 93000, 40058] } as const;
  const [tooMany, badKey, badContent] = kind === 'webhook' ? [] : codes[kind];
  switch (failure.kind) {
    case 'rate-limited':
      return tooMany === undefined
        ? status(429, { 'retry-after': String(failure.retryAfterMs / 1000) })
        : answer(tooMany);
    case 'server-error':
      return kind === 'webhook' ? status(500) : answer(-1);
    case 'no-answer':
      return { kind: 'silence' };
    case 'bad-token':
      return badKey === undefined ? status(401) : answer(badKey);
    case 'content-refused':
      return badContent === undefined ? status(422) : answer(badContent);
  }
}

const group = {
  server: true,
  inbound: false,
  unreachable: false,
  people: false,
  cards: true,
} as const;

describeChannelContract('dingtalk', { ...group, retryAfter: false }, setupFor('dingtalk'));
describeChannelContract('wecom', { ...group, retryAfter: false }, setupFor('wecom'));
describeChannelContract(
  'webhook',
  { ...group, cards: false, retryAfter: true },
  setupFor('webhook'),
);

async function withServer(act: (server: RobotServer) => Promise<void>): Promise<void> {
  const server = await startRobotServer(secrets);
  try {
    await act(server);
  } finally {
    await server.close();
  }
}

const card: Card = {
  locale: 'en',
  tint: 'red',
  title: 'Severe · A rule',
  status: 'Unclaimed',
  blocks: [],
  buttons: [],
  menu: [],
  outcome: null,
  url: 'https://tagwarden.example.com/warnings/12',
  summary: 'Severe',
};

describe('a webhook', () => {
  const post = (server: RobotServer, subscriber = webhookSubscriber) =>
    createOutlet('webhook', server).post({
      deliveryId: 'd1',
      subscriber,
      announcement: { event: sampleEvent, card },
    });

  it('says what happened in ids and counts, signed so that the specification’s library takes it', () =>
    withServer(async (server) => {
      await post(server);
      await post(server);
      expect(server.taken).toHaveLength(1);
      expect(server.taken[0]?.headers['webhook-id']).toBe('evt_0b8b9d1e52f74a838c3e7f1f5a0f7d11');
      expect(server.taken[0]?.body).toEqual({
        type: 'warning.opened',
        timestamp: new Date(sampleNowMs).toISOString(),
        data: {
          warningId: 12,
          ruleCode: 'high-value-blacklist',
          severity: 'high',
          ownerCode: 'li-lei',
          customers: 37,
          openedAt: new Date(sampleNowMs).toISOString(),
          claimDueAt: new Date(sampleNowMs + 7_200_000).toISOString(),
          closeDueAt: new Date(sampleNowMs + 86_400_000).toISOString(),
          url: `${samplePublicUrl}/warnings/12`,
        },
      });
    }));

  it.each([
    [301, { location: 'http://127.0.0.1:1/elsewhere' }, 'invalid'],
    [410, {}, 'unreachable'],
    [503, { 'retry-after': '20' }, 'rate-limited'],
    [503, {}, 'server'],
  ] as const)(
    'takes status %s with %j for what it is, and follows nothing',
    (code, headers, kind) =>
      withServer(async (server) => {
        server.failNext(status(code, headers));
        await expect(post(server)).rejects.toMatchObject({ name: 'ChannelError', kind });
        expect(server.taken).toEqual([]);
      }),
  );

  it.each([
    [{ urlVariable: 'NOT_SET' }, 'auth', 'NOT_SET is not set'],
    [{ secretVariable: 'NOT_SET' }, 'auth', 'NOT_SET is not set'],
  ])('with %j says what is missing', (change, kind, message) =>
    withServer(async (server) => {
      const failure = await post(server, { ...webhookSubscriber, ...change }).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ name: 'ChannelError', kind });
      expect(String(failure)).toContain(message);
    }),
  );
});

it.each([
  ['今天 11:30（11-22），共 3 条。', '今天 11:30（11-22），共 3 条。'],
  ['Due 11:30, 2 of 3 (67%)!', 'Due 11:30, 2 of 3 (67%)!'],
  [
    '*b* _i_ `c` [a](b) ~~d~~ <font> |',
    '\\*b\\* \\_i\\_ \\`c\\` \\[a\\](b) \\~\\~d\\~\\~ \\<font\\> \\|',
  ],
  ['# head', '\\# head'],
  ['> quote', '\\> quote'],
  ['- item', '\\- item'],
  ['1. item', '1\\. item'],
  ['https://a.example and www.b.example', 'https\\://a.example and www\\.b.example'],
])('DingTalk is sent %j with no more escaped than would format or link', (said, sent) => {
  const { text } = renderForDingtalk({
    ...card,
    blocks: [{ kind: 'text', text: [plain(said)] }],
  }).markdown;
  expect(text.split('\n\n')[1]).toBe(sent);
});

describe('looking at a subscriber', () => {
  it.each(['webhook', 'dingtalk', 'wecom'] as const)('finds %s well and tells it nothing', (kind) =>
    withServer(async (server) => {
      await createOutlet(kind, server).probe(subscriberOf(kind));
      expect(server.taken).toEqual([]);
    }),
  );

  it.each([
    ['dingtalk', answer(310_000), 'check the address, the secret, and the keywords'],
    ['wecom', answer(93_000), 'check the address with its key'],
  ] as const)('says what is wrong with %s', (kind, failure, sentence) =>
    withServer(async (server) => {
      server.failNext(failure);
      await expect(createOutlet(kind, server).probe(subscriberOf(kind))).rejects.toThrow(sentence);
    }),
  );
});
