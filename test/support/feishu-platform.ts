import { createFeishuPeople, feishuStrangerId } from './feishu-people.ts';
import { startFeishuServer } from './feishu-server.ts';
import type { StartPlatform } from './system.ts';

const account = { appId: 'cli_0123456789abcdef', appSecret: 'story-app-secret' };
const encryptKey = 'story-encrypt-key';
const verificationToken = 'story-verification-token';

/** The loopback Feishu with everybody of the company in it, and one stranger. */
export const startFeishu: StartPlatform = async ({ people, deliver }) => {
  const openIds = people.flatMap(({ feishuOpenId }) =>
    feishuOpenId === null ? [] : [feishuOpenId],
  );
  const server = await startFeishuServer({
    ...account,
    encryptKey,
    verificationToken,
    openIds: [...openIds, feishuStrangerId],
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
