import type { Person } from '../../../domain/person.ts';
import { createFeishuChannel } from '../../../bot/feishu/channel.ts';
import { createFeishuInbound } from '../../../bot/feishu/inbound.ts';
import { describeChannelContract, type PlatformFailure } from '../../support/channel-contract.ts';
import { createFeishuPeople, feishuStrangerId } from '../../support/feishu-people.ts';
import { startFeishuServer, type FeishuFailure } from '../../support/feishu-server.ts';

const appId = 'cli_0123456789abcdef';
const appSecret = 'contract-app-secret';
const encryptKey = 'contract-encrypt-key';
const verificationToken = 'contract-verification-token';

describeChannelContract(
  'feishu',
  { server: true, inbound: true, people: true, cards: true, unreachable: true, retryAfter: true },
  async (dependencies, { recipient, other }) => {
    const server = await startFeishuServer({
      appId,
      appSecret,
      encryptKey,
      verificationToken,
      chatIds: ['oc_govern'],
      openIds: [openIdOf(recipient), openIdOf(other), feishuStrangerId],
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

    const atFeishu = createFeishuPeople(server);

    return {
      channel: createFeishuChannel({ ...account, timeoutMs: 1_500 }),
      secrets: [appSecret, encryptKey, verificationToken],
      messages: () => atFeishu.cardsOf(recipient),
      group: {
        conversation: 'oc_govern',
        messages: () => atFeishu.messagesIn('oc_govern'),
      },
      failNext: (failure) => server.failNext(feishuFailure(failure)),
      inbound: { ...atFeishu, settled: () => inbound.settled() },
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
