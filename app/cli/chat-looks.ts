import { z } from 'zod';
import { createSlackClient } from '../../bot/slack/client.ts';
import { createEmailClient } from '../../bot/email/client.ts';
import type { WayOut } from '../../bot/way-out.ts';
import type { EmailEnvironment, FeishuEnvironment, SlackEnvironment } from '../env.ts';

/** Without these something does not work; docs/slack.md says what each is for. */
const slackScopes = ['app_mentions:read', 'chat:write', 'commands', 'im:history', 'im:write'];
const answersWithinMs = 10_000;

const slackGrant = z.object({
  response_metadata: z.object({ scopes: z.array(z.string()) }),
});

/** Signs in and compares the scopes that were granted with those that are needed. Throws what is wrong. */
export async function lookAtSlackApp(slack: SlackEnvironment, wayOut: WayOut): Promise<string> {
  const { botToken: token, apiUrl } = slack;
  const client = createSlackClient({ token, apiUrl: apiUrl ?? undefined, wayOut });
  const answer = await client.auth.test();
  if (!answer.ok) throw new Error('does not accept SLACK_BOT_TOKEN.');
  const { team = 'a workspace', user = 'a bot' } = answer;
  const signedIn = `signed in to ${team} as ${user}`;
  const granted = slackGrant.safeParse(answer);
  // A proxy may drop the header that names them.
  if (!granted.success) return `${signedIn}; it did not say which scopes it grants.`;
  const { scopes } = granted.data.response_metadata;
  const missing = slackScopes.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return `${signedIn}, with every scope that is needed.`;
  throw new Error(
    `${signedIn}, but without ${missing.join(', ')}: add them under OAuth & Permissions and reinstall the app.`,
  );
}

const feishuAddresses: ReadonlyMap<string, string> = new Map([
  ['feishu', 'https://open.feishu.cn'],
  ['lark', 'https://open.larksuite.com'],
]);

const feishuAnswer = z.object({
  code: z.number(),
  tenant_access_token: z.string().optional(),
  bot: z.object({ app_name: z.string().optional(), activate_status: z.number() }).optional(),
});

/** https://open.feishu.cn/document/client-docs/bot-v3/obtain-bot-info: 2 is "in use". */
const botInUse = 2;

/** Takes a token for the app and asks for its bot. Throws what is wrong. */
export async function lookAtFeishuApp(feishu: FeishuEnvironment, wayOut: WayOut): Promise<string> {
  const address = feishuAddresses.get(feishu.domain) ?? feishu.domain.replace(/\/+$/, '');
  const ask = async (path: string, init: Parameters<WayOut['fetch']>[1]) => {
    const response = await wayOut
      .fetch(`${address}/open-apis${path}`, {
        ...init,
        signal: AbortSignal.timeout(answersWithinMs),
      })
      .catch(() => {
        throw new Error(`does not answer at ${address}: check FEISHU_DOMAIN and the way out.`);
      });
    const parsed = feishuAnswer.safeParse(await response.json().catch(() => null));
    if (parsed.success) return parsed.data;
    throw new Error(`answers ${path} with HTTP ${response.status}: check FEISHU_DOMAIN.`);
  };
  const token = await ask('/auth/v3/tenant_access_token/internal', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ app_id: feishu.appId, app_secret: feishu.appSecret }),
  });
  if (token.tenant_access_token === undefined) {
    throw new Error(
      `does not accept FEISHU_APP_ID and FEISHU_APP_SECRET (${token.code}): copy both from the app's page.`,
    );
  }
  const { code, bot } = await ask('/bot/v3/info', {
    headers: { authorization: `Bearer ${token.tenant_access_token}` },
  });
  if (bot?.activate_status === botInUse) return `signed in; the bot is in use.`;
  throw new Error(
    `accepts the app, but its bot is not in use (${bot === undefined ? code : `status ${bot.activate_status}`}): add the feature Bot and publish a version.`,
  );
}

/** Signs in to the mail server without sending anything. Throws what is wrong. */
export async function lookAtMailServer(email: EmailEnvironment, wayOut: WayOut): Promise<string> {
  await createEmailClient({ ...email, wayOut }).verify();
  return `the mail server takes us; cards come from ${email.from}.`;
}
