import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { createFeishuChannel } from '../../../bot/feishu/channel.ts';
import {
  createFeishuInbound,
  type FeishuInbound,
  type FeishuInboundOptions,
} from '../../../bot/feishu/inbound.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import type { InboundDependencies, Interaction, Reply } from '../../../bot/interaction.ts';
import type { Person } from '../../../domain/person.ts';
import { sampleForm } from '../../support/channel-contract.ts';
import { clickables, fillForm, readCard, readForm } from '../../support/feishu-reader.ts';
import { createMemoryEvents } from '../../support/memory-events.ts';
import {
  startFeishuServer,
  type FeishuMessageSeen,
  type FeishuNode,
  type FeishuServer,
} from '../../support/feishu-server.ts';
import {
  buildWarningView,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

const appId = 'cli_0123456789abcdef';
const appSecret = 'inbound-app-secret';
const encryptKey = 'inbound-encrypt-key';
const verificationToken = 'inbound-verification-token';
const liLei = samplePerson('li-lei');
const openId = String(liLei.feishuOpenId);
const card = warningCard(buildWarningView(), liLei, {
  publicUrl: samplePublicUrl,
  nowMs: sampleNowMs,
});

let server: FeishuServer;
let dependencies: InboundDependencies;
let options: FeishuInboundOptions;
let inbound: FeishuInbound;
let interacted: Interaction[];
let refused: string[];
let errors: { error: unknown; reference: string }[];
let interact: (interaction: Interaction) => Promise<Reply>;
let kept: ReturnType<typeof createMemoryEvents>;
let overrides: Partial<InboundDependencies>;

beforeEach(async () => {
  interacted = [];
  refused = [];
  errors = [];
  overrides = {};
  interact = async () => ({ kind: 'done', text: '已认领' });
  kept = createMemoryEvents();
  server = await startFeishuServer({
    appId,
    appSecret,
    encryptKey,
    verificationToken,
    openIds: [openId],
    deliver: (request) => inbound.handleEvents(request),
  });
  dependencies = {
    interact: async (_person, _through, interaction) => {
      interacted.push(interaction);
      return interact(interaction);
    },
    suggest: async () => [],
    findPerson: async (...given) =>
      overrides.findPerson === undefined ? liLei : overrides.findPerson(...given),
    events: kept.events,
    meet: async () => {},
    refuseAtDoor: async (_channel, reason) => {
      refused.push(reason);
    },
    now: () => Date.now(),
  };
  options = {
    appId,
    appSecret,
    domain: server.origin,
    encryptKey,
    verificationToken,
    mode: 'webhook',
    patienceMs: 60_000,
    onError: (error, reference) => errors.push({ error, reference }),
  };
  inbound = createFeishuInbound(dependencies, options);
  const channel = createFeishuChannel({ appId, appSecret, domain: server.origin });
  await channel.post({ deliveryId: 'd1', recipient: liLei, card });
});

afterEach(async () => {
  await inbound.stop();
  await server.close();
});

/** For what is about answers that take too long; elsewhere a busy machine may take its time. */
function losePatienceSoon(): void {
  inbound = createFeishuInbound(dependencies, { ...options, patienceMs: 100 });
}

function posted(): FeishuMessageSeen {
  const [message] = server.messages;
  if (message === undefined) throw new Error('Nothing was posted.');
  return message;
}

function actionOf(label: string): FeishuNode {
  const found = clickables(posted().card).find((one) => one.label === label);
  if (found === undefined) throw new Error(`Nothing says ${label}.`);
  return found.action;
}

const click = (label: string) => server.click(posted(), actionOf(label), openId);
const toasts = () => server.toasts.map(({ content }) => content);
const directs = () => server.messages.slice(1).map((message) => readCard(message.card));

/** A promise and what resolves it. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
  const made = { opened: Promise.resolve(), open: (): void => {} };
  made.opened = new Promise((resolve) => {
    made.open = resolve;
  });
  return made;
}

describe('a callback', () => {
  it('is answered with a toast that only whoever clicked sees', async () => {
    await click('认领');
    expect(server.toasts).toEqual([{ openId, type: 'success', content: '已认领' }]);
    expect(directs()).toEqual([]);
  });

  it('is answered by a message where a toast would pass too soon', async () => {
    const text =
      '这条预警已经由韩梅梅认领，她正在处理。如果你也要处理，请先在记录里看她做了什么，再联系她。';
    interact = async () => ({ kind: 'refused', text });
    await click('认领');
    expect(toasts()).toEqual([]);
    expect(directs()).toEqual([text]);
  });

  it('does one thing however often it comes', async () => {
    const payload = server.clickPayload(posted(), actionOf('认领'), openId);
    await server.send(payload, { path: '/feishu/cards' });
    const sentAnew = await server.send(payload, { path: '/feishu/cards' });
    await inbound.settled();
    expect(sentAnew.status).toBe(200);
    expect(refused).toEqual([]);
    expect(interacted).toHaveLength(1);
  });

  it('copied byte for byte is shut out, and written down', async () => {
    const sent = await click('认领');
    const copy = await sent.again();
    await inbound.settled();
    expect([sent.status, copy.status]).toEqual([200, 401]);
    expect(refused).toEqual(['a request that was replayed']);
    expect(interacted).toHaveLength(1);
  });

  it('without signatures is done once and acknowledged however often it comes', async () => {
    const unsigned = createFeishuInbound(dependencies, { ...options, encryptKey: null });
    const payload = server.clickPayload(posted(), actionOf('认领'), openId);
    const body = JSON.stringify(payload);
    const knock = () =>
      unsigned.handleCards(new Request('http://127.0.0.1/', { method: 'POST', body }));
    const statuses = [(await knock()).status, (await knock()).status];
    await unsigned.stop();
    expect(statuses).toEqual([200, 200]);
    expect(refused).toEqual([]);
    expect(interacted).toHaveLength(1);
  });

  it('does one thing when it is clicked twice in haste', async () => {
    losePatienceSoon();
    const answered = gate();
    interact = async () => {
      await answered.opened;
      return { kind: 'done', text: '已认领' };
    };
    const first = click('认领');
    const second = click('认领');
    await Promise.all([first, second]);
    answered.open();
    await inbound.settled();
    expect(interacted).toHaveLength(1);
    expect(directs()).toEqual(['✅ 已认领']);
  });

  it('is done although a copy of it is about to be recorded before it', async () => {
    losePatienceSoon();
    const recorded = gate();
    kept.beforeAccept(async (event) => {
      if (event.kept !== null) await recorded.opened;
    });
    const payload = server.clickPayload(posted(), actionOf('认领'), openId);
    const send = () => server.send(payload, { path: '/feishu/cards' });
    const answers = await Promise.all([send(), send()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    recorded.open();
    await inbound.settled();
    expect(interacted).toHaveLength(1);
  });

  it('is answered in time although the work hangs, and told afterwards how it went', async () => {
    losePatienceSoon();
    const answered = gate();
    interact = async () => {
      await answered.opened;
      return { kind: 'done', text: '已认领' };
    };
    const sent = await click('认领');
    expect(sent.status).toBe(200);
    expect(toasts().join()).toContain('正在处理');
    expect(directs()).toEqual([]);
    answered.open();
    await inbound.settled();
    expect(directs()).toEqual(['✅ 已认领']);
  });

  it('is answered in time although the database hangs', async () => {
    losePatienceSoon();
    const accepted = gate();
    kept.beforeAccept(() => accepted.opened);
    const sent = await click('认领');
    expect(sent.status).toBe(200);
    expect(toasts().join()).toContain('正在处理');
    accepted.open();
    await inbound.settled();
    expect(directs()).toEqual(['✅ 已认领']);
  });

  it('says that a button of another version is out of date', async () => {
    await server.click(posted(), { tag: 'button', value: { action: { kind: 'gone' } } }, openId);
    expect(interacted).toEqual([]);
    expect(toasts()).toEqual(['这个按钮或表单已经过时，请在最新的卡片上操作。']);
  });

  it('of an old kind is worked on, and answered in the conversation', async () => {
    const body = JSON.stringify({
      open_id: openId,
      user_id: 'u1',
      open_message_id: posted().messageId,
      tenant_key: 'tenant',
      token: 'c-old',
      action: actionOf('认领'),
    });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHash('sha1')
      .update(`${timestamp}n${verificationToken}${body}`)
      .digest('hex');
    const response = await inbound.handleCards(
      new Request('http://127.0.0.1/feishu/cards', {
        method: 'POST',
        headers: {
          'x-lark-request-timestamp': timestamp,
          'x-lark-request-nonce': 'n',
          'x-lark-signature': signature,
        },
        body,
      }),
    );
    expect(await response.json()).toEqual({});
    expect(interacted).toHaveLength(1);
    expect(directs()).toEqual(['✅ 已认领']);
  });
});

describe('what cannot be done now', () => {
  it('is kept, and done and told as soon as it can be', async () => {
    const replies: Reply[] = [{ kind: 'refused', text: '没有响应', isPassing: true }];
    interact = async () => replies.shift() ?? { kind: 'done', text: '已认领' };
    await click('认领');
    await inbound.settled();
    expect([...toasts(), ...directs()].join()).toContain('恢复后会自动完成');
    await inbound.start();
    await expect.poll(directs, { timeout: 60_000 }).toContain('✅ 已认领');
    await inbound.settled();
    expect(interacted).toHaveLength(2);
    expect(kept.waiting()).toEqual([]);
  });
});

describe('a form', () => {
  async function openForm(): Promise<FeishuMessageSeen> {
    interact = async () => ({ kind: 'form', form: sampleForm });
    await click('不是冲突…');
    await inbound.settled();
    const message = server.messages.at(-1);
    if (message === undefined || readForm(message.card) === null) throw new Error('No form.');
    return message;
  }

  it('is a card of its own in the direct conversation, which cannot be passed on', async () => {
    const message = await openForm();
    expect(message.openId).toBe(openId);
    expect(message.card['config']).toMatchObject({ enable_forward: false });
    expect(server.messages).toHaveLength(2);
  });

  it('gives its place to how it ended', async () => {
    const message = await openForm();
    interact = async () => ({ kind: 'refused', text: '请填写说明。' });
    const filled = fillForm(message.card, { reason: 'other', person: 'lin-tao' });
    await server.click(message, filled, openId);
    expect(directs()).toEqual(['请填写说明。']);
    expect(toasts()).toEqual([]);
  });

  it('gives way while the work takes long, and then to how it ended', async () => {
    losePatienceSoon();
    const message = await openForm();
    const answered = gate();
    interact = async () => {
      await answered.opened;
      return { kind: 'done', text: '已关闭' };
    };
    const filled = fillForm(message.card, { reason: 'other', person: 'lin-tao' });
    await server.click(message, filled, openId);
    expect(directs().join()).toContain('正在处理');
    expect(readForm(server.messages.at(-1)?.card ?? {})).toBeNull();
    answered.open();
    await inbound.settled();
    expect(directs()).toEqual(['✅ 已关闭']);
    expect(server.messages).toHaveLength(2);
  });

  it('says how it ended in a message where its card cannot be changed any more', async () => {
    losePatienceSoon();
    const message = await openForm();
    const answered = gate();
    interact = async () => {
      await answered.opened;
      return { kind: 'done', text: '已关闭' };
    };
    await server.click(message, fillForm(message.card, { person: 'lin-tao' }), openId);
    server.failNext({ kind: 'code', code: 230031 });
    answered.open();
    await inbound.settled();
    expect(directs().at(-1)).toBe('✅ 已关闭');
    expect(server.messages).toHaveLength(3);
  });

  it('can be left, without anything happening', async () => {
    const message = await openForm();
    const before = interacted.length;
    const cancel = clickables(message.card).find(({ label }) => label === '取消');
    await server.click(message, cancel?.action ?? {}, openId);
    expect(interacted).toHaveLength(before);
    expect(directs()).toEqual(['已取消，没有做任何改动。']);
  });
});

describe('words', () => {
  const say = (text: string, more: FeishuNode = {}) =>
    server.send(server.messagePayload(text, openId, more));

  it('are answered in the direct conversation', async () => {
    interact = async () => ({ kind: 'card', card: { ...card, title: '我的预警' } });
    expect((await say('预警')).body).toBe('{}');
    await inbound.settled();
    expect(interacted).toEqual([{ kind: 'words', text: '预警' }]);
    expect(directs().join()).toContain('我的预警');
  });

  it('in a group count where the bot is named, and are answered privately', async () => {
    const bot = { key: '@_user_1', name: 'Tagwarden', id: { open_id: 'ou_bot', user_id: '' } };
    const colleague = { key: '@_user_2', name: '王芳', id: { open_id: 'ou_x', user_id: 'u2' } };
    const group = { chat_type: 'group', chat_id: 'oc_group', mentions: [bot, colleague] };
    await say('@_user_1 搜索 @_user_2', group);
    await say('@_user_2 看一下', group);
    await say('大家好', { chat_type: 'group', chat_id: 'oc_group' });
    await inbound.settled();
    expect(interacted).toEqual([{ kind: 'words', text: '搜索 @王芳' }]);
    expect(server.messages.slice(1).map((message) => message.openId)).toEqual([openId]);
  });

  it('come from the bot’s menu too', async () => {
    const event = { operator: { operator_id: { open_id: openId } }, event_key: 'inbox' };
    await server.send(server.eventPayload('application.bot.menu_v6', event));
    await inbound.settled();
    expect(interacted).toEqual([{ kind: 'words', text: 'inbox' }]);
  });

  it('need not be said by whoever comes for the first time: they are greeted, and nobody twice', async () => {
    const type = 'im.chat.access_event.bot_p2p_chat_entered_v1';
    const entered = { chat_id: 'oc_1', operator_id: { open_id: openId } };
    await server.send(server.eventPayload(type, entered));
    await server.send(server.eventPayload(type, { ...entered, last_message_id: 'om_1' }));
    await inbound.settled();
    expect(interacted).toEqual([{ kind: 'words', text: '' }]);
  });

  it('are not what bots say, pictures, or events of another kind', async () => {
    const { event, ...payload } = server.messagePayload('预警', openId);
    const sender = { sender_type: 'app', sender_id: { open_id: openId } };
    await server.send({ ...payload, event: { ...(event as FeishuNode), sender } });
    await say('预警', { message_type: 'image' });
    await say('预警', { content: '{' });
    const other = await server.send(server.eventPayload('im.chat.updated_v1', {}));
    await inbound.settled();
    expect(other.body).toBe('{}');
    expect(interacted).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('are sent again by Feishu where they could not be recorded, and then done once', async () => {
    kept.beforeAccept(() => Promise.reject(new Error('database is down')));
    const sent = await say('预警');
    expect(sent.status).toBe(500);
    kept.beforeAccept(async () => {});
    const sentAgain = await sent.again();
    await inbound.settled();
    expect(sentAgain.status).toBe(200);
    expect(interacted).toHaveLength(1);
  });
});

describe('what goes wrong', () => {
  it('is refused at the door, and recorded', async () => {
    const forged = await server.send(server.messagePayload('预警', openId), {
      encryptKey: 'other',
    });
    const plain = await server.send(server.messagePayload('预警', openId), { encryptKey: null });
    const nothing = await server.sendRaw('null', encryptKey);
    await inbound.settled();
    expect([forged.status, plain.status, nothing.status]).toEqual([401, 401, 400]);
    expect(refused).toHaveLength(3);
    expect(interacted).toEqual([]);
  });

  it('answers the check of the address', async () => {
    const sent = await server.send({
      type: 'url_verification',
      challenge: 'abc',
      token: verificationToken,
    });
    expect(sent.body).toBe('{"challenge":"abc"}');
  });

  it('gives whoever clicked a reference that the log has too', async () => {
    interact = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7'));
    await click('认领');
    await inbound.settled();
    const heard = [...toasts(), ...directs()].join();
    expect(errors).toHaveLength(1);
    expect(heard).toContain(errors[0]?.reference);
    expect(heard).not.toContain('10.0.0.7');
  });

  it('is kept where it cannot be told yet who clicked', async () => {
    overrides.findPerson = () => Promise.reject(new Error('database is down'));
    await click('认领');
    await inbound.settled();
    expect(directs().join()).toContain('恢复后会自动完成');
  });

  it('takes somebody who has left for nobody', async () => {
    const left: Person = { ...liLei, status: 'left' };
    overrides.findPerson = () => Promise.resolve(left);
    await click('认领');
    await inbound.settled();
    expect(interacted).toEqual([]);
    expect(directs().join()).toContain(openId);
  });

  it('still answers where Feishu takes no message', async () => {
    interact = async () => ({ kind: 'form', form: sampleForm });
    server.failNext({ kind: 'code', code: 230013 });
    const sent = await click('修复…');
    expect(sent.status).toBe(200);
    expect(toasts().join()).toContain(errors[0]?.reference);
    expect(String(errors[0]?.error)).toContain('230013');
    expect(String(errors[0]?.error)).not.toContain(appSecret);
  });

  it('is said at once where a click could not be recorded', async () => {
    kept.beforeAccept(() => Promise.reject(new Error('database is down')));
    const sent = await click('认领');
    expect(sent.status).toBe(200);
    expect(toasts().join()).toContain('没能收下这次操作');
    expect(errors).toHaveLength(1);
    expect(interacted).toEqual([]);
  });

  it('is said on the form where it went wrong late', async () => {
    losePatienceSoon();
    interact = async () => ({ kind: 'form', form: sampleForm });
    await click('不是冲突…');
    const message = server.messages.at(-1);
    if (message === undefined) throw new Error('No form.');
    const recorded = gate();
    kept.beforeAccept(async () => {
      await recorded.opened;
      throw new Error('database is down');
    });
    await server.click(message, fillForm(message.card, { person: 'lin-tao' }), openId);
    recorded.open();
    await inbound.settled();
    expect(directs()).toHaveLength(1);
    expect(directs().join()).toContain('没能收下这次操作');
  });

  it('is refused, not done, where a callback makes no sense', async () => {
    const sent = await server.send(server.eventPayload('card.action.trigger', { operator: {} }));
    expect(sent.status).toBe(400);
    expect(refused).toEqual(['a callback that is not what Feishu sends']);
    expect(errors).toEqual([]);
  });
});
