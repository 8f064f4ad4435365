import { z } from 'zod';
import { createSlackClient } from '../../bot/slack/client.ts';
import { createEmailClient } from '../../bot/email/client.ts';
import type { WayOut } from '../../bot/way-out.ts';
import type { EmailEnvironment, FeishuEnvironment, SlackEnvironment } from '../env.ts';

/** How Tagwarden is set up, as far as it takes more or less of a platform's permissions. */
export interface ChatUse {
  readonly wayOut: WayOut;
  /** Cards stand in groups of this platform. */
  readonly hasGroups: boolean;
}

/** Something that a platform lets an app do, by any one of these permissions; docs/slack.md and docs/feishu.md. */
interface Need {
  readonly anyOf: readonly [string, ...string[]];
  /** Null: without it something does not work. Else what is left out without it. */
  readonly without: string | null;
}

const recognition = 'nobody is recognised by their email';

const pictures = 'digests come without pictures';

const needs = (...names: readonly string[]): readonly Need[] =>
  names.map((name) => ({ anyOf: [name], without: null }));

const slackNeeds: readonly Need[] = [
  ...needs('app_mentions:read', 'chat:write', 'commands', 'im:history', 'im:write'),
  { anyOf: ['users:read.email'], without: recognition },
  { anyOf: ['files:write'], without: pictures },
  { anyOf: ['files:read'], without: pictures },
];
/** To find a card in a public and in a private channel. */
const slackGroupNeeds = needs('channels:history', 'groups:history');

/** `im:message` holds the others. */
const feishuNeeds: readonly Need[] = [
  { anyOf: ['im:message:send_as_bot', 'im:message'], without: null },
  {
    anyOf: ['im:message.p2p_msg:readonly', 'im:message.p2p_msg', 'im:message'],
    without: null,
  },
  {
    anyOf: ['im:message.group_at_msg:readonly', 'im:message.group_at_msg', 'im:message'],
    without: 'it hears nothing that is said to it in groups',
  },
  {
    anyOf: ['contact:user.employee:readonly', 'contact:contact:readonly_as_app'],
    without: recognition,
  },
  { anyOf: ['im:resource:upload', 'im:resource'], without: pictures },
  {
    anyOf: ['im:chat.access_event.bot_p2p_chat:read'],
    without: 'it introduces itself only to whoever writes first',
  },
];

/** What is said of the permissions that were granted; throws where one is missing that something needs. */
function describeGranted(
  wanted: readonly Need[],
  granted: readonly string[],
  words: { readonly signedIn: string; readonly noun: string; readonly mend: string },
): string {
  const missing = wanted.filter(({ anyOf }) => !anyOf.some((name) => granted.includes(name)));
  const needed = missing.filter(({ without }) => without === null);
  const { signedIn, noun, mend } = words;
  if (needed.length > 0) {
    throw new Error(`${signedIn}, but without ${needed.map(nameOf).join(', ')}: ${mend}.`);
  }
  const left = missing.map((need) => `${nameOf(need)} (${need.without})`).join(', ');
  const leftOut = left === '' ? '' : ` Left out: ${left}.`;
  return `${signedIn}, with every ${noun} that is needed.${leftOut}`;
}

function nameOf({ anyOf: [name] }: Need): string {
  return name;
}

const answersWithinMs = 10_000;

const slackGrant = z.object({
  response_metadata: z.object({ scopes: z.array(z.string()) }),
});

/** Signs in and compares the scopes that were granted with those that are needed. Throws what is wrong. */
export async function lookAtSlackApp(
  slack: SlackEnvironment,
  { wayOut, hasGroups }: ChatUse,
): Promise<string> {
  const { botToken: token, apiUrl } = slack;
  const client = createSlackClient({ token, apiUrl: apiUrl ?? undefined, wayOut });
  const answer = await client.auth.test();
  if (!answer.ok) throw new Error('does not accept SLACK_BOT_TOKEN.');
  const { team = 'a workspace', user = 'a bot' } = answer;
  const signedIn = `signed in to ${team} as ${user}`;
  const granted = slackGrant.safeParse(answer);
  // A proxy may drop the header that names them.
  if (!granted.success) return `${signedIn}; it did not say which scopes it grants.`;
  const wanted = [...slackNeeds, ...(hasGroups ? slackGroupNeeds : [])];
  return describeGranted(wanted, granted.data.response_metadata.scopes, {
    signedIn,
    noun: 'scope',
    mend: 'add them under OAuth & Permissions and reinstall the app',
  });
}

const feishuAddresses: ReadonlyMap<string, string> = new Map([
  ['feishu', 'https://open.feishu.cn'],
  ['lark', 'https://open.larksuite.com'],
]);

const feishuAnswer = z.object({
  code: z.number(),
  tenant_access_token: z.string().optional(),
  bot: z.object({ app_name: z.string().optional(), activate_status: z.number() }).optional(),
  data: z
    .object({
      scopes: z.array(z.object({ scope_name: z.string(), grant_status: z.number() })).optional(),
    })
    .optional(),
});

/** https://open.feishu.cn/document/client-docs/bot-v3/obtain-bot-info: 2 is "in use". */
const botInUse = 2;

/** https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/application-v6/scope/list: 1 is "granted". */
const scopeGranted = 1;

/** Takes a token for the app, asks for its bot and for its permissions. Throws what is wrong. */
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
  const headers = { authorization: `Bearer ${token.tenant_access_token}` };
  const { code, bot } = await ask('/bot/v3/info', { headers });
  if (bot?.activate_status !== botInUse) {
    throw new Error(
      `accepts the app, but its bot is not in use (${bot === undefined ? code : `status ${bot.activate_status}`}): add the feature Bot and publish a version.`,
    );
  }
  const signedIn = 'signed in; the bot is in use';
  const { scopes } = (await ask('/application/v6/scopes', { headers })).data ?? {};
  // A private deployment may not tell.
  if (scopes === undefined) return `${signedIn}; it did not say which permissions it grants.`;
  const granted = scopes.filter(({ grant_status: status }) => status === scopeGranted);
  return describeGranted(
    feishuNeeds,
    granted.map(({ scope_name: name }) => name),
    {
      signedIn,
      noun: 'permission',
      mend: 'apply for them under Permissions in the developer console and publish a version',
    },
  );
}

/** Signs in to the mail server without sending anything. Throws what is wrong. */
export async function lookAtMailServer(email: EmailEnvironment, wayOut: WayOut): Promise<string> {
  await createEmailClient({ ...email, wayOut }).verify();
  return `the mail server takes us; cards come from ${email.from}.`;
}
