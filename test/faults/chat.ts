import type { Person } from '../../domain/person.ts';
import { startFeishuServer } from '../support/feishu-server.ts';
import { startSlackServer } from '../support/slack-server.ts';

const slackSecrets = { token: 'xoxb-faults-token', signingSecret: 'faults-signing-secret' };
const feishuAccount = { appId: 'cli_0123456789abcdef', appSecret: 'faults-app-secret' };
const feishuKeys = {
  encryptKey: 'faults-encrypt-key',
  verificationToken: 'faults-verification-token',
};

/** A loopback Slack and a loopback Feishu with everybody in them; events go to `deliver`. Call `close()` when done. */
export async function startChat(options: {
  readonly people: readonly Person[];
  readonly deliver: (request: Request) => Promise<Response>;
}) {
  const { people, deliver } = options;
  const slack = await startSlackServer({
    ...slackSecrets,
    userIds: people.flatMap(({ slackUserId }) => (slackUserId === null ? [] : [slackUserId])),
    deliver,
  });
  const feishu = await startFeishuServer({
    ...feishuAccount,
    ...feishuKeys,
    openIds: people.flatMap(({ feishuOpenId }) => (feishuOpenId === null ? [] : [feishuOpenId])),
    deliver,
  });
  return {
    slack,
    feishu,
    variables: {
      SLACK_BOT_TOKEN: slackSecrets.token,
      SLACK_SIGNING_SECRET: slackSecrets.signingSecret,
      SLACK_API_URL: slack.apiUrl,
      FEISHU_APP_ID: feishuAccount.appId,
      FEISHU_APP_SECRET: feishuAccount.appSecret,
      FEISHU_ENCRYPT_KEY: feishuKeys.encryptKey,
      FEISHU_VERIFICATION_TOKEN: feishuKeys.verificationToken,
      FEISHU_DOMAIN: feishu.origin,
    },
    /** The delivery that each message names, once for every message that stands there. */
    deliveryIds: (): readonly string[] => [
      ...slack.messages.flatMap(({ metadata }) => {
        const { event_payload: payload } = (metadata ?? {}) as {
          readonly event_payload?: { readonly delivery_id?: string };
        };
        return payload?.delivery_id === undefined ? [] : [payload.delivery_id];
      }),
      ...feishu.messages.flatMap(({ uuid }) => (uuid === null ? [] : [uuid])),
    ],
    close: async () => {
      await slack.close();
      await feishu.close();
    },
  };
}
