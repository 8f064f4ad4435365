import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RateLimit } from '../../bot/channel.ts';
import { createEnforcedLimits } from './enforced-limits.ts';
import { WebSocketServer } from 'ws';
import { problemsOfCard } from './feishu-cards.ts';
import { createSocketPost } from './socket-post.ts';
import { decodeFrame, encodeFrame } from './feishu-frames.ts';
import { createWebServer } from './web-server.ts';

export type FeishuNode = Record<string, unknown>;

export interface FeishuMessageSeen {
  readonly messageId: string;
  readonly chatId: string;
  /** Empty in a group. */
  readonly openId: string;
  /** The message whose thread it stands in; null for none. */
  readonly parentId: string | null;
  readonly uuid: string | null;
  readonly card: FeishuNode;
}

/** A line that passes; only whoever clicked sees it. */
export interface FeishuToastSeen {
  readonly openId: string;
  readonly type: string;
  readonly content: string;
}

export type FeishuFailure =
  /** HTTP 429, or 400 as older APIs do, with the seconds in a header. */
  | { readonly kind: 'gateway-limit'; readonly resetSeconds: number; readonly status?: 400 | 429 }
  /** code ≠ 0, with HTTP 200 as older APIs answer or 400 as newer ones do. */
  | {
      readonly kind: 'code';
      readonly code: number;
      readonly status?: number;
      readonly msg?: string;
    }
  | { readonly kind: 'http-500' }
  /** Carried out, and never answered. */
  | { readonly kind: 'no-answer' }
  /** Every token is refused from now on. */
  | { readonly kind: 'tokens-refused' };

export interface FeishuSent {
  readonly status: number;
  readonly body: string;
  /** The very same bytes and signature again. */
  readonly again: () => Promise<FeishuSent>;
}

export interface SendOptions {
  /** @default the server's own */
  readonly encryptKey?: string | null;
  readonly verificationToken?: string;
  /** As the header has it. @default now, in seconds */
  readonly timestamp?: string;
  readonly path?: string;
}

export interface FeishuServerOptions {
  readonly appId: string;
  readonly appSecret: string;
  readonly encryptKey: string | null;
  readonly verificationToken: string;
  /** People the app knows. */
  readonly openIds: readonly string[];
  /** Groups the bot is in. @default none */
  readonly chatIds?: readonly string[];
  /** Refuses what comes faster. @default none */
  readonly limits?: readonly RateLimit[];
  /** Name under which the socket's address is told. @default 127.0.0.1 */
  readonly socketName?: string;
  /** By TLS, both ways in. @default false */
  readonly isSecure?: boolean;
  /** How events and callbacks come. @default http */
  readonly over?: 'http' | 'socket';
  /** Where events and callbacks go. */
  readonly deliver: (request: Request) => Promise<Response>;
}

/**
 * A loopback Feishu: tenant tokens, messages with uuids, patches, the long connection, and signed, encrypted events
 * and callbacks out. It refuses what Feishu refuses (tokens, ids, cards) and fails when told to.
 */
