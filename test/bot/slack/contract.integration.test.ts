import type { Person } from '../../../domain/person.ts';
import { createSlackChannel } from '../../../bot/slack/channel.ts';
import { createSlackInbound } from '../../../bot/slack/inbound.ts';
import { formCallbackId } from '../../../bot/slack/render.ts';
import {
  describeChannelContract,
  type PlatformFailure,
  type SeenMessage,
} from '../../support/channel-contract.ts';
import {
  clickables,
  fillForm,
  readBlocks,
  readForm,
  readMessage,
} from '../../support/slack-reader.ts';
import {
  startSlackServer,
  type SlackFailure,
  type SlackNode,
  type SlackViewSeen,
} from '../../support/slack-server.ts';

const token = 'xoxb-contract-token';
const signingSecret = 'contract-signing-secret';
const strangerId = 'U0STRANGER';

describeChannelContract(
  'slack',
  { server: true, inbound: true, unreachable: true },
  async (dependencies, { recipient, other }) => {
    const slackUserIds = [recipient, other].map(slackIdOf);
    const server = await startSlackServer({
      token,
      signingSecret,
      userIds: [...slackUserIds, strangerId],
      deliver: (request) => inbound.handle(request),
    });
    const inbound = createSlackInbound(dependencies, {
      token,
      signingSecret,
      apiUrl: server.apiUrl,
      onError: () => {},
    });

    const isCard = ({ onlyFor, metadata }: (typeof server.messages)[number]): boolean =>
      onlyFor === null && metadata !== undefined;
    const formOf = (by: Person): SlackViewSeen | null =>
      [...server.views.values()].find(
        ({ userId, view }) => userId === slackIdOf(by) && view['callback_id'] === formCallbackId,
      ) ?? null;

    function click(message: SeenMessage, label: string, by: Person | null, secret?: string) {
      const posted = server.messages.find(({ ts }) => ts === message.ref.message);
      const found = clickables(posted?.blocks ?? []).find((each) => each.label === label);
      if (posted === undefined || found === undefined) throw new Error(`Nothing says ${label}.`);
      return server.click(
        posted,
        found.click,
        by === null ? strangerId : slackIdOf(by),
        secret === undefined ? {} : { signingSecret: secret },
      );
    }

    return {
      channel: createSlackChannel({ token, apiUrl: server.apiUrl, timeoutMs: 300 }),
      secrets: [token, signingSecret],
      messages: async () => server.messages.filter(isCard).map(readMessage),
      failNext: (failure) => server.failNext(slackFailure(failure)),
      inbound: {
        click: (message, label, by) => click(message, label, by),
        forgeClick: (message, label, by) => click(message, label, by, 'another-secret'),
        say: (text, by) => {
          const userId = by === null ? strangerId : slackIdOf(by);
          return server.sendEvent({
            type: 'message',
            channel_type: 'im',
            channel: server.conversationOf(userId),
            user: userId,
            text: escape(text),
            ts: '1760000000.000001',
          });
        },
        openForm: async (by) => {
          const seen = formOf(by);
          return seen === null ? null : readForm(seen);
        },
        submit: (values, by) => {
          const seen = formOf(by);
          if (seen === null) throw new Error('No form is open.');
          return server.submitView(seen, fillForm(seen, values));
        },
        privateTexts: async (by) => {
          const userId = by === null ? strangerId : slackIdOf(by);
          const texts = server.messages
            .filter((message) => !isCard(message))
            .filter(
              ({ onlyFor, channel }) =>
                onlyFor === userId ||
                (onlyFor === null && channel === server.conversationOf(userId)),
            )
            .map(({ blocks }) => readBlocks(blocks));
          const views = [...server.views.values()]
            .filter(({ userId: viewer, view }) => viewer === userId && !view['callback_id'])
            .map(({ view }) => readBlocks(view['blocks'] as SlackNode[]));
          return [...texts, ...views];
        },
        settled: () => inbound.settled(),
      },
      close: async () => {
        await inbound.stop();
        await server.close();
      },
    };
  },
);

function slackIdOf(person: Person): string {
  if (person.slackUserId === null) throw new Error(`${person.code} has no Slack id.`);
  return person.slackUserId;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function slackFailure(failure: PlatformFailure): SlackFailure {
  switch (failure.kind) {
    case 'rate-limited':
      return { kind: 'too-many-requests', retryAfterSeconds: failure.retryAfterMs / 1000 };
    case 'server-error':
      return { kind: 'http-500' };
    case 'no-answer':
      return { kind: 'no-answer' };
    case 'bad-token':
      return { kind: 'error', error: 'invalid_auth' };
    case 'content-refused':
      return { kind: 'error', error: 'invalid_blocks' };
  }
}
