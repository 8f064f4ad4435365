import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../../bot/card.ts';
import type { InboundDependencies, Interaction, Reply } from '../../../bot/interaction.ts';
import { createSlackInbound, type SlackInbound } from '../../../bot/slack/inbound.ts';
import { renderCard } from '../../../bot/slack/render.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import type { Person } from '../../../domain/person.ts';
import { sampleForm } from '../../support/channel-contract.ts';
import { createMemoryEvents } from '../../support/memory-events.ts';
import { clickables, fillForm, readBlocks, readForm } from '../../support/slack-reader.ts';
import {
  startSlackServer,
  type SlackMessageSeen,
  type SlackNode,
  type SlackServer,
  type SlackViewSeen,
} from '../../support/slack-server.ts';
import {
  buildWarningView,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

const token = 'xoxb-inbound-token';
const signingSecret = 'inbound-signing-secret';
const liLei = samplePerson('li-lei');
const userId = String(liLei.slackUserId);
const card: Card = warningCard(buildWarningView(), liLei, {
  publicUrl: samplePublicUrl,
  nowMs: sampleNowMs,
});
const posted: SlackMessageSeen = {
  channel: `D${userId.slice(1)}`,
  ts: '1760000000.000100',
  threadTs: null,
  onlyFor: null,
  ...renderCard(card),
  blocks: renderCard(card).blocks as unknown as SlackNode[],
  metadata: null,
};

let server: SlackServer;
let inbound: SlackInbound;
let interacted: Interaction[];
let errors: { error: unknown; reference: string }[];
let refusals: string[];
let interact: (interaction: Interaction) => Promise<Reply>;
let kept: ReturnType<typeof createMemoryEvents>;
let overrides: Partial<InboundDependencies>;

beforeEach(async () => {
  interacted = [];
  errors = [];
  refusals = [];
  overrides = {};
  interact = async () => ({ kind: 'done', text: '已认领' });
  kept = createMemoryEvents();
  server = await startSlackServer({
    token,
    signingSecret,
    userIds: [userId],
    deliver: (request) => inbound.handle(request),
  });
  const dependencies: InboundDependencies = {
    interact: (_person, _through, interaction) => {
      interacted.push(interaction);
      return interact(interaction);
    },
    suggest: async (person, source, text) =>
      source === 'people' && text === '林'
        ? [{ value: 'lin-tao', label: '林涛', hint: person.code }]
        : [],
    findPerson: (channel, platformUserId) =>
      overrides.findPerson?.(channel, platformUserId) ??
      Promise.resolve(platformUserId === userId ? liLei : null),
    events: kept.events,
    meet: async () => {},
    refuseAtDoor: async (_channel, reason) => {
      refusals.push(reason);
    },
    now: () => overrides.now?.() ?? Date.now(),
  };
  inbound = createSlackInbound(dependencies, {
    token,
    signingSecret,
    apiUrl: server.apiUrl,
    formPatienceMs: 20,
    onError: (error, reference) => errors.push({ error, reference }),
  });
});

afterEach(async () => {
  await inbound.stop();
  await server.close();
});

function click(label: string) {
  const found = clickables(posted.blocks).find((each) => each.label === label);
  if (found === undefined) throw new Error(`Nothing says ${label}.`);
  return server.click(posted, found.click, userId);
}

const privateTexts = () =>
  server.messages
    .filter(({ onlyFor, channel }) => onlyFor === userId || channel === posted.channel)
    .map(({ blocks }) => readBlocks(blocks));

const viewTexts = () =>
  [...server.views.values()].map(({ view }) => readBlocks(view['blocks'] as SlackNode[]));

function onlyView(): SlackViewSeen {
  const [view] = server.views.values();
  if (view === undefined) throw new Error('No modal is open.');
  return view;
}

/** A promise and what settles it, for things that hang until the test says so. */
function pending<T>() {
  let settle: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

describe('acknowledging', () => {
  it('answers a click at once while what it does hangs', async () => {
    const hanging = pending<Reply>();
    interact = () => hanging.promise;
    const sent = await click('认领');
    expect(sent.status).toBe(200);
    expect(privateTexts()).toEqual([]);
    hanging.settle({ kind: 'done', text: '已认领' });
    await inbound.settled();
    expect(privateTexts()).toEqual(['✅ 已认领']);
  });

  it('opens a modal at once while its content hangs, and fills it then', async () => {
    const hanging = pending<Reply>();
    interact = () => hanging.promise;
    await click('修复…');
    await expect.poll(viewTexts).toEqual(['正在打开…']);
    hanging.settle({ kind: 'form', form: sampleForm });
    await inbound.settled();
    expect(readForm(onlyView()).fields).toHaveLength(4);
    expect(server.views.size).toBe(1);
  });

  it('shows that a form is worked on where its answer takes longer, and the answer then', async () => {
    interact = async () => ({ kind: 'form', form: sampleForm });
    await click('不是冲突…');
    await inbound.settled();
    const hanging = pending<Reply>();
    interact = () => hanging.promise;
    const sent = await server.submitView(
      onlyView(),
      fillForm(onlyView(), { person: 'lin-tao', comment: '' }),
    );
    expect(sent.status).toBe(200);
    expect(viewTexts().join()).toContain('正在处理');
    hanging.settle({ kind: 'done', text: '已记录。' });
    await inbound.settled();
    expect(viewTexts()).toEqual(['✅ 已记录。']);
  });

  it('tells in the conversation what was done where the modal was closed meanwhile', async () => {
    interact = async () => ({ kind: 'form', form: sampleForm });
    await click('不是冲突…');
    await inbound.settled();
    const hanging = pending<Reply>();
    interact = () => hanging.promise;
    await server.submitView(onlyView(), fillForm(onlyView(), { person: 'lin-tao' }));
    server.views.clear();
    hanging.settle({ kind: 'done', text: '已记录。' });
    await inbound.settled();
    expect(privateTexts()).toEqual(['✅ 已记录。']);
  });

  it('does not acknowledge a message that it could not record, so that Slack sends it again', async () => {
    kept.beforeAccept(() => Promise.reject(new Error('database is down')));
    const said = { type: 'message', channel_type: 'im', user: userId, text: '待办', ts: '1.2' };
    const sent = await server.sendEvent({ ...said, channel: posted.channel });
    await inbound.settled();
    expect(sent.status).toBe(500);
    expect(interacted).toEqual([]);
    expect(errors).toHaveLength(1);
    expect(privateTexts()).toEqual([]);
  });

  it('says at once that a click could not be recorded, since Slack never sends it again', async () => {
    kept.beforeAccept(() => Promise.reject(new Error('database is down')));
    const sent = await click('认领');
    await inbound.settled();
    expect(sent.status).toBe(200);
    expect(interacted).toEqual([]);
    expect(privateTexts().join()).toContain('没能收下这次操作');
  });

  it('says so in the form where a submission could not be recorded', async () => {
    interact = async () => ({ kind: 'form', form: sampleForm });
    await click('不是冲突…');
    await inbound.settled();
    kept.beforeAccept(() => Promise.reject(new Error('database is down')));
    await server.submitView(onlyView(), fillForm(onlyView(), { person: 'lin-tao' }));
    await inbound.settled();
    expect(viewTexts().join()).toContain('没能收下这次操作');
    expect(interacted).toHaveLength(1);
  });

  it('acknowledges in time although the database hangs, says that it is at work, and then how it went', async () => {
    const recorded = pending<void>();
    kept.beforeAccept(() => recorded.promise);
    const sent = await click('认领');
    expect(sent.status).toBe(200);
    await expect.poll(() => privateTexts().join(), { timeout: 60_000 }).toContain('正在处理');
    recorded.settle();
    await inbound.settled();
    expect(privateTexts().at(-1)).toBe('✅ 已认领');
  });

  it('shuts out all but one of simultaneous copies, and writes each down', async () => {
    const recorded = pending<void>();
    kept.beforeAccept(() => recorded.promise);
    const payload = server.clickPayload(posted, clickables(posted.blocks)[0]?.click ?? {}, userId);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const copies = [1, 2, 3].map(() => server.sendInteraction(payload, { timestamp }));
    recorded.settle();
    const statuses = (await Promise.all(copies)).map(({ status }) => status);
    await inbound.settled();
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
    expect(refusals).toEqual(['a request that was replayed', 'a request that was replayed']);
    expect(interacted).toHaveLength(1);
  });
});

describe('what cannot be done now', () => {
  it('is kept, and done and told as soon as it can be', async () => {
    const replies: Reply[] = [{ kind: 'refused', text: '没有响应', isPassing: true }];
    interact = async () => replies.shift() ?? { kind: 'done', text: '已认领' };
    await click('认领');
    await inbound.settled();
    expect(privateTexts().join()).toContain('恢复后会自动完成');
    await inbound.start();
    await expect.poll(privateTexts, { timeout: 60_000 }).toContain('✅ 已认领');
    await inbound.settled();
    expect(interacted).toHaveLength(2);
    expect(kept.waiting()).toEqual([]);
  });

  it('is not kept where it only shows something', async () => {
    interact = async () => ({ kind: 'refused', text: '没有响应', isPassing: true });
    await click('详情');
    await inbound.settled();
    expect(kept.waiting()).toEqual([]);
    expect(viewTexts()).toEqual(['没有响应']);
  });
});

describe('a search', () => {
  it('is answered while somebody types', async () => {
    const ask = (value: string, by = userId) =>
      server.sendInteraction({
        type: 'block_suggestion',
        user: { id: by, team_id: 'T0TEAM' },
        team: { id: 'T0TEAM', domain: 'example' },
        api_app_id: 'A0APP',
        action_id: 'search:people',
        block_id: 'field:person',
        value,
      });
    const found = await ask('林');
    expect(found.status).toBe(200);
    expect(JSON.parse(found.body)).toMatchObject({
      options: [{ value: 'lin-tao', text: { type: 'plain_text', text: '林涛' } }],
    });
    expect(JSON.parse((await ask('王')).body)).toEqual({ options: [] });
  });
});

describe('each event once', () => {
  it('does nothing for an event that Slack sends again', async () => {
    const event = {
      type: 'message',
      channel_type: 'im',
      channel: posted.channel,
      user: userId,
      text: '待办',
      ts: '1.2',
    };
    await server.sendEvent(event, 'Ev0SAME');
    await server.sendEvent(event, 'Ev0SAME');
    await inbound.settled();
    expect(interacted).toEqual([{ kind: 'words', text: '待办' }]);
  });

  it('shuts out a copy of a click, signature and all, and writes it down', async () => {
    const sent = await click('认领');
    await inbound.settled();
    const copy = await sent.again();
    expect([sent.status, copy.status]).toEqual([200, 401]);
    expect(refusals).toEqual(['a request that was replayed']);
    expect(interacted).toHaveLength(1);
  });

  it('acknowledges what Slack itself sends again, signed anew', async () => {
    const event = { type: 'message', channel_type: 'im', user: userId, text: '待办', ts: '1.2' };
    const message = { ...event, channel: posted.channel };
    await server.sendEvent(message, 'Ev1RETRY');
    await inbound.settled();
    const timestamp = String(Math.floor(Date.now() / 1000) - 10);
    const retry = await server.sendEvent(message, 'Ev1RETRY', { timestamp });
    expect(retry.status).toBe(200);
    expect(refusals).toEqual([]);
    expect(interacted).toHaveLength(1);
  });

  it('hands both of two clicks over, which the warning itself tells apart', async () => {
    await Promise.all([click('认领'), click('认领')]);
    await inbound.settled();
    expect(interacted).toHaveLength(2);
  });
});

describe('the door', () => {
  it('answers the URL check only where it is signed', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    expect(JSON.parse((await server.send(body)).body)).toEqual({ challenge: 'abc' });
    const forged = await server.send(body, { signingSecret: 'other' });
    expect(forged.status).toBe(401);
    expect(refusals).toEqual(['wrong signature']);
  });

  it('survives signed nonsense', async () => {
    const bodies = [
      'null',
      '[]',
      '{}',
      '{"event":null}',
      '{"event":{}}',
      '{"type":"block_actions"}',
      '{"actions":null}',
      '{"actions":[]}',
      '{"actions":[{"action_id":"tagwarden:0"}],"type":"block_actions","user":{"id":"U1"}}',
      '{"type":"view_submission","view":{"callback_id":"tagwarden-form"}}',
      '{"command":1}',
      '{"trigger_id":{},"event":7}',
    ];
    for (const body of bodies) {
      const sent = await server.send(body);
      expect([200, 400, 500]).toContain(sent.status);
    }
    await inbound.settled();
    expect(interacted).toEqual([]);
    expect((await click('认领')).status).toBe(200);
  });

  it('refuses everything over HTTP where there is no signing secret', async () => {
    inbound = createSlackInbound(
      {
        interact: () => interact({ kind: 'words', text: '' }),
        suggest: async () => [],
        findPerson: async () => null,
        events: createMemoryEvents().events,
        meet: async () => {},
        refuseAtDoor: async (_channel, reason) => {
          refusals.push(reason);
        },
        now: () => Date.now(),
      },
      { token, signingSecret: null, apiUrl: server.apiUrl, onError: () => {} },
    );
    expect((await click('认领')).status).toBe(401);
    expect(refusals).toEqual(['no signing secret is set']);
  });
});

describe('where answers go', () => {
  it('opens the form that a slash command asks for', async () => {
    interact = async () => ({ kind: 'form', form: sampleForm });
    await server.sendCommand('申请 &lt;新标签&gt;', userId);
    await inbound.settled();
    expect(interacted).toEqual([{ kind: 'words', text: '申请 <新标签>' }]);
    expect(readForm(onlyView()).title).toBe(sampleForm.title);
  });

  it('offers a button where the time to open a form is over', async () => {
    interact = async () => {
      server.expireTriggers();
      return { kind: 'form', form: sampleForm };
    };
    await server.sendCommand('申请', userId);
    await inbound.settled();
    expect(server.views.size).toBe(0);
    expect(clickables(server.messages[0]?.blocks ?? []).map(({ label }) => label)).toEqual([
      '打开表单',
    ]);
  });

  it('answers a click whose modal cannot be opened in the conversation', async () => {
    server.failNext({ kind: 'error', error: 'expired_trigger_id' }, ['views.open']);
    interact = async () => ({ kind: 'refused', text: '已经由韩梅梅认领。' });
    await click('修复…');
    await inbound.settled();
    expect(privateTexts()).toEqual(['已经由韩梅梅认领。']);
  });

  it('answers in the conversation where Slack is too busy to open a modal', async () => {
    server.failNext({ kind: 'too-many-requests', retryAfterSeconds: 7 }, ['views.open']);
    interact = async () => ({ kind: 'form', form: sampleForm });
    await click('修复…');
    await inbound.settled();
    expect(clickables(server.messages[0]?.blocks ?? []).map(({ label }) => label)).toEqual([
      '打开表单',
    ]);
    expect(errors).toHaveLength(1);
  });

  it('answers a mention only to whoever wrote it', async () => {
    await server.sendEvent({
      type: 'app_mention',
      channel: 'C0GENERAL',
      user: userId,
      text: '<@U0BOT> 检查 C-10293',
      ts: '1.2',
    });
    await inbound.settled();
    expect(interacted).toEqual([{ kind: 'words', text: '检查 C-10293' }]);
    expect(server.messages.map(({ channel, onlyFor }) => [channel, onlyFor])).toEqual([
      ['C0GENERAL', userId],
    ]);
  });

  it('goes to the direct conversation where the mention was in one it is not in', async () => {
    server.failNext({ kind: 'error', error: 'not_in_channel' }, ['chat.postEphemeral']);
    await server.sendEvent({
      type: 'app_mention',
      channel: 'C0GENERAL',
      user: userId,
      text: '<@U0BOT> 待办',
      ts: '1.2',
    });
    await inbound.settled();
    expect(server.messages.map(({ channel }) => channel)).toEqual([posted.channel]);
  });

  it('greets whoever opens the conversation for the first time, and nobody twice', async () => {
    const opened = { type: 'app_home_opened', user: userId, channel: posted.channel };
    interact = async () => ({ kind: 'card', card: { ...card, title: 'Tagwarden 可以做什么' } });
    for (let times = 0; times < 2; times += 1) {
      await server.sendEvent({ ...opened, tab: 'messages' });
      await inbound.settled();
    }
    expect(interacted).toEqual([{ kind: 'words', text: '' }]);
    expect(server.messages.map(({ channel }) => channel)).toEqual([posted.channel]);
    expect(privateTexts().join()).toContain('Tagwarden 可以做什么');
  });

  it('shows the inbox on the home page', async () => {
    interact = async () => ({ kind: 'card', card });
    await server.sendEvent({ type: 'app_home_opened', user: userId, channel: 'D1', tab: 'home' });
    await inbound.settled();
    expect(interacted).toEqual([{ kind: 'button', action: { kind: 'show-inbox' } }]);
    const home = server.homes.get(userId);
    expect(readBlocks(home?.['blocks'] as SlackNode[])).toContain('高价值客户 × 黑名单');
  });

  it('sends answers nowhere but to Slack', async () => {
    const payload = server.clickPayload(posted, clickables(posted.blocks)[0]?.click ?? {}, userId);
    const other = await startSlackServer({ token, signingSecret, userIds: [], deliver: fetch });
    const elsewhere = { ...payload, response_url: `${other.apiUrl}steal` };
    await server.sendInteraction(elsewhere);
    await inbound.settled();
    await other.close();
    expect(other.calls).toEqual([]);
    expect(privateTexts()).toEqual(['✅ 已认领']);
    expect(server.messages[0]?.onlyFor).toBeNull();
  });

  it('ignores bots, edits and what is not said to it', async () => {
    const message = {
      type: 'message',
      channel_type: 'im',
      channel: posted.channel,
      user: userId,
      text: '待办',
      ts: '1.2',
    };
    await server.sendEvent({ ...message, bot_id: 'B0OTHER' });
    await server.sendEvent({ ...message, subtype: 'message_changed' });
    await server.sendEvent({ ...message, channel_type: 'channel' });
    await inbound.settled();
    expect(interacted).toEqual([]);
    expect(server.messages).toEqual([]);
  });
});

describe('what goes wrong', () => {
  it('gives whoever clicked a reference that the log has too', async () => {
    interact = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7'));
    await click('认领');
    await inbound.settled();
    expect(errors).toHaveLength(1);
    expect(privateTexts().join()).toContain(errors[0]?.reference);
    expect(privateTexts().join()).not.toContain('10.0.0.7');
  });

  it('keeps a click where it cannot be told yet who clicked', async () => {
    overrides.findPerson = () => Promise.reject(new Error('database is down'));
    await click('认领');
    await inbound.settled();
    expect(kept.waiting()).toHaveLength(1);
    expect(privateTexts().join()).toContain('恢复后会自动完成');
    expect(privateTexts().join()).toContain('will be done as soon as it does');
  });

  it('takes somebody who has left for nobody', async () => {
    const left: Person = { ...liLei, status: 'left' };
    overrides.findPerson = () => Promise.resolve(left);
    await click('认领');
    await inbound.settled();
    expect(interacted).toEqual([]);
    expect(privateTexts().join()).toContain(userId);
  });

  it('says that a button of another version is out of date', async () => {
    await server.click(posted, { action_id: 'tagwarden:0', type: 'button', value: '{}' }, userId);
    await inbound.settled();
    expect(interacted).toEqual([]);
    expect(privateTexts()).toEqual(['这个按钮或表单已经过时，请在最新的卡片上操作。']);
  });

  it('reports what Slack did not take', async () => {
    server.failNext({ kind: 'error', error: 'token_revoked' }, ['conversations.open']);
    await server.sendEvent({
      type: 'message',
      channel_type: 'im',
      channel: posted.channel,
      user: userId,
      text: '待办',
      ts: '1.2',
    });
    await inbound.settled();
    expect(errors.map(({ error }) => String(error)).join()).toContain('token_revoked');
    expect(errors.map(({ error }) => String(error)).join()).not.toContain(token);
  });
});