export async function startFeishuServer(options: FeishuServerOptions) {
  const messages: FeishuMessageSeen[] = [];
  const toasts: FeishuToastSeen[] = [];
  const calls: {
    readonly method: string;
    readonly path: string;
    readonly body: FeishuNode;
  }[] = [];
  const failures: FeishuFailure[] = [];
  const tokens = new Set<string>();
  const images = new Set<string>();
  const limits = createEnforcedLimits(options.limits ?? []);
  const socketPost = createSocketPost();
  const { sockets } = socketPost;
  const withUpgrade: Uint8Array[] = [];
  let areTokensRefused = false;
  let isRecallForbidden = false;
  let isEndpointDown = false;
  let endpointCode = 0;
  let counter = 0;
  const nextId = (prefix: string): string => {
    counter += 1;
    return `${prefix}${String(counter).padStart(9, '0')}`;
  };
  const chatOf = (openId: string): string => openId.replace('ou_', 'oc_');

  const isSecure = options.isSecure ?? false;
  const http = createWebServer(isSecure, (request, response) => {
    void serve(request, response);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const origin = `http${isSecure ? 's' : ''}://127.0.0.1:${port}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', origin);
    const text = Buffer.concat(chunks).toString('latin1');
    const isForm = request.headers['content-type']?.startsWith('multipart/form-data;') === true;
    const body = isForm
      ? { form: text }
      : ((text === '' ? {} : JSON.parse(Buffer.concat(chunks).toString())) as FeishuNode);
    calls.push({ method: request.method ?? '', path: url.pathname, body });
    if (url.pathname === '/open-apis/auth/v3/tenant_access_token/internal') {
      return reply(response, issueToken(body));
    }
    if (url.pathname === '/callback/ws/endpoint') return openEndpoint(response, body);
    const waitMs = tooFastMs(request, url, body);
    if (waitMs > 0) {
      response.setHeader('x-ogw-ratelimit-reset', String(Math.ceil(waitMs / 1_000)));
      return reply(response, { code: 99991400, msg: 'limited' }, 429);
    }
    const failure = failures.shift();
    switch (failure?.kind) {
      case 'gateway-limit':
        response.setHeader('x-ogw-ratelimit-reset', String(failure.resetSeconds));
        return reply(response, { code: 99991400, msg: 'limited' }, failure.status ?? 429);
      case 'code':
        return reply(
          response,
          { code: failure.code, msg: failure.msg ?? 'no' },
          failure.status ?? 400,
        );
      case 'http-500':
        // As gateways do that show what came in.
        response
          .writeHead(500)
          .end(`<html>oops ${request.headers.authorization} ${JSON.stringify(body)}</html>`);
        return;
      case 'no-answer':
        call(request, url, body);
        return;
      case 'tokens-refused':
        areTokensRefused = true;
        break;
      case undefined:
    }
    const refused = authorize(request);
    const answer = refused ?? call(request, url, body);
    reply(response, answer, answer['code'] === 0 ? 200 : 400);
  }

  function tooFastMs(request: IncomingMessage, url: URL, body: FeishuNode): number {
    return limits.admit(
      {
        calls: request.method === 'PATCH' ? 'update' : 'post',
        conversation: String(body['receive_id']),
        message: url.pathname,
      },
      Date.now(),
    );
  }

  function issueToken(body: FeishuNode): FeishuNode {
    if (body['app_id'] !== options.appId || body['app_secret'] !== options.appSecret) {
      return { code: 10014, msg: 'app secret invalid' };
    }
    const token = `t-${randomBytes(8).toString('hex')}`;
    tokens.add(token);
    return { code: 0, msg: 'ok', tenant_access_token: token, expire: 7200 };
  }

  function authorize(request: IncomingMessage): FeishuNode | null {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (token === '') return { code: 99991661, msg: 'Missing access token' };
    if (areTokensRefused || !tokens.has(token)) {
      return { code: 99991663, msg: `Invalid access token ${token}` };
    }
    return null;
  }

  function call(request: IncomingMessage, url: URL, body: FeishuNode): FeishuNode {
    if (request.method === 'POST' && url.pathname === '/open-apis/im/v1/messages') {
      return create(url.searchParams.get('receive_id_type'), body);
    }
    if (request.method === 'POST' && url.pathname === '/open-apis/im/v1/images') {
      return putImage(String(body['form']));
    }
    const parentId = /\/messages\/(?<id>[^/]+)\/reply$/.exec(url.pathname)?.groups?.['id'];
    if (request.method === 'POST' && parentId !== undefined) return replyTo(parentId, body);
    const patched = /^\/open-apis\/im\/v1\/messages\/(?<id>[^/]+)$/.exec(url.pathname);
    const id = patched?.groups?.['id'];
    if (request.method === 'PATCH' && id !== undefined) return patch(id, body);
    if (request.method === 'DELETE' && id !== undefined) return remove(id);
    return { code: 404, msg: 'no such api' };
  }

  function create(idType: string | null, body: FeishuNode): FeishuNode {
    const id = String(body['receive_id']);
    if (!['open_id', 'chat_id'].includes(idType ?? '') || body['msg_type'] !== 'interactive') {
      return { code: 230001, msg: 'param is invalid' };
    }
    if (idType === 'chat_id') {
      if (options.chatIds?.includes(id) !== true) return { code: 230002, msg: 'not in the chat' };
      return put({ chatId: id, openId: '', parentId: null }, body);
    }
    if (!options.openIds.includes(id)) {
      return { code: 99992351, msg: `The request you send is not a valid {open_id}: ${id}` };
    }
    return put({ chatId: chatOf(id), openId: id, parentId: null }, body);
  }

  function putImage(form: string): FeishuNode {
    const isPicture =
      /name="image_type"\r\n\r\nmessage\r\n/.test(form) &&
      /name="image"; filename="[^"]+"\r\n[^\0]*?\r\n\r\n\x89PNG/.test(form);
    if (!isPicture) return { code: 234001, msg: 'Invalid request param' };
    const key = nextId('img_');
    images.add(key);
    return { code: 0, msg: 'success', data: { image_key: key } };
  }

  function replyTo(parentId: string, body: FeishuNode): FeishuNode {
    const parent = messages.find(({ messageId }) => messageId === parentId);
    if (parent === undefined) return { code: 230011, msg: 'The message was withdrawn' };
    if (body['reply_in_thread'] !== true) throw new Error('A reply beside the thread.');
    return put({ chatId: parent.chatId, openId: parent.openId, parentId }, body);
  }

  function remove(messageId: string): FeishuNode {
    const index = messages.findIndex((message) => message.messageId === messageId);
    if (index < 0) return { code: 230011, msg: 'The message was withdrawn' };
    if (isRecallForbidden) return { code: 230026, msg: 'No permission to recall this message' };
    messages.splice(index, 1);
    return { code: 0, msg: 'success', data: {} };
  }

  function put(
    place: Pick<FeishuMessageSeen, 'chatId' | 'openId' | 'parentId'>,
    body: FeishuNode,
  ): FeishuNode {
    const uuid = typeof body['uuid'] === 'string' ? body['uuid'] : null;
    if (uuid !== null && uuid.length > 50) return { code: 230001, msg: 'uuid is too long' };
    const before = messages.find((message) => message.uuid !== null && message.uuid === uuid);
    if (before !== undefined) return created(before);
    const card = parseCard(body['content'], images);
    if (card === null) return { code: 230099, msg: 'Failed to create card content' };
    const message = { messageId: nextId('om_'), ...place, uuid, card };
    messages.push(message);
    return created(message);
  }

  function patch(messageId: string, body: FeishuNode): FeishuNode {
    const index = messages.findIndex((message) => message.messageId === messageId);
    const before = messages[index];
    if (before === undefined) return { code: 230011, msg: 'The message was withdrawn' };
    const card = parseCard(body['content'], images);
    if (card === null) return { code: 230099, msg: 'Failed to create card content' };
    messages[index] = { ...before, card };
    return { code: 0, msg: 'success', data: {} };
  }

  /** What a callback's answer does: a toast for whoever clicked, another card where the click stood. */
  function applyAnswer(openId: string, messageId: string, answer: FeishuNode): void {
    const unknown = Object.keys(answer).filter((key) => key !== 'toast' && key !== 'card');
    if (unknown.length > 0) throw new Error(`200672: ${unknown.join()}`);
    const toast = answer['toast'] as { type: string; content: string } | undefined;
    if (toast !== undefined) toasts.push({ openId, ...toast });
    const card = answer['card'] as { type: string; data: FeishuNode } | undefined;
    if (card === undefined) return;
    const problems = problemsOfCard(card.data);
    if (card.type !== 'raw' || problems.length > 0) throw new Error(`200673: ${problems.join()}`);
    const index = messages.findIndex((message) => message.messageId === messageId);
    const before = messages[index];
    if (before !== undefined) messages[index] = { ...before, card: card.data };
  }

  function openEndpoint(response: ServerResponse, body: FeishuNode): void {
    if (isEndpointDown) {
      response.writeHead(502).end();
      return;
    }
    if (endpointCode !== 0 || body['AppSecret'] !== options.appSecret) {
      return reply(response, { code: endpointCode || 514, msg: 'auth failed' });
    }
    reply(response, {
      code: 0,
      msg: 'ok',
      data: {
        URL: `ws${isSecure ? 's' : ''}://${options.socketName ?? '127.0.0.1'}:${port}/ws?fpid=1&aid=2&device_id=3&service_id=4`,
        ClientConfig: {
          PingInterval: 120,
          ReconnectCount: -1,
          ReconnectInterval: 0.05,
          ReconnectNonce: 0.05,
        },
      },
    });
  }

  const webSockets = new WebSocketServer({ server: http, path: '/ws' });
  webSockets.on('connection', (socket) => {
    for (const bytes of withUpgrade.splice(0)) socket.send(bytes);
    socket.on('message', (data) => {
      const frame = decodeFrame(data as Buffer);
      if (frame.method === 0) {
        // The SDK takes events only once it has sent its first ping.
        socketPost.open(socket);
        socket.send(
          encodeFrame({ method: 0, headers: { type: 'pong' }, payload: Buffer.alloc(0) }),
        );
        return;
      }
      const answer = JSON.parse(frame.payload.toString()) as FeishuNode;
      socketPost.answer(socket, frame.headers['message_id'] ?? '', answer);
    });
  });

  /**
   * Sends over the long connection; resolves with the answer: `code`, and `data` decoded. A callback whose answer was
   * lost does not come again, and is answered with 504.
   */
  async function sendOverSocket(payload: FeishuNode): Promise<FeishuNode> {
    const { id, frame } = frameOf(payload);
    const { event_type: type } = payload['header'] as { event_type: string };
    const comesAgain = type !== 'card.action.trigger';
    const answer = ((await socketPost.send(id, frame, comesAgain)) ?? {
      code: 504,
    }) as FeishuNode;
    const data = answer['data'];
    return typeof data === 'string'
      ? { ...answer, data: JSON.parse(Buffer.from(data, 'base64').toString()) as unknown }
      : answer;
  }

  function frameOf(payload: FeishuNode) {
    const id = nextId('ws');
    const headers = { type: 'event', message_id: id, sum: '1', seq: '0', trace_id: id };
    const body = Buffer.from(JSON.stringify(payload));
    return { id, frame: encodeFrame({ method: 1, headers, payload: body }) };
  }

  /** With the answer that opens the next connection, when the SDK may not listen yet; and again, as it is not answered. */
  async function sendWithUpgrade(payload: FeishuNode): Promise<FeishuNode> {
    withUpgrade.push(frameOf(payload).frame);
    return sendOverSocket(payload);
  }

  function encrypt(text: string, key: string): string {
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
    return Buffer.concat([iv, cipher.update(text), cipher.final()]).toString('base64');
  }

  /** A payload as a request would bring it; its copies are Feishu's own repetitions. */
  async function sendByConnection(payload: FeishuNode): Promise<FeishuSent> {
    const { code, data } = await sendOverSocket(payload);
    return {
      status: Number(code),
      body: JSON.stringify(data ?? {}),
      again: () => sendByConnection(payload),
    };
  }

  /** Sends a payload as Feishu does: over HTTP encrypted and signed where there is an encrypt key. */
  async function send(payload: unknown, sendOptions: SendOptions = {}): Promise<FeishuSent> {
    // What is forged comes to the door.
    if (options.over === 'socket' && sendOptions.encryptKey === undefined) {
      return sendByConnection(payload as FeishuNode);
    }
    const key = sendOptions.encryptKey === undefined ? options.encryptKey : sendOptions.encryptKey;
    const text = JSON.stringify(payload);
    const body = key === null ? text : JSON.stringify({ encrypt: encrypt(text, key) });
    return sendRaw(body, key, sendOptions);
  }

  async function sendRaw(
    body: string,
    key: string | null,
    sendOptions: SendOptions = {},
  ): Promise<FeishuSent> {
    const timestamp = sendOptions.timestamp ?? String(Math.floor(Date.now() / 1000));
    const nonce = randomBytes(4).toString('hex');
    const signature = createHash('sha256')
      .update(timestamp + nonce + (key ?? '') + body)
      .digest('hex');
    const attempt = async (): Promise<FeishuSent> => {
      const response = await options.deliver(
        new Request(`http://127.0.0.1${sendOptions.path ?? '/feishu/events'}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json; charset=utf-8',
            ...(key === null
              ? {}
              : {
                  'x-lark-request-timestamp': timestamp,
                  'x-lark-request-nonce': nonce,
                  'x-lark-signature': signature,
                }),
          },
          body,
        }),
      );
      return { status: response.status, body: await response.text(), again: attempt };
    };
    return attempt();
  }

  function eventPayload(
    type: string,
    event: FeishuNode,
    token = options.verificationToken,
  ): FeishuNode {
    return {
      schema: '2.0',
      header: {
        event_id: nextId('ev'),
        event_type: type,
        create_time: String(Date.now()),
        token,
        app_id: options.appId,
        tenant_key: 'tenant',
      },
      event,
    };
  }

  function clickPayload(message: FeishuMessageSeen, action: FeishuNode, openId: string) {
    return eventPayload('card.action.trigger', {
      operator: { tenant_key: 'tenant', user_id: 'u1', open_id: openId, union_id: 'on_1' },
      token: `c-${nextId('token')}`,
      action,
      host: 'im_message',
      context: { open_message_id: message.messageId, open_chat_id: message.chatId },
    });
  }

  /** A click, and what its answer does. */
  async function click(
    message: FeishuMessageSeen,
    action: FeishuNode,
    openId: string,
    sendOptions: SendOptions = {},
  ): Promise<FeishuSent> {
    const sent = await send(clickPayload(message, action, openId), {
      path: '/feishu/cards',
      ...sendOptions,
    });
    if (sent.status === 200) {
      applyAnswer(openId, message.messageId, JSON.parse(sent.body) as FeishuNode);
    }
    return sent;
  }

  function messagePayload(text: string, openId: string, more: FeishuNode = {}): FeishuNode {
    return eventPayload('im.message.receive_v1', {
      sender: { sender_id: { open_id: openId, user_id: 'u1' }, sender_type: 'user' },
      message: {
        message_id: nextId('om_said'),
        chat_id: chatOf(openId),
        chat_type: 'p2p',
        message_type: 'text',
        content: JSON.stringify({ text }),
        ...more,
      },
    });
  }

  return {
    origin,
    messages,
    toasts,
    calls,
    sockets,
    refusedForSpeed: limits.refused,
    socketsOpened: socketPost.opened,
    loseNextAnswer: socketPost.loseNextAnswer,
    cutConnections: socketPost.cut,
    failNext: (failure: FeishuFailure) => {
      failures.push(failure);
    },
    setEndpointDown: (isDown: boolean) => {
      isEndpointDown = isDown;
    },
    /** What was sent may no longer be taken back, as a company may have it after a day. */
    forbidRecall: () => {
      isRecallForbidden = true;
    },
    setEndpointCode: (code: number) => {
      endpointCode = code;
    },
    /** Tokens given out so far are worth nothing any more. */
    forgetTokens: () => tokens.clear(),
    send,
    sendRaw,
    click,
    clickPayload,
    applyAnswer,
    messagePayload,
    eventPayload,
    encrypt,
    sendOverSocket,
    sendWithUpgrade,
    close: async () => {
      socketPost.cut();
      webSockets.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

export type FeishuServer = Awaited<ReturnType<typeof startFeishuServer>>;

function created({ messageId, chatId }: FeishuMessageSeen): FeishuNode {
  return { code: 0, msg: 'success', data: { message_id: messageId, chat_id: chatId } };
}

/** Null where Feishu refuses it, also for a picture that was never uploaded. */
function parseCard(content: unknown, images: ReadonlySet<string>): FeishuNode | null {
  const card = JSON.parse(String(content)) as FeishuNode;
  const keys = [...String(content).matchAll(/"img_key":"(?<key>[^"]*)"/g)];
  const areThere = keys.every(({ groups }) => images.has(groups?.['key'] ?? ''));
  return areThere && problemsOfCard(card).length === 0 ? card : null;
}

function reply(response: ServerResponse, body: FeishuNode, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
