import { createFeishuPeople, feishuStrangerId } from './feishu-people.ts';
import { startFeishuServer } from './feishu-server.ts';
import type { StartPlatform } from './system.ts';

const account = { appId: 'cli_0123456789abcdef', appSecret: 'story-app-secret' };
const encryptKey = 'story-encrypt-key';
const verificationToken = 'story-verification-token';

/** The loopback Feishu with everybody of the company in it, and one stranger. */
export const startFeishu: StartPlatform = (options) => start(options, 'http');

/** The same by the long connection. */
export const startFeishuOverSocket: StartPlatform = (options) => start(options, 'socket');

async function start(
  { people, groups, deliver }: Parameters<StartPlatform>[0],
  over: 'http' | 'socket',
): ReturnType<StartPlatform> {
  const openIds = people.flatMap(({ feishuOpenId }) =>
    feishuOpenId === null ? [] : [feishuOpenId],
  );
  const server = await startFeishuServer({
    ...account,
    encryptKey,
    verificationToken,
    over,
    openIds: [...openIds, feishuStrangerId],
    chatIds: groups.flatMap(({ feishuChatId }) => (feishuChatId === null ? [] : [feishuChatId])),
    deliver,
  });
  return {
    people: createFeishuPeople(server),
    connections: { ...server, refreshConnections: server.cutConnections },
    variables: {
      FEISHU_APP_ID: account.appId,
      FEISHU_APP_SECRET: account.appSecret,
      FEISHU_DOMAIN: server.origin,
      ...(over === 'http'
        ? { FEISHU_ENCRYPT_KEY: encryptKey, FEISHU_VERIFICATION_TOKEN: verificationToken }
        : { FEISHU_MODE: 'websocket' }),
    },
    close: () => server.close(),
  };
}
