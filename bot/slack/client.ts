import { LogLevel, webApi, type Logger } from '@slack/bolt';
import { z } from 'zod';
import {
  ChannelError,
  untrustedAdvice,
  whyNeverLeft,
  type ChannelErrorKind,
  type ChannelErrorReason,
} from '../channel.ts';
import { directWayOut, type WayOut } from '../way-out.ts';

export interface SlackClientOptions {
  /** Bot token, xoxb-… */
  readonly token: string;
  /** Base address ending in /api/. @default 'https://slack.com/api/' */
  readonly apiUrl?: string | undefined;
  /** After so long without an answer a call counts as of unknown outcome. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** @default directly */
  readonly wayOut?: WayOut | undefined;
}

export const slackApiUrlDefault = 'https://slack.com/api/';
export const slackTimeoutMsDefault = 10_000;
/** Where Slack says "rate limited" without saying for how long. */
const rateLimitedDefaultMs = 10_000;

/**
 * A client that tries once: after a time-out or a 500 the SDK's own retry would post a message twice, and its
 * pause after a 429 would hold up everybody.
 */
export function createSlackClient(options: SlackClientOptions): webApi.WebClient {
  return new webApi.WebClient(options.token, {
    slackApiUrl: options.apiUrl ?? slackApiUrlDefault,
    timeout: options.timeoutMs ?? slackTimeoutMsDefault,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silentLogger,
    fetch: slackFetch(options.wayOut),
  });
}

/** The SDK's calls by the way out; what it hands over and takes back is what every fetch does. */
export function slackFetch(wayOut: WayOut = directWayOut): webApi.FetchFunction {
  return (url, init) => wayOut.fetch(url, init as Parameters<WayOut['fetch']>[1]);
}

/** Makes one call; rejects with a ChannelError and nothing else. `method` is named in the message. */
export async function callSlack<T>(method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toChannelError(method, error);
  }
}

const userSchema = z.object({
  user: z.object({
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_email_confirmed: z.boolean().default(false),
    profile: z.object({ email: z.string().default('') }),
  }),
});

/**
 * The email of a member, where Slack has confirmed it; null for guests, bots, and where the app may not read it
 * (scope users:read.email). Rejects with a ChannelError and nothing else.
 */
export async function readEmail(client: webApi.WebClient, userId: string): Promise<string | null> {
  const answer = await callSlack('users.info', () => client.users.info({ user: userId }));
  const found = userSchema.safeParse(answer);
  if (!found.success) return null;
  const {
    is_bot: isBot,
    is_restricted: isGuest,
    is_email_confirmed: isConfirmed,
    profile,
  } = found.data.user;
  return isBot || isGuest || !isConfirmed || profile.email === '' ? null : profile.email;
}

/** Whether nothing was ever said in a direct conversation (scope im:history). Rejects with a ChannelError and nothing else. */
export async function isConversationEmpty(
  client: webApi.WebClient,
  channel: string,
): Promise<boolean> {
  const answer = await callSlack('conversations.history', () =>
    client.conversations.history({ channel, limit: 1 }),
  );
  return (answer.messages ?? []).length === 0;
}

