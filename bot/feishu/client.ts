import { createHash } from 'node:crypto';
import {
  Client,
  Domain,
  type Cache,
  type HttpInstance,
  type HttpRequestOptions,
  type Logger,
} from '@larksuiteoapi/node-sdk';
import { FormData } from 'undici';
import { z } from 'zod';
import {
  ChannelError,
  untrustedAdvice,
  whyNeverLeft,
  type ChannelErrorKind,
  type ChannelErrorReason,
} from '../channel.ts';
import { directWayOut, type WayOut } from '../way-out.ts';
import { uuidCharsMax } from './limits.ts';
import type { FeishuCard } from './card-json.ts';

export interface FeishuClientOptions {
  /** cli_ and 16 hexadecimal digits. */
  readonly appId: string;
  readonly appSecret: string;
  /** feishu, lark or the base address of a server that speaks their protocol. @default 'feishu' */
  readonly domain?: string | undefined;
  /** After so long without an answer a call counts as of unknown outcome. @default 10000 */
  readonly timeoutMs?: number | undefined;
  /** @default directly */
  readonly wayOut?: WayOut | undefined;
}

export const feishuTimeoutMsDefault = 10_000;
/** Where Feishu says "too many" without saying for how long: 230020 is counted by the second. */
const rateLimitedDefaultMs = 1_000;

export interface SentMessage {
  readonly messageId: string;
  readonly chatId: string;
}

/** The calls we make; each rejects with a ChannelError and nothing else. */
export interface FeishuClient {
  /** To a person by open id. The same `deliveryId` within an hour is answered with the first message. */
  send(openId: string, card: FeishuCard, deliveryId: string | null): Promise<SentMessage>;
  /** Into a group that the bot is in; the same `deliveryId` as above. */
  sendToGroup(chatId: string, card: FeishuCard, deliveryId: string): Promise<SentMessage>;
  /** In the thread below a message; the same `deliveryId` as above. */
  reply(messageId: string, card: FeishuCard, deliveryId: string): Promise<SentMessage>;
  patch(messageId: string, card: FeishuCard): Promise<void>;
  /** Takes a message back. */
  remove(messageId: string): Promise<void>;
  /** For use in cards; returns its key, which stays good. */
  uploadPicture(png: Uint8Array): Promise<string>;
  /** The address the company gave somebody; null where it gave none or the app may not read it. */
  readEmail(openId: string): Promise<string | null>;
}

export function createFeishuClient(options: FeishuClientOptions): FeishuClient {
  const cache = createTokenCache();
  const client = new Client({
    appId: options.appId,
    appSecret: options.appSecret,
    domain: sdkDomain(options.domain),
    httpInstance: createTransport(options),
    cache,
    logger: silentLogger,
  });

  async function call<T>(method: string, attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (!isTokenRefused(error)) throw toChannelError(method, error);
    }
    // Feishu did nothing yet: once more with a new token, in case the old one was withdrawn early.
    cache.clear();
    try {
      return await attempt();
    } catch (error) {
      throw toChannelError(method, error);
    }
  }

  async function create(
    to: { readonly type: 'open_id' | 'chat_id'; readonly id: string },
    card: FeishuCard,
    deliveryId: string | null,
  ): Promise<SentMessage> {
    const answer = await call('im.message.create', () =>
      client.im.v1.message.create({
        params: { receive_id_type: to.type },
        data: {
          receive_id: to.id,
          msg_type: 'interactive',
          content: JSON.stringify(card),
          ...(deliveryId === null ? {} : { uuid: uuidOf(deliveryId) }),
        },
      }),
    );
    return readSent('im.message.create', answer);
  }

  return {
    send: (id, card, deliveryId) => create({ type: 'open_id', id }, card, deliveryId),
    sendToGroup: (id, card, deliveryId) => create({ type: 'chat_id', id }, card, deliveryId),
    reply: async (messageId, card, deliveryId) => {
      const answer = await call('im.message.reply', () =>
        client.im.v1.message.reply({
          path: { message_id: messageId },
          data: {
            msg_type: 'interactive',
            content: JSON.stringify(card),
            reply_in_thread: true,
            uuid: uuidOf(deliveryId),
          },
        }),
      );
      return readSent('im.message.reply', answer);
    },
    remove: async (messageId) => {
      await call('im.message.delete', () =>
        client.im.v1.message.delete({ path: { message_id: messageId } }),
      );
    },
    patch: async (messageId, card) => {
      await call('im.message.patch', () =>
        client.im.v1.message.patch({
          path: { message_id: messageId },
          data: { content: JSON.stringify(card) },
        }),
      );
    },
    uploadPicture: async (png) => {
      const answer = await call('im.image.create', () =>
        client.im.v1.image.create({ data: { image_type: 'message', image: Buffer.from(png) } }),
      );
      const uploaded = imageSchema.safeParse(answer);
      if (uploaded.success) return uploaded.data.image_key;
      throw new ChannelError('server', 'Feishu im.image.create: an answer without a key.');
    },
    readEmail: async (openId) => {
      const answer = await call('contact.user.get', () =>
        client.contact.v3.user.get({
          path: { user_id: openId },
          params: { user_id_type: 'open_id' },
        }),
      );
      const found = userSchema.safeParse(answer);
      const email = found.success ? found.data.data.user.enterprise_email : '';
      return email === '' ? null : email;
    },
  };
}

