import type { Person } from '../../domain/person.ts';
import type { SeenMessage } from './channel-contract.ts';
import { clickables, fillForm, readCard, readForm, readMessage } from './feishu-reader.ts';
import { startFeishuServer, type FeishuMessageSeen, type FeishuServer } from './feishu-server.ts';
import type { ChatPeople } from './slack-people.ts';
import type { StartPlatform } from './system.ts';

const account = { appId: 'cli_0123456789abcdef', appSecret: 'story-app-secret' };
const encryptKey = 'story-encrypt-key';
const verificationToken = 'story-verification-token';
const strangerId = 'ou_stranger';

/** The loopback Feishu with everybody of the company in it, and one stranger. */
export const startFeishu: StartPlatform = async ({ people, deliver }) => {
  const openIds = people.flatMap(({ feishuOpenId }) =>
    feishuOpenId === null ? [] : [feishuOpenId],
  );
  const server = await startFeishuServer({
    ...account,
    encryptKey,
    verificationToken,
    openIds: [...openIds, strangerId],
    deliver,
  });
  return {
    people: createFeishuPeople(server),
    variables: {
      FEISHU_APP_ID: account.appId,
      FEISHU_APP_SECRET: account.appSecret,
      FEISHU_ENCRYPT_KEY: encryptKey,
      FEISHU_VERIFICATION_TOKEN: verificationToken,
      FEISHU_DOMAIN: server.origin,
    },
    close: () => server.close(),
  };
};

function createFeishuPeople(server: FeishuServer): ChatPeople {
  const isCard = ({ uuid }: FeishuMessageSeen): boolean => uuid !== null;
  const formOf = (by: Person): FeishuMessageSeen | null =>
    server.messages.findLast(
      ({ openId, card }) => openId === openIdOf(by) && readForm(card) !== null,
    ) ?? null;

  function click(message: SeenMessage, label: string, by: Person | null, key?: string) {
    const posted = server.messages.find(({ messageId }) => messageId === message.ref.message);
    const found = clickables(posted?.card ?? {}).find((each) => each.label === label);
    if (posted === undefined || found === undefined) throw new Error(`Nothing says ${label}.`);
    const options = key === undefined ? {} : { encryptKey: key };
    return server.click(posted, found.action, openIdOf(by), options);
  }

  const say: ChatPeople['say'] = (text, by) =>
    server.send(server.messagePayload(text, openIdOf(by)));

  return {
    cardsOf: async (person) =>
      server.messages
        .filter((message) => isCard(message) && message.openId === openIdOf(person))
        .map(readMessage),
    click: (message, label, by) => click(message, label, by),
    forgeClick: (message, label, by) => click(message, label, by, 'another-key'),
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
  if (person === null) return strangerId;
  if (person.feishuOpenId === null) throw new Error(`${person.code} has no open_id.`);
  return person.feishuOpenId;
}
