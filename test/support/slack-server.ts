import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { RateLimit } from '../../bot/channel.ts';
import { createEnforcedLimits } from './enforced-limits.ts';
import { createSocketPost } from './socket-post.ts';
import { problemsOfMessage, problemsOfView } from './slack-blocks.ts';
import { createWebServer } from './web-server.ts';

export type SlackNode = Record<string, unknown>;

export interface SlackMessageSeen {
  readonly channel: string;
  readonly ts: string;
  /** The message whose thread it stands in; null for none. */
  readonly threadTs: string | null;
  /** Null for what everybody in the conversation sees. */
  readonly onlyFor: string | null;
  readonly text: string;
  readonly blocks: readonly SlackNode[];
  readonly metadata: unknown;
}

export interface SlackViewSeen {
  readonly id: string;
  readonly userId: string;
  readonly view: SlackNode;
  /** What was filled in before the view was updated, by block id: Slack keeps it in blocks of the same id. */
  readonly filledIn: SlackNode;
}

export type SlackFailure =
  | { readonly kind: 'too-many-requests'; readonly retryAfterSeconds: number }
  /** HTTP 200 with ok: false. */
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'http-500' }
  /** Carried out, and never answered. */
  | { readonly kind: 'no-answer' }
  /** Neither carried out nor answered. */
  | { readonly kind: 'silence' };

export interface SlackSent {
  readonly status: number;
  readonly body: string;
  /** The very same bytes and signature again. */
  readonly again: () => Promise<SlackSent>;
}

export interface SendOptions {
  /** @default the server's own secret */
  readonly signingSecret?: string;
  /** As the header has it. @default now, in seconds */
  readonly timestamp?: string;
  readonly contentType?: string;
}

export interface SlackServerOptions {
  readonly token: string;
  readonly signingSecret: string;
  readonly appToken?: string;
  /** Members the workspace knows. */
  readonly userIds: readonly string[];
  /** Refuses what comes faster. @default none */
  readonly limits?: readonly RateLimit[];
  /** Name under which the socket's address is told. @default 127.0.0.1 */
  readonly socketName?: string;
  /** By TLS, both ways in. @default false */
  readonly isSecure?: boolean;
  /** How events come. @default http */
  readonly over?: 'http' | 'socket';
  /** Where events go; a URL's server or a handler. */
  readonly deliver: (request: Request) => Promise<Response>;
}

type SlackEnvelopeType = 'events_api' | 'interactive' | 'slash_commands';

const triggerLifeMs = 3000;
const responseUrlUsesMax = 5;
const defaultFailingMethods = ['chat.postMessage', 'chat.update'];

/**
 * A loopback Slack: Web API, response URLs, socket mode, and signed events out. It refuses what Slack refuses
 * (tokens, blocks beyond the limits, spent triggers) and fails when told to.
 */
