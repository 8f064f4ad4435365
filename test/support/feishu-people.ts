import type { Person } from '../../domain/person.ts';
import type { SeenMessage } from './channel-contract.ts';
import { clickables, fillForm, readCard, readForm, readMessage } from './feishu-reader.ts';
import type { FeishuMessageSeen, FeishuServer, SendOptions } from './feishu-server.ts';
import type { ChatPeople } from './slack-people.ts';

export const feishuStrangerId = 'ou_stranger';

/** People at the loopback Feishu. */
export function createFeishuPeople(server: FeishuServer): ChatPeople {
  const isCard = ({ uuid }: FeishuMessageSeen): boolean => uuid !== null;
  const formOf = (by: Person): FeishuMessageSeen | null =>
    server.messages.findLast(
      ({ openId, card }) => openId === openIdOf(by) && readForm(card) !== null,
    ) ?? null;

  function aimAt(message: SeenMessage, label: string) {
    const posted = server.messages.find(({ messageId }) => messageId === message.ref.message);
    const found = clickables(posted?.card ?? {}).find((each) => each.label === label);
    if (posted === undefined || found === undefined) throw new Error(`Nothing says ${label}.`);
    return (by: Person | null, options: SendOptions = {}) =>
      server.click(posted, found.action, openIdOf(by), options);
  }

  const say: ChatPeople['say'] = (text, by) =>
    server.send(server.messagePayload(text, openIdOf(by)));

  return {
    cardsOf: async (person) =>
      server.messages
        .filter((message) => isCard(message) && message.openId === openIdOf(person))
        .map(readMessage),
    messagesIn: async (conversation) =>
      server.messages
        .filter(({ chatId }) => chatId === conversation)
        .map((message) => ({ ...readMessage(message), under: message.parentId })),
    aimAt: (message, label) => {
      const press = aimAt(message, label);
      return (by) => press(by);
    },
    changesOf: ({ ref }) =>
      server.calls.filter(
        ({ method, path }) => method === 'PATCH' && path.endsWith(`/${ref.message}`),
      ).length,
    click: (message, label, by) => aimAt(message, label)(by),
    forgeClick: (message, label, by) => aimAt(message, label)(by, { encryptKey: 'another-key' }),
    say,
    command: say,
    openForm: async (by) => {
      const seen = formOf(by);
      return seen === null ? null : readForm(seen.card);
    },
    submit: (values, by) => {
      const seen = formOf(by);
      if (seen === null) throw new Error('No form is open.');
      return server.click(seen, fillForm(seen.card, values), openIdOf(by));
    },
    privateTexts: async (by) => {
      const id = openIdOf(by);
      const toasts = server.toasts.filter(({ openId }) => openId === id);
      const cards = server.messages.filter((message) => !isCard(message) && message.openId === id);
      return [...toasts.map(({ content }) => content), ...cards.map(({ card }) => readCard(card))];
    },
  };
}

function openIdOf(person: Person | null): string {
  if (person === null) return feishuStrangerId;
  if (person.feishuOpenId === null) throw new Error(`${person.code} has no open_id.`);
  return person.feishuOpenId;
}
