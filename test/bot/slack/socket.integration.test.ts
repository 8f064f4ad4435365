import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboundDependencies, Interaction, Reply } from '../../../bot/interaction.ts';
import { createSlackInbound, type SlackInbound } from '../../../bot/slack/inbound.ts';
import { renderCard } from '../../../bot/slack/render.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import { sampleForm } from '../../support/channel-contract.ts';
import { clickables, fillForm, readBlocks } from '../../support/slack-reader.ts';
import { startSlackServer, type SlackNode, type SlackServer } from '../../support/slack-server.ts';
import { createMemoryEvents } from '../../support/memory-events.ts';
import {
  buildWarningView,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

const token = 'xoxb-socket-token';
const appToken = 'xapp-socket-token';
const liLei = samplePerson('li-lei');
const userId = String(liLei.slackUserId);

let server: SlackServer;
let inbound: SlackInbound;
let interacted: Interaction[];
let errors: unknown[];
let reply: Reply;

beforeEach(async () => {
  interacted = [];
  errors = [];
  reply = { kind: 'done', text: '已认领' };
  server = await startSlackServer({
    token,
    appToken,
    signingSecret: 'unused',
    userIds: [userId],
    deliver: () => Promise.reject(new Error('Socket mode uses no HTTP.')),
  });
  inbound = createInbound(appToken);
});

afterEach(async () => {
  await inbound.stop();
  await server.close();
});

function createInbound(withAppToken: string): SlackInbound {
  const dependencies: InboundDependencies = {
    interact: async (_person, _through, interaction) => {
      interacted.push(interaction);
      return reply;
    },
    suggest: async () => [],
    findPerson: async () => liLei,
    events: createMemoryEvents().events,
    meet: async () => {},
    refuseAtDoor: async () => {},
    now: () => Date.now(),
  };
  return createSlackInbound(dependencies, {
    token,
    signingSecret: null,
    appToken: withAppToken,
    apiUrl: server.apiUrl,
    onError: (error) => errors.push(error),
  });
}

const message = {
  type: 'message',
  channel_type: 'im',
  channel: `D${userId.slice(1)}`,
  user: userId,
  text: '待办',
  ts: '1.2',
};

function clickOn(label: string): SlackNode {
  const view = buildWarningView();
  const card = warningCard(view, liLei, { publicUrl: samplePublicUrl, nowMs: sampleNowMs });
  const blocks = renderCard(card).blocks as unknown as SlackNode[];
  const found = clickables(blocks).find((each) => each.label === label);
  const posted = {
    channel: message.channel,
    ts: '1.2',
    threadTs: null,
    onlyFor: null,
    text: '',
    metadata: null,
  };
  return server.clickPayload({ ...posted, blocks }, found?.click ?? {}, userId);
}

describe('socket mode', () => {
  it('acknowledges and answers what comes over the socket', async () => {
    await inbound.start();
    await server.sendOverSocket('events_api', server.eventPayload(message));
    await server.sendOverSocket('interactive', clickOn('认领'));
    await inbound.settled();
    expect(interacted.map(({ kind }) => kind)).toEqual(['words', 'button']);
    expect(server.messages).toHaveLength(2);
  });

  it('puts the answer of a form into its acknowledgement', async () => {
    await inbound.start();
    reply = { kind: 'form', form: sampleForm };
    await server.sendOverSocket('interactive', clickOn('不是冲突…'));
    await inbound.settled();
    const [seen] = server.views.values();
    if (seen === undefined) throw new Error('No modal is open.');
    reply = { kind: 'done', text: '已记录。' };
    const answer = (await server.sendOverSocket('interactive', {
      type: 'view_submission',
      user: { id: userId },
      team: { id: 'T0TEAM' },
      trigger_id: 'trigger.1',
      view: {
        ...seen.view,
        id: seen.id,
        state: { values: fillForm(seen, { person: 'lin-tao' }) },
      },
    })) as SlackNode;
    expect(answer['response_action']).toBe('update');
    expect(readBlocks((answer['view'] as SlackNode)['blocks'] as SlackNode[])).toBe('✅ 已记录。');
  });

  it('acknowledges a repetition and does nothing', async () => {
    await inbound.start();
    const payload = server.eventPayload(message, 'Ev0SAME');
    await server.sendOverSocket('events_api', payload);
    await server.sendOverSocket('events_api', payload);
    await inbound.settled();
    expect(interacted).toHaveLength(1);
  });

  it('connects again when the connection breaks and when Slack asks for it', async () => {
    await inbound.start();
    for (const socket of server.sockets) socket.terminate();
    await expect.poll(() => [server.socketsOpened(), server.sockets.size]).toEqual([2, 1]);
    for (const socket of server.sockets) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    }
    await expect.poll(() => [server.socketsOpened(), server.sockets.size]).toEqual([3, 1]);
    await server.sendOverSocket('events_api', server.eventPayload(message));
    await inbound.settled();
    expect(interacted).toHaveLength(1);
  });

  it('keeps trying where Slack cannot be reached, and says so', async () => {
    server.failNext({ kind: 'http-500' }, ['apps.connections.open']);
    await inbound.start();
    await expect.poll(() => server.sockets.size).toBe(1);
    expect(String(errors[0])).toContain('HTTP 500');
  });

  it('does not start with an app token that Slack refuses, and does not say it', async () => {
    const refused = createInbound('xapp-wrong-token');
    const failure = await refused.start().catch((error: unknown) => String(error));
    expect(failure).toContain('invalid_auth');
    expect(failure).not.toContain('xapp-');
    await refused.stop();
  });

  it('stops for good', async () => {
    await inbound.start();
    await inbound.stop();
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(server.socketsOpened()).toBe(1);
  });
});
