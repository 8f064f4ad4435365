import { formCallbackId } from '../../bot/slack/form.ts';
import type { Person } from '../../domain/person.ts';
import type { InboundHarness, SeenMessage, Sent, ThreadedMessage } from './channel-contract.ts';
import { clickables, fillForm, readBlocks, readForm, readMessage } from './slack-reader.ts';
import type { SendOptions, SlackNode, SlackServer, SlackViewSeen } from './slack-server.ts';

export const slackStrangerId = 'U0STRANGER';

/** People on a chat platform: what they see there and what they do. A person of null is linked to nobody. */
export interface ChatPeople extends Omit<InboundHarness, 'settled'> {
  /** Cards in the person's conversation with the bot, as they are now, oldest first. */
  cardsOf(person: Person): Promise<readonly SeenMessage[]>;
  /** Words by the platform's own command; plain words where it has none. */
  command(text: string, by: Person): Promise<Sent>;
  /** What stands in a conversation for everybody in it, oldest first. */
  messagesIn(conversation: string): Promise<readonly ThreadedMessage[]>;
  /** A button as it is now, to be pressed when its message may have changed. */
  aimAt(message: SeenMessage, label: string): (by: Person | null) => Promise<Sent>;
  /** How often the platform was asked to change a message where it stands. */
  changesOf(message: SeenMessage): number;
}

/** People at the loopback Slack. */
export function createSlackPeople(server: SlackServer): ChatPeople {
  const isCard = ({ onlyFor, metadata }: SlackServer['messages'][number]): boolean =>
    onlyFor === null && metadata !== undefined;
  const formOf = (by: Person): SlackViewSeen | null =>
    [...server.views.values()].findLast(
      ({ userId, view }) => userId === slackIdOf(by) && view['callback_id'] === formCallbackId,
    ) ?? null;

  function aimAt(message: SeenMessage, label: string) {
    const posted = server.messages.find(({ ts }) => ts === message.ref.message);
    const found = clickables(posted?.blocks ?? []).find((each) => each.label === label);
    if (posted === undefined || found === undefined) throw new Error(`Nothing says ${label}.`);
    return (by: Person | null, options: SendOptions = {}) =>
      server.click(posted, found.click, slackIdOf(by), options);
  }

  return {
    cardsOf: async (person) =>
      server.messages
        .filter(isCard)
        .filter(({ channel }) => channel === server.conversationOf(slackIdOf(person)))
        .map(readMessage),
    messagesIn: async (conversation) =>
      server.messages
        .filter(({ channel, onlyFor }) => channel === conversation && onlyFor === null)
        .map((message) => ({ ...readMessage(message), under: message.threadTs })),
    aimAt: (message, label) => {
      const press = aimAt(message, label);
      return (by) => press(by);
    },
    changesOf: ({ ref }) =>
      server.calls.filter(
        ({ method, args }) => method === 'chat.update' && args['ts'] === ref.message,
      ).length,
    click: (message, label, by) => aimAt(message, label)(by),
    forgeClick: (message, label, by) =>
      aimAt(message, label)(by, { signingSecret: 'another-secret' }),
    say: (text, by) =>
      server.sendEvent({
        type: 'message',
        channel_type: 'im',
        channel: server.conversationOf(slackIdOf(by)),
        user: slackIdOf(by),
        text: escape(text),
        ts: '1760000000.000001',
      }),
    command: (text, by) => server.sendCommand(escape(text), slackIdOf(by)),
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
      const userId = slackIdOf(by);
      const texts = server.messages
        .filter((message) => !isCard(message))
        .filter(
          ({ onlyFor, channel }) =>
            onlyFor === userId || (onlyFor === null && channel === server.conversationOf(userId)),
        )
        .map(({ blocks }) => readBlocks(blocks));
      const views = [...server.views.values()]
        .filter(({ userId: viewer, view }) => viewer === userId && !view['callback_id'])
        .map(({ view }) => readBlocks(view['blocks'] as SlackNode[]));
      return [...texts, ...views];
    },
  };
}

function slackIdOf(person: Person | null): string {
  if (person === null) return slackStrangerId;
  if (person.slackUserId === null) throw new Error(`${person.code} has no Slack id.`);
  return person.slackUserId;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
