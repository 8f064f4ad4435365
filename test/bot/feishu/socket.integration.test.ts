import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFeishuChannel } from '../../../bot/feishu/channel.ts';
import { createFeishuInbound, type FeishuInbound } from '../../../bot/feishu/inbound.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import type { Interaction, Reply } from '../../../bot/interaction.ts';
import { sampleForm } from '../../support/channel-contract.ts';
import { clickables, fillForm, readCard, readForm } from '../../support/feishu-reader.ts';
import {
  startFeishuServer,
  type FeishuNode,
  type FeishuServer,
} from '../../support/feishu-server.ts';
import { createMemoryEvents } from '../../support/memory-events.ts';
import {
  buildWarningView,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

const appId = 'cli_0123456789abcdef';
const appSecret = 'socket-app-secret';
const liLei = samplePerson('li-lei');
const openId = String(liLei.feishuOpenId);

let server: FeishuServer;
let inbound: FeishuInbound;
let interacted: Interaction[];
let errors: unknown[];
let reply: Reply;
let kept: ReturnType<typeof createMemoryEvents>;

function createInbound(account: { appId: string; appSecret: string }): FeishuInbound {
  return createFeishuInbound(
    {
      interact: async (_person, _through, interaction) => {
        interacted.push(interaction);
        return reply;
      },
      suggest: async () => [],
      findPerson: async () => liLei,
      events: kept.events,
      meet: async () => {},
      refuseAtDoor: async () => {},
      now: () => Date.now(),
    },
    {
      ...account,
      domain: server.origin,
      encryptKey: null,
      verificationToken: null,
      mode: 'websocket',
      onError: (error) => errors.push(error),
    },
  );
}

beforeEach(async () => {
  interacted = [];
  errors = [];
  reply = { kind: 'done', text: '已认领' };
  kept = createMemoryEvents();
  server = await startFeishuServer({
    appId,
    appSecret,
    encryptKey: null,
    verificationToken: 'unused',
    openIds: [openId],
    deliver: (request) => inbound.handleEvents(request),
  });
  inbound = createInbound({ appId, appSecret });
});

afterEach(async () => {
  await inbound.stop();
  await server.close();
});

/** Feishu knows of a connection a moment after the SDK says that it stands. */
function untilConnected(): Promise<void> {
  return vi.waitFor(() => expect(server.socketsOpened()).toBe(1), { timeout: 60_000 });
}

describe('the long connection', () => {
  it('carries clicks, forms and words, from the card to how it ended', async () => {
    await inbound.start();
    const channel = createFeishuChannel({ appId, appSecret, domain: server.origin });
    const card = warningCard(buildWarningView(), liLei, {
      publicUrl: samplePublicUrl,
      nowMs: sampleNowMs,
    });
    await channel.post({ deliveryId: 'd1', recipient: liLei, card });
    const posted = server.messages[0];
    const button = clickables(posted?.card ?? {}).find(({ label }) => label === '认领');
    if (posted === undefined || button === undefined) throw new Error('No card.');
    expect(await server.sendOverSocket(server.clickPayload(posted, button.action, openId))).toEqual(
      { code: 200, data: { toast: { type: 'success', content: '已认领' } } },
    );

    reply = { kind: 'form', form: sampleForm };
    await server.sendOverSocket(server.clickPayload(posted, button.action, openId));
    await inbound.settled();
    const form = server.messages[1];
    if (form === undefined || readForm(form.card) === null) throw new Error('No form.');
    reply = { kind: 'done', text: '已关闭' };
    const filled = fillForm(form.card, { reason: 'other', person: 'lin-tao' });
    const answer = await server.sendOverSocket(server.clickPayload(form, filled, openId));
    server.applyAnswer(openId, form.messageId, answer['data'] as FeishuNode);
    expect(readCard(server.messages[1]?.card ?? {})).toBe('✅ 已关闭');

    await server.sendOverSocket(server.messagePayload('预警', openId));
    await inbound.settled();
    expect(interacted.map(({ kind }) => kind)).toEqual(['button', 'button', 'form', 'words']);
    expect(errors).toEqual([]);
  });

  it('does one thing however often an event comes', async () => {
    await inbound.start();
    const payload = server.messagePayload('预警', openId);
    await server.sendOverSocket(payload);
    await server.sendOverSocket(payload);
    await inbound.settled();
    expect(interacted).toHaveLength(1);
  });

  it('does once what comes with the answer that opens it, whether that was heard or only its repetition', async () => {
    const said = server.messagePayload('预警', openId);
    const answered = server.sendWithUpgrade(said);
    await inbound.start();
    expect(await answered).toMatchObject({ code: 200 });
    await inbound.settled();
    expect(interacted).toEqual([{ kind: 'words', text: '预警' }]);
  });

  it('has an event sent again that could not be recorded', async () => {
    await inbound.start();
    kept.beforeAccept(() => Promise.reject(new Error('database is down')));
    const answer = await server.sendOverSocket(server.messagePayload('预警', openId));
    expect(answer['code']).toBe(500);
    expect(errors).toHaveLength(1);
  });

  it('is opened again after it broke, also when Feishu is away for a while', async () => {
    await inbound.start();
    await untilConnected();
    server.setEndpointDown(true);
    for (const socket of server.sockets) socket.terminate();
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(0), { timeout: 60_000 });
    server.setEndpointDown(false);
    await vi.waitFor(() => expect(server.socketsOpened()).toBe(2), { timeout: 60_000 });
    await server.sendOverSocket(server.messagePayload('预警', openId));
    await inbound.settled();
    expect(interacted).toHaveLength(1);
  });

  it('says at once that the secret is wrong', async () => {
    const wrong = createInbound({ appId, appSecret: 'wrong-secret' });
    await expect(wrong.start()).rejects.toMatchObject({ kind: 'auth' });
    await wrong.stop();
    expect(errors.map(String).join()).not.toContain('wrong-secret');
  });

  it('says at once that the app ID is none', async () => {
    await expect(createInbound({ appId: 'x', appSecret }).start()).rejects.toMatchObject({
      kind: 'auth',
    });
  });

  it('goes on trying where Feishu cannot be reached at first', async () => {
    server.setEndpointDown(true);
    await inbound.start();
    server.setEndpointDown(false);
    await vi.waitFor(() => expect(server.socketsOpened()).toBe(1), { timeout: 60_000 });
  });

  it('is closed for good', async () => {
    await inbound.start();
    await untilConnected();
    await inbound.stop();
    await vi.waitFor(() => expect(server.sockets.size).toBe(0), { timeout: 60_000 });
    expect(server.socketsOpened()).toBe(1);
  });
});
