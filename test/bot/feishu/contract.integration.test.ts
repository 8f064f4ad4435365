import type { Person } from '../../../domain/person.ts';
import { createFeishuChannel } from '../../../bot/feishu/channel.ts';
import { createFeishuInbound } from '../../../bot/feishu/inbound.ts';
import {
  describeChannelContract,
  type PlatformFailure,
  type SeenMessage,
} from '../../support/channel-contract.ts';
import {
  clickables,
  fillForm,
  readCard,
  readForm,
  readMessage,
} from '../../support/feishu-reader.ts';
import {
  startFeishuServer,
  type FeishuFailure,
  type FeishuMessageSeen,
} from '../../support/feishu-server.ts';

const appId = 'cli_0123456789abcdef';
const appSecret = 'contract-app-secret';
const encryptKey = 'contract-encrypt-key';
const verificationToken = 'contract-verification-token';
const strangerId = 'ou_stranger';

describeChannelContract(
  'feishu',
  { server: true, inbound: true, unreachable: true },
  async (dependencies, { recipient, other }) => {
    const server = await startFeishuServer({
      appId,
      appSecret,
      encryptKey,
      verificationToken,
      openIds: [openIdOf(recipient), openIdOf(other), strangerId],
      deliver: (request) =>
        request.url.endsWith('/cards')
          ? inbound.handleCards(request)
          : inbound.handleEvents(request),
    });
    const account = { appId, appSecret, domain: server.origin };
    const inbound = createFeishuInbound(dependencies, {
      ...account,
      encryptKey,
      verificationToken,
      mode: 'webhook',
      onError: () => {},
    });

    const isCard = ({ uuid }: FeishuMessageSeen): boolean => uuid !== null;
    const formOf = (by: Person): FeishuMessageSeen | null =>
      server.messages.findLast(
        ({ openId, card }) => openId === openIdOf(by) && readForm(card) !== null,
      ) ?? null;

    function click(message: SeenMessage, label: string, by: Person | null, key?: string) {
      const posted = server.messages.find(({ messageId }) => messageId === message.ref.message);
      const found = clickables(posted?.card ?? {}).find((each) => each.label === label);
      if (posted === undefined || found === undefined) throw new Error(`Nothing says ${label}.`);
      return server.click(
        posted,
        found.action,
        by === null ? strangerId : openIdOf(by),
        key === undefined ? {} : { encryptKey: key },
      );
    }

    return {
      channel: createFeishuChannel({ ...account, timeoutMs: 300 }),
      secrets: [appSecret, encryptKey, verificationToken],
      messages: async () => server.messages.filter(isCard).map(readMessage),
      failNext: (failure) => server.failNext(feishuFailure(failure)),
      inbound: {
        click: (message, label, by) => click(message, label, by),
        forgeClick: (message, label, by) => click(message, label, by, 'another-key'),
        say: (text, by) =>
          server.send(server.messagePayload(text, by === null ? strangerId : openIdOf(by))),
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
          const id = by === null ? strangerId : openIdOf(by);
          const toasts = server.toasts.filter(({ openId }) => openId === id);
          const cards = server.messages.filter(
            (message) => !isCard(message) && message.openId === id,
          );
          return [
            ...toasts.map(({ content }) => content),
            ...cards.map(({ card }) => readCard(card)),
          ];
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

function openIdOf(person: Person): string {
  if (person.feishuOpenId === null) throw new Error(`${person.code} has no open_id.`);
  return person.feishuOpenId;
}

function feishuFailure(failure: PlatformFailure): FeishuFailure {
  switch (failure.kind) {
    case 'rate-limited':
      return { kind: 'gateway-limit', resetSeconds: failure.retryAfterMs / 1000 };
    case 'server-error':
      return { kind: 'http-500' };
    case 'no-answer':
      return { kind: 'no-answer' };
    case 'bad-token':
      return { kind: 'tokens-refused' };
    case 'content-refused':
      return { kind: 'code', code: 230099 };
  }
}