/** The SDK logs request and reply bodies; what fails comes back as an error anyway. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

function toChannelError(method: string, error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return rateLimited(method, error.retryAfter * 1000);
  }
  if (error instanceof webApi.WebAPIPlatformError) return fromPlatform(method, error);
  if (error instanceof webApi.WebAPIHTTPError) {
    return new ChannelError(
      'server',
      `Slack ${method}: HTTP ${error.statusCode}; try again later.`,
    );
  }
  const why = whyNeverLeft(error);
  if (why !== null) {
    const mend = why === 'untrusted' ? untrustedAdvice : advice['not-sent'];
    return new ChannelError('not-sent', `Slack ${method}: ${mend}`);
  }
  return new ChannelError(
    'server',
    `Slack ${method}: no answer (network or time-out); check the connection to Slack.`,
  );
}

function fromPlatform(method: string, error: webApi.WebAPIPlatformError): ChannelError {
  // Where the body was not JSON, the SDK puts all of it here: only a code may go on into messages.
  const code = /^[a-z0-9_]{1,60}$/.test(error.data.error) ? error.data.error : 'unreadable_answer';
  if (code === 'ratelimited' || code === 'rate_limited') {
    const seconds = error.data.response_metadata?.['retryAfter'];
    return rateLimited(method, typeof seconds === 'number' ? seconds * 1000 : rateLimitedDefaultMs);
  }
  const kind = kindByCode.get(code) ?? 'invalid';
  const detail =
    code === 'missing_scope' ? neededScope('needed' in error.data ? error.data.needed : '') : '';
  const reason = reasonByCode.get(code) ?? null;
  const what = reason === null ? advice[kind] : reasonAdvice[reason];
  return new ChannelError(kind, `Slack ${method}: ${code}${detail}; ${what}`, 0, 'app', reason);
}

function rateLimited(method: string, retryAfterMs: number): ChannelError {
  return new ChannelError('rate-limited', `Slack ${method}: rate limited.`, retryAfterMs);
}

function neededScope(needed: unknown): string {
  return typeof needed === 'string' && /^[a-z0-9_:.,]{1,200}$/.test(needed) ? ` (${needed})` : '';
}

const advice: Readonly<Record<ChannelErrorKind, string>> = {
  'rate-limited': 'try again later.',
  server: 'Slack failed; try again later.',
  'not-sent': 'Slack cannot be reached; check the connection and the proxy.',
  auth: 'check the bot token and its scopes, and reinstall the app if they changed.',
  unreachable: 'check that this member exists, is active, and may get messages from the app.',
  invalid: 'Slack refuses this content; trying again is no use.',
  'too-old': 'this message is gone or can no longer be changed.',
};

const reasonAdvice: Readonly<Record<ChannelErrorReason, string>> = {
  'conversation-gone':
    'the conversation is deleted or archived, or the member ID is wrong: check the ID, or choose another channel.',
  'bot-removed': 'the bot was removed from this conversation: /invite it again.',
  'person-deactivated':
    'this member is deactivated: mark them as left in people.yaml, or give them another channel.',
  'scope-missing': 'add the scope under OAuth & Permissions and reinstall the app.',
  'token-refused': 'put the token of the installed app into SLACK_BOT_TOKEN and restart.',
  'card-expired': 'the message is gone or can no longer be changed; a new one is posted.',
};

/** Of the same pages as the codes below. */
const reasonByCode: ReadonlyMap<string, ChannelErrorReason> = new Map([
  ...reasons('conversation-gone', ['channel_not_found', 'is_archived']),
  ...reasons('bot-removed', ['not_in_channel']),
  ...reasons('person-deactivated', ['user_disabled']),
  ...reasons('scope-missing', ['missing_scope', 'no_permission', 'not_allowed_token_type']),
  ...reasons('token-refused', [
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
  ]),
  ...reasons('card-expired', ['message_not_found', 'cant_update_message', 'edit_window_closed']),
]);

function reasons(
  reason: ChannelErrorReason,
  names: readonly string[],
): (readonly [string, ChannelErrorReason])[] {
  return names.map((name) => [name, reason] as const);
}

/** Codes of https://docs.slack.dev/reference/methods/chat.postMessage, chat.update, conversations.open and views.open. */
const kindByCode: ReadonlyMap<string, ChannelErrorKind> = new Map([
  ...codes('auth', [
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'missing_scope',
    'not_allowed_token_type',
    'no_permission',
    'org_login_required',
    'ekm_access_denied',
    'team_access_not_granted',
    'access_denied',
    'enterprise_is_restricted',
  ]),
  ...codes('unreachable', [
    'channel_not_found',
    'user_not_found',
    'users_not_found',
    'user_not_visible',
    'user_disabled',
    'user_not_in_channel',
    'cannot_dm_bot',
    'is_archived',
    'not_in_channel',
    'messages_tab_disabled',
    'method_not_supported_for_channel_type',
    'restricted_action',
    'team_not_found',
    'slack_connect_channel_not_allowed',
  ]),
  ...codes('too-old', [
    'message_not_found',
    'cant_update_message',
    'edit_window_closed',
    'expired_trigger_id',
    'exchanged_trigger_id',
    'invalid_trigger_id',
    'not_found',
    'hash_conflict',
  ]),
  ...codes('server', [
    'internal_error',
    'fatal_error',
    'service_unavailable',
    'request_timeout',
    'team_added_to_org',
    'accesslimited',
    'unreadable_answer',
  ]),
]);

function codes(
  kind: ChannelErrorKind,
  names: readonly string[],
): (readonly [string, ChannelErrorKind])[] {
  return names.map((name) => [name, kind] as const);
}