export async function startSlackServer(options: SlackServerOptions) {
  const secrets = { ...options, appToken: options.appToken ?? 'xapp-none' };
  const messages: SlackMessageSeen[] = [];
  const views = new Map<string, SlackViewSeen>();
  const files = new Map<
    string,
    { readonly length: number; state: 'asked' | 'uploaded' | 'complete' | 'ready' }
  >();
  const homes = new Map<string, SlackNode>();
  const calls: { readonly method: string; readonly args: SlackNode }[] = [];
  const triggers = new Map<string, { userId: string; expiresAtMs: number; used: boolean }>();
  const responseUrls = new Map<string, { userId: string; channel: string; uses: number }>();
  const failures: { failure: SlackFailure; methods: readonly string[] }[] = [];
  const limits = createEnforcedLimits(options.limits ?? []);
  const socketPost = createSocketPost();
  const { sockets } = socketPost;
  let counter = 0;

  const nextId = (prefix: string): string => {
    counter += 1;
    return `${prefix}${String(counter).padStart(9, '0')}`;
  };
  const nextTs = (): string => `${1_760_000_000 + (counter += 1)}.000100`;
  const conversationOf = (userId: string): string => `D${userId.slice(1)}`;

  const isSecure = options.isSecure ?? false;
  const http = createWebServer(isSecure, (request, response) => {
    void serve(request, response);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const origin = `http${isSecure ? 's' : ''}://127.0.0.1:${(http.address() as AddressInfo).port}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = new URL(request.url ?? '/', origin).pathname;
    if (path.startsWith('/response/')) {
      const answer = answerResponseUrl(path.slice('/response/'.length), body);
      reply(response, answer, answer['ok'] === true ? 200 : 404);
      return;
    }
    if (path.startsWith('/upload/')) {
      const file = files.get(path.slice('/upload/'.length));
      const isWhole = file?.length === Buffer.concat(chunks).byteLength;
      if (file !== undefined && isWhole) file.state = 'uploaded';
      response.writeHead(isWhole ? 200 : 400).end('OK');
      return;
    }
    const method = path.replace(/^\/api\//, '');
    const args = parseArguments(body);
    calls.push({ method, args });
    const waitMs = tooFastMs(method, args);
    if (waitMs > 0) {
      response.writeHead(429, { 'retry-after': String(Math.ceil(waitMs / 1_000)) }).end();
      return;
    }
    const index = failures.findIndex(({ methods }) => methods.includes(method));
    const failure = index < 0 ? undefined : failures.splice(index, 1)[0]?.failure;
    switch (failure?.kind) {
      case 'too-many-requests':
        response.writeHead(429, { 'retry-after': String(failure.retryAfterSeconds) }).end();
        return;
      case 'http-500':
        // As gateways do that show what came in.
        response
          .writeHead(500)
          .end(`<html>oops ${request.headers.authorization} ${decodeURIComponent(body)}</html>`);
        return;
      case 'error':
        reply(response, { ok: false, error: failure.error });
        return;
      case 'no-answer':
        call(method, args);
        return;
      case 'silence':
        return;
      case undefined:
        reply(response, authorize(request, method) ?? call(method, args));
    }
  }

  function tooFastMs(method: string, args: SlackNode): number {
    if (method !== 'chat.postMessage' && method !== 'chat.update') return 0;
    return limits.admit(
      {
        calls: method === 'chat.update' ? 'update' : 'post',
        conversation: String(args['channel']),
        message: String(args['ts']),
      },
      Date.now(),
    );
  }

  function authorize(request: IncomingMessage, method: string): SlackNode | null {
    const expected = method === 'apps.connections.open' ? secrets.appToken : secrets.token;
    const given = request.headers.authorization;
    if (given === undefined) return { ok: false, error: 'not_authed' };
    return given === `Bearer ${expected}` ? null : { ok: false, error: 'invalid_auth' };
  }

  function call(method: string, args: SlackNode): SlackNode {
    switch (method) {
      case 'auth.test':
        return { ok: true, user_id: 'U0BOT', bot_id: 'B0BOT', team_id: 'T0TEAM' };
      case 'conversations.open': {
        const userId = String(args['users']);
        return options.userIds.includes(userId)
          ? { ok: true, channel: { id: conversationOf(userId) } }
          : { ok: false, error: 'user_not_found' };
      }
      case 'chat.postMessage':
        return post(args, null);
      case 'chat.postEphemeral':
        return post(args, String(args['user']));
      case 'chat.update':
        return update(args);
      case 'chat.delete':
        return remove(args);
      case 'conversations.history':
        return history(args, null);
      case 'conversations.replies':
        return history(args, String(args['ts']));
      case 'views.open':
        return openView(args);
      case 'views.update': {
        const id = String(args['view_id']);
        const seen = views.get(id);
        if (seen === undefined) return { ok: false, error: 'not_found' };
        return putView(id, seen.userId, args['view']);
      }
      case 'views.publish': {
        const problems = problemsOfView(args['view']);
        if (problems.length > 0) return invalid('invalid_arguments', problems);
        homes.set(String(args['user_id']), args['view'] as SlackNode);
        return { ok: true };
      }
      case 'apps.connections.open':
        return {
          ok: true,
          url: `ws${isSecure ? 's' : ''}://${options.socketName ?? '127.0.0.1'}:${new URL(origin).port}/socket`,
        };
      case 'files.getUploadURLExternal': {
        const id = nextId('F0');
        files.set(id, { length: Number(args['length']), state: 'asked' });
        return { ok: true, upload_url: `${origin}/upload/${id}`, file_id: id };
      }
      case 'files.completeUploadExternal': {
        const [{ id = '' } = {}] = JSON.parse(String(args['files'])) as { id?: string }[];
        const file = files.get(id);
        if (file?.state !== 'uploaded') return { ok: false, error: 'file_not_found' };
        file.state = 'complete';
        return { ok: true, files: [{ id }] };
      }
      case 'files.info': {
        const file = files.get(String(args['file']));
        if (file === undefined) return { ok: false, error: 'file_not_found' };
        // Slack looks through what was uploaded: the first time somebody asks, it has not.
        const mimetype = file.state === 'ready' ? 'image/png' : '';
        if (file.state === 'complete') file.state = 'ready';
        return { ok: true, file: { id: args['file'], mimetype } };
      }
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  function post(args: SlackNode, onlyFor: string | null): SlackNode {
    const addressed = String(args['channel']);
    const channel = options.userIds.includes(addressed) ? conversationOf(addressed) : addressed;
    const isKnown =
      channel.startsWith('C') || options.userIds.some((id) => conversationOf(id) === channel);
    if (!isKnown) return { ok: false, error: 'channel_not_found' };
    const refusal = refuseContent(args);
    if (refusal !== null) return refusal;
    const message: SlackMessageSeen = {
      channel,
      ts: nextTs(),
      threadTs: typeof args['thread_ts'] === 'string' ? args['thread_ts'] : null,
      onlyFor,
      text: String(args['text']),
      blocks: args['blocks'] as SlackNode[],
      metadata: args['metadata'],
    };
    messages.push(message);
    return onlyFor === null
      ? { ok: true, channel, ts: message.ts, message: {} }
      : { ok: true, message_ts: message.ts };
  }

  function refuseContent(args: SlackNode): SlackNode | null {
    if (typeof args['text'] !== 'string' || args['text'] === '') {
      return { ok: false, error: 'no_text' };
    }
    const blocks = (args['blocks'] ?? []) as SlackNode[];
    const problems = [
      ...problemsOfMessage(blocks),
      ...blocks
        .filter(({ type }) => type === 'image')
        .map((block) => String((block['slack_file'] as SlackNode)['id']))
        .filter((id) => files.get(id)?.state !== 'ready')
        .map((id) => `invalid slack file ${id}`),
    ];
    return problems.length > 0 ? invalid('invalid_blocks', problems) : null;
  }

  function update(args: SlackNode): SlackNode {
    const index = messages.findIndex(
      ({ channel, ts, onlyFor }) =>
        channel === args['channel'] && ts === args['ts'] && onlyFor === null,
    );
    const before = messages[index];
    if (before === undefined) return { ok: false, error: 'message_not_found' };
    const refusal = refuseContent(args);
    if (refusal !== null) return refusal;
    messages[index] = {
      ...before,
      text: String(args['text']),
      blocks: (args['blocks'] ?? []) as SlackNode[],
      metadata: args['metadata'] ?? before.metadata,
    };
    return { ok: true, channel: before.channel, ts: before.ts };
  }

  function remove(args: SlackNode): SlackNode {
    const index = messages.findIndex(
      ({ channel, ts }) => channel === args['channel'] && ts === args['ts'],
    );
    if (index < 0) return { ok: false, error: 'message_not_found' };
    messages.splice(index, 1);
    return { ok: true };
  }

  function history(args: SlackNode, threadTs: string | null): SlackNode {
    const limit = Number(args['limit'] ?? 100);
    const start = Number(args['cursor'] ?? 0);
    const all = messages
      .filter(
        (message) =>
          message.channel === args['channel'] &&
          message.onlyFor === null &&
          message.threadTs === threadTs,
      )
      .toReversed();
    const page = all.slice(start, start + limit).map(({ ts, text, metadata }) => ({
      type: 'message',
      ts,
      text,
      ...(args['include_all_metadata'] === 'true' ? { metadata } : {}),
    }));
    const next = start + limit < all.length ? String(start + limit) : '';
    return { ok: true, messages: page, response_metadata: { next_cursor: next } };
  }

  function openView(args: SlackNode): SlackNode {
    const trigger = triggers.get(String(args['trigger_id']));
    if (trigger === undefined) return { ok: false, error: 'invalid_trigger_id' };
    if (trigger.used) return { ok: false, error: 'exchanged_trigger_id' };
    if (Date.now() > trigger.expiresAtMs) return { ok: false, error: 'expired_trigger_id' };
    trigger.used = true;
    return putView(nextId('V'), trigger.userId, args['view']);
  }

  function putView(id: string, userId: string, view: unknown, filledIn: SlackNode = {}): SlackNode {
    const problems = problemsOfView(view);
    if (problems.length > 0) return invalid('invalid_arguments', problems);
    views.set(id, { id, userId, view: view as SlackNode, filledIn });
    return { ok: true, view: { ...(view as SlackNode), id } };
  }

  function answerResponseUrl(id: string, body: string): SlackNode {
    const target = responseUrls.get(id);
    if (target === undefined || target.uses >= responseUrlUsesMax) {
      return { ok: false, error: 'used_url' };
    }
    target.uses += 1;
    const args = JSON.parse(body) as SlackNode;
    if (args['response_type'] !== 'ephemeral') throw new Error('An answer for everybody to see.');
    return post({ ...args, channel: target.channel }, target.userId);
  }

  const webSockets = new WebSocketServer({ server: http, path: '/socket' });
  webSockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const sent = (data as Buffer).toString();
      const { envelope_id: id, payload } = JSON.parse(sent) as SlackNode;
      socketPost.answer(socket, String(id), payload);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: sockets.size + 1 }));
    socketPost.open(socket);
  });

  /** Sends over a socket as Slack does; resolves with the acknowledgement's payload. */
  function sendOverSocket(
    type: SlackEnvelopeType,
    payload: SlackNode,
    envelopeId = nextId('E'),
  ): Promise<unknown> {
    const envelope = { envelope_id: envelopeId, type, accepts_response_payload: true, payload };
    return socketPost.send(envelopeId, JSON.stringify(envelope), true);
  }

  /** As a request would be, whose copies are Slack's own repetitions. */
  async function sendEnvelope(type: SlackEnvelopeType, payload: SlackNode): Promise<SlackSent> {
    const id = nextId('E');
    const attempt = async (): Promise<SlackSent> => {
      const answer = await sendOverSocket(type, payload, id);
      return {
        status: 200,
        body: answer === undefined ? '' : JSON.stringify(answer),
        again: attempt,
      };
    };
    return attempt();
  }

  /** Over the socket where that is the mode; what is forged comes to the door. */
  const isOverSocket = (sendOptions?: SendOptions): boolean =>
    options.over === 'socket' && sendOptions?.signingSecret === undefined;

  async function send(body: string, sendOptions: SendOptions = {}): Promise<SlackSent> {
    const timestamp = sendOptions.timestamp ?? String(Math.floor(Date.now() / 1000));
    const secret = sendOptions.signingSecret ?? secrets.signingSecret;
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const attempt = async (): Promise<SlackSent> => {
      const response = await options.deliver(
        new Request('http://127.0.0.1/slack/events', {
          method: 'POST',
          headers: {
            'content-type': sendOptions.contentType ?? 'application/json',
            'x-slack-request-timestamp': timestamp,
            'x-slack-signature': signature,
          },
          body,
        }),
      );
      return { status: response.status, body: await response.text(), again: attempt };
    };
    return attempt();
  }

  function sendForm(fields: Record<string, string>, sendOptions: SendOptions = {}) {
    return send(new URLSearchParams(fields).toString(), {
      contentType: 'application/x-www-form-urlencoded',
      ...sendOptions,
    });
  }

  function newTrigger(userId: string): string {
    const id = nextId('trigger.');
    triggers.set(id, { userId, expiresAtMs: Date.now() + triggerLifeMs, used: false });
    return id;
  }

  function newResponseUrl(userId: string, channel: string): string {
    const id = randomBytes(8).toString('hex');
    responseUrls.set(id, { userId, channel, uses: 0 });
    return `${origin}/response/${id}`;
  }

  function clickPayload(message: SlackMessageSeen, element: SlackNode, userId: string): SlackNode {
    return {
      type: 'block_actions',
      user: { id: userId, team_id: 'T0TEAM' },
      team: { id: 'T0TEAM', domain: 'example' },
      api_app_id: 'A0APP',
      container: { type: 'message', message_ts: message.ts, channel_id: message.channel },
      channel: { id: message.channel, name: 'directmessage' },
      message: { ts: message.ts },
      trigger_id: newTrigger(userId),
      response_url: newResponseUrl(userId, message.channel),
      actions: [element],
    };
  }

  function sendInteraction(payload: SlackNode, sendOptions?: SendOptions) {
    if (isOverSocket(sendOptions)) return sendEnvelope('interactive', payload);
    return sendForm({ payload: JSON.stringify(payload) }, sendOptions);
  }

  /** Submits an open modal and does with it what the answer says. */
  async function submitView(
    seen: SlackViewSeen,
    values: SlackNode,
    sendOptions?: SendOptions,
  ): Promise<SlackSent> {
    const sent = await sendInteraction(
      {
        type: 'view_submission',
        user: { id: seen.userId, team_id: 'T0TEAM' },
        team: { id: 'T0TEAM', domain: 'example' },
        api_app_id: 'A0APP',
        trigger_id: newTrigger(seen.userId),
        view: { ...seen.view, id: seen.id, state: { values } },
      },
      sendOptions,
    );
    if (sent.status === 200) applyResponseAction(seen, sent.body, values);
    return sent;
  }

  function applyResponseAction(seen: SlackViewSeen, body: string, values: SlackNode): void {
    if (body === '') {
      views.delete(seen.id);
      return;
    }
    const answer = JSON.parse(body) as SlackNode;
    if (answer['response_action'] === 'clear') views.delete(seen.id);
    else if (answer['response_action'] === 'update') {
      const put = putView(seen.id, seen.userId, answer['view'], values);
      if (put['ok'] !== true) throw new Error(`Slack refused the view: ${JSON.stringify(put)}`);
    }
  }

  function sendEvent(event: SlackNode, eventId = nextId('Ev'), sendOptions?: SendOptions) {
    if (isOverSocket(sendOptions)) return sendEnvelope('events_api', eventPayload(event, eventId));
    return send(JSON.stringify(eventPayload(event, eventId)), sendOptions);
  }

  function eventPayload(event: SlackNode, eventId = nextId('Ev')): SlackNode {
    return {
      type: 'event_callback',
      team_id: 'T0TEAM',
      api_app_id: 'A0APP',
      event_id: eventId,
      event_time: Math.floor(Date.now() / 1000),
      event,
    };
  }

  function sendCommand(text: string, userId: string, sendOptions?: SendOptions) {
    const command = {
      command: '/tagwarden',
      text,
      user_id: userId,
      team_id: 'T0TEAM',
      channel_id: conversationOf(userId),
      trigger_id: newTrigger(userId),
      response_url: newResponseUrl(userId, conversationOf(userId)),
    };
    return isOverSocket(sendOptions)
      ? sendEnvelope('slash_commands', command)
      : sendForm(command, sendOptions);
  }

  return {
    apiUrl: `${origin}/api/`,
    messages,
    views,
    homes,
    calls,
    sockets,
    refusedForSpeed: limits.refused,
    socketsOpened: socketPost.opened,
    loseNextAnswer: socketPost.loseNextAnswer,
    cutConnections: socketPost.cut,
    /** Slack asks every connection to be opened anew. */
    refreshConnections: (): void => {
      for (const socket of sockets) {
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
      }
    },
    conversationOf,
    failNext: (failure: SlackFailure, methods: readonly string[] = defaultFailingMethods) => {
      failures.push({ failure, methods });
    },
    /** The trigger's three seconds are over. */
    expireTriggers: () => {
      for (const trigger of triggers.values()) trigger.expiresAtMs = 0;
    },
    send,
    sendForm,
    sendInteraction,
    clickPayload,
    eventPayload,
    click: (
      message: SlackMessageSeen,
      element: SlackNode,
      userId: string,
      sendOptions?: SendOptions,
    ) => sendInteraction(clickPayload(message, element, userId), sendOptions),
    submitView,
    sendEvent,
    sendCommand,
    sendOverSocket,
    close: async () => {
      socketPost.cut();
      webSockets.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

export type SlackServer = Awaited<ReturnType<typeof startSlackServer>>;

function invalid(error: string, problems: readonly string[]): SlackNode {
  return { ok: false, error, response_metadata: { messages: problems } };
}

const jsonArguments = ['blocks', 'metadata', 'view'];

function parseArguments(body: string): SlackNode {
  const args: SlackNode = Object.fromEntries(new URLSearchParams(body));
  for (const name of jsonArguments) {
    const value = args[name];
    if (typeof value === 'string') args[name] = JSON.parse(value);
  }
  return args;
}

function reply(response: ServerResponse, body: SlackNode, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