/** https://open.feishu.cn/document/server-docs/im-v1/image/create; the SDK unpacks this answer. */
const imageSchema = z.object({ image_key: z.string().min(1) });

const userSchema = z.object({
  data: z.object({ user: z.object({ enterprise_email: z.string().default('') }) }),
});

const sentSchema = z.object({
  data: z.object({ message_id: z.string().min(1), chat_id: z.string().default('') }),
});

function readSent(method: string, answer: unknown): SentMessage {
  const sent = sentSchema.safeParse(answer);
  if (!sent.success) {
    throw new ChannelError('server', `Feishu ${method}: an answer without a message.`);
  }
  return { messageId: sent.data.data.message_id, chatId: sent.data.data.chat_id };
}

function uuidOf(deliveryId: string): string {
  if (deliveryId.length <= uuidCharsMax) return deliveryId;
  return createHash('sha256').update(deliveryId).digest('hex').slice(0, uuidCharsMax);
}

/** What the SDK takes for a domain. */
export function sdkDomain(domain = 'feishu'): Domain | string {
  if (domain === 'feishu') return Domain.Feishu;
  return domain === 'lark' ? Domain.Lark : domain.replace(/\/+$/, '');
}

/** The SDK logs requests and answers, tokens among them; what fails comes back as an error anyway. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  trace: () => {},
};

/** Tokens by application; the SDK's own is shared by the whole process and cannot be cleared. */
function createTokenCache(): Cache & { clear(): void } {
  const values = new Map<string, { readonly value: unknown; readonly untilMs: number }>();
  const keyOf = (key: Parameters<Cache['get']>[0], namespace = ''): string =>
    `${namespace} ${key.toString()}`;
  return {
    clear: () => values.clear(),
    get: async (key, options) => {
      const found = values.get(keyOf(key, options?.namespace));
      return found !== undefined && found.untilMs > Date.now() ? found.value : undefined;
    },
    set: async (key, value: unknown, expire, options) => {
      values.set(keyOf(key, options?.namespace), { value, untilMs: expire ?? Infinity });
      return true;
    },
  };
}

/** Feishu's refusal as it came: its code stands in the body of a 200 as well as of a 400. */
class FeishuRefusal extends Error {
  override readonly name = 'FeishuRefusal';
  readonly status: number;
  /** Null where the answer was not Feishu's. */
  readonly code: number | null;
  /** 0 where Feishu does not say. */
  readonly resetMs: number;
  /** Permissions that Feishu names as missing. */
  readonly scopes: readonly string[];

  constructor(refusal: Pick<FeishuRefusal, 'status' | 'code' | 'resetMs' | 'scopes'>) {
    super(`HTTP ${refusal.status}, code ${refusal.code ?? 'unreadable'}`);
    this.status = refusal.status;
    this.code = refusal.code;
    this.resetMs = refusal.resetMs;
    this.scopes = refusal.scopes;
  }
}

const tokenPath = '/auth/v3/tenant_access_token/internal';

/**
 * HTTP for the SDK, which has no time-out, takes any answer with status 200 for a success, and fetches a token for
 * each of several calls at once.
 */
export function createTransport({
  timeoutMs = feishuTimeoutMsDefault,
  wayOut = directWayOut,
}: Pick<FeishuClientOptions, 'timeoutMs' | 'wayOut'> = {}): HttpInstance {
  let tokenUnderWay: Promise<unknown> | null = null;

  async function request(options: HttpRequestOptions<unknown>): Promise<unknown> {
    const { url = '' } = options;
    if (!url.endsWith(tokenPath)) return exchange(options, { timeoutMs, wayOut });
    tokenUnderWay ??= exchange(options, { timeoutMs, wayOut }).finally(() => {
      tokenUnderWay = null;
    });
    return tokenUnderWay;
  }

  const withoutBody = (method: string): HttpInstance['get'] => {
    return (url, options) => request({ ...options, method, url }) as Promise<never>;
  };
  const withBody = (method: string): HttpInstance['post'] => {
    return (url, data, options) => request({ ...options, method, url, data }) as Promise<never>;
  };
  return {
    request: (options) => request(options) as Promise<never>,
    get: withoutBody('GET'),
    delete: withoutBody('DELETE'),
    head: withoutBody('HEAD'),
    options: withoutBody('OPTIONS'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
  };
}

async function exchange(
  { url = '', method = 'GET', params, headers, data }: HttpRequestOptions<unknown>,
  { timeoutMs, wayOut }: { readonly timeoutMs: number; readonly wayOut: WayOut },
): Promise<unknown> {
  const address = new URL(url);
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value !== undefined) address.searchParams.set(name, String(value));
  }
  const hasBody = data !== undefined && !/^(?:get|head)$/i.test(method);
  const response = await wayOut.fetch(address, {
    method: method.toUpperCase(),
    ...(hasBody ? encode(data, headers) : { headers: headers ?? {} }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  return inspect(response, await response.text());
}

/** As JSON, unless the SDK asks for a form: what of it is bytes is a file then. */
function encode(
  data: unknown,
  headers: HttpRequestOptions<unknown>['headers'] = {},
): { readonly headers: Record<string, string>; readonly body: string | FormData } {
  const { 'Content-Type': type, ...rest } = headers as Record<string, string>;
  if (type !== 'multipart/form-data') {
    return {
      headers: { ...rest, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(data),
    };
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(data as Record<string, unknown>)) {
    if (value instanceof Uint8Array) form.set(name, new Blob([new Uint8Array(value)]), 'file');
    else form.set(name, String(value));
  }
  return { headers: rest, body: form };
}

const answerSchema = z.looseObject({ code: z.int(), msg: z.string().default('') });

function inspect(response: Awaited<ReturnType<WayOut['fetch']>>, text: string): unknown {
  const answer = answerSchema.safeParse(parseJson(text));
  if (response.ok && answer.success && answer.data.code === 0) return answer.data;
  const resetSeconds = Number(response.headers.get('x-ogw-ratelimit-reset') ?? 0);
  throw new FeishuRefusal({
    status: response.status,
    code: answer.success && answer.data.code !== 0 ? answer.data.code : null,
    resetMs: resetSeconds > 0 && resetSeconds < 86_400 ? resetSeconds * 1000 : 0,
    scopes: answer.success ? scopesIn(answer.data.msg) : [],
  });
}

/** Only what looks like a permission's name may go on into messages: the rest may quote the request. */
function scopesIn(message: string): readonly string[] {
  const listed = /\[(?<names>[a-z0-9_.:, ]{1,300})\]/.exec(message)?.groups?.['names'] ?? '';
  return listed.split(/[, ]+/).filter((name) => /^[a-z]+:[a-z0-9_.:]+$/.test(name));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const tokenRefusedCodes: ReadonlySet<number> = new Set([99991661, 99991663, 99991664, 99991665]);

function isTokenRefused(error: unknown): boolean {
  return error instanceof FeishuRefusal && error.code !== null && tokenRefusedCodes.has(error.code);
}

/** `method` is named in the message. */
export function toChannelError(method: string, error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  if (!(error instanceof FeishuRefusal)) {
    const why = whyNeverLeft(error);
    if (why !== null) {
      const mend = why === 'untrusted' ? untrustedAdvice : advice['not-sent'];
      return new ChannelError('not-sent', `Feishu ${method}: ${mend}`);
    }
    return new ChannelError(
      'server',
      `Feishu ${method}: no answer (network or time-out); check the connection to Feishu.`,
    );
  }
  const kind = kindOf(error);
  if (kind === 'rate-limited') {
    const waitMs = error.resetMs > 0 ? error.resetMs : rateLimitedDefaultMs;
    // 230020 counts what one person or group gets; everything else counts what the app sends.
    const scope = error.code === 230020 ? 'conversation' : 'app';
    return new ChannelError(kind, `Feishu ${method}: rate limited.`, waitMs, scope);
  }
  const what = error.code === null ? `HTTP ${error.status}` : `code ${error.code}`;
  const scopes = error.scopes.length > 0 ? ` (${error.scopes.join(', ')})` : '';
  const reason = (error.code === null ? undefined : reasonByCode.get(error.code)) ?? null;
  const mend = reason === null ? advice[kind] : reasonAdvice[reason];
  return new ChannelError(kind, `Feishu ${method}: ${what}${scopes}; ${mend}`, 0, 'app', reason);
}

function kindOf({ status, code }: FeishuRefusal): ChannelErrorKind {
  if (status === 429) return 'rate-limited';
  const known = code === null ? undefined : kindByCode.get(code);
  if (known !== undefined) return known;
  if (status >= 500 || code === null) return 'server';
  return status === 401 || status === 403 ? 'auth' : 'invalid';
}

const advice: Readonly<Record<ChannelErrorKind, string>> = {
  'rate-limited': 'try again later.',
  server: 'Feishu failed; try again later.',
  'not-sent': 'Feishu cannot be reached; check the connection and the proxy.',
  auth: 'check the app’s ID, secret and permissions, and publish a version with them.',
  unreachable:
    'check that this open_id is of this app, works here, and is within the app’s availability.',
  invalid: 'Feishu refuses this content; trying again is no use.',
  'too-old': 'this message is gone or can no longer be changed.',
};

const reasonAdvice: Readonly<Record<ChannelErrorReason, string>> = {
  'conversation-gone': 'the group was dissolved: choose another one.',
  'bot-removed':
    'the bot was removed from the group, or this person is outside the app’s availability: add the bot, or widen the availability.',
  'person-deactivated':
    'this account was deactivated: mark the person as left in people.yaml, or give them another channel.',
  'scope-missing': 'apply for the permission in the developer console and publish a version.',
  'token-refused': 'copy FEISHU_APP_ID and FEISHU_APP_SECRET from the app’s page and restart.',
  'card-expired': 'the message is gone or can no longer be changed; a new one is posted.',
};

/** Of the same pages as the codes below; 232009: https://open.feishu.cn/document/server-docs/group/chat/get-2. */
const reasonByCode: ReadonlyMap<number, ChannelErrorReason> = new Map([
  ...reasons('conversation-gone', [232009]),
  ...reasons('bot-removed', [230002, 230013]),
  ...reasons('person-deactivated', [230029]),
  ...reasons('scope-missing', [99991672, 99991679, 230027]),
  ...reasons(
    'token-refused',
    [99991661, 99991663, 99991664, 99991665, 99991668, 99991671, 99991677, 99991543],
    [10003, 10014],
  ),
  ...reasons('card-expired', [230011, 230031, 230110]),
]);

function reasons(
  reason: ChannelErrorReason,
  ...groups: readonly (readonly number[])[]
): (readonly [number, ChannelErrorReason])[] {
  return groups.flat().map((code) => [code, reason] as const);
}

/**
 * https://open.feishu.cn/document/server-docs/im-v1/message/create, …/message-card/patch and
 * https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code
 */
const kindByCode: ReadonlyMap<number, ChannelErrorKind> = new Map([
  ...codes('rate-limited', [230020, 99991400, 11232, 11233]),
  ...codes(
    'auth',
    // Token and application.
    [99991661, 99991663, 99991664, 99991665, 99991668, 99991671, 99991677],
    // The long connection.
    [403, 514],
    // Permission, IP allow list, app disabled, wrong ID or secret, no bot.
    [99991672, 99991679, 99991401, 99991662, 99991543, 10003, 10014, 230006, 230027],
  ),
  ...codes(
    'unreachable',
    [232009, 230002, 230013, 230018, 230029, 230034, 230035, 230036, 230038, 230053],
    // Not an open_id, or one of another app.
    [99992351, 99992361, 99992364],
  ),
  ...codes('too-old', [230011, 230031, 230110, 230072, 230075]),
  ...codes('server', [230049, 1500, 2200, 99991500, 99991503]),
  // The long connection: busy, internal error, too many connections.
  ...codes('server', [1, 1000040343, 1000040350]),
]);

function codes(
  kind: ChannelErrorKind,
  ...groups: readonly (readonly number[])[]
): (readonly [number, ChannelErrorKind])[] {
  return groups.flat().map((code) => [code, kind] as const);
}
