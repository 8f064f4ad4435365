import { setTimeout as sleep } from 'node:timers/promises';
import { SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import type { WayOut } from '../way-out.ts';
import {
  callSlack,
  silentLogger,
  slackApiUrlDefault,
  slackFetch,
  slackTimeoutMsDefault,
} from './client.ts';

export interface SlackSocketOptions {
  /** App-level token with connections:write, xapp-… */
  readonly appToken: string;
  readonly apiUrl?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** @default directly */
  readonly wayOut?: WayOut | undefined;
  onEnvelope(envelope: SlackEnvelope): void;
  /** Connecting failed; it is tried again. */
  onError(error: unknown): void;
}

/** One thing Slack sent over the socket; `acknowledge` must be called within 3 s. */
export interface SlackEnvelope {
  readonly envelopeId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly acknowledge: (response?: unknown) => Promise<void>;
}

export interface SlackSocket {
  /** Resolves when the first attempt is over; rejects only where Slack refused the app token. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const reconnectMinMs = 250;
const reconnectMaxMs = 30_000;
const disconnectWithinMs = 5000;

const envelopeSchema = z.object({
  envelope_id: z.string(),
  body: z.record(z.string(), z.unknown()),
  ack: z.custom<(response?: unknown) => Promise<void>>((value) => typeof value === 'function'),
});

/**
 * Socket mode with our own reconnecting: the SDK's ends in an unhandled rejection, which ends the process,
 * when Slack cannot be reached or the token was revoked at the wrong moment.
 */
export function createSlackSocket(options: SlackSocketOptions): SlackSocket {
  const { client } = new SocketModeReceiver({
    appToken: options.appToken,
    logger: silentLogger,
    autoReconnectEnabled: false,
    // Its own, which is for direct connections only, closes more thoroughly.
    ...(options.wayOut?.agent === undefined ? {} : { dispatcher: options.wayOut.dispatcher }),
    installerOptions: {
      clientOptions: {
        slackApiUrl: options.apiUrl ?? slackApiUrlDefault,
        timeout: options.timeoutMs ?? slackTimeoutMsDefault,
        // Without it the SDK sets 100 retries in this object.
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        fetch: slackFetch(options.wayOut),
      },
    },
  });
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  client.on('slack_event', (event: unknown) => {
    const parsed = envelopeSchema.safeParse(event);
    if (!parsed.success) return;
    const { envelope_id: envelopeId, body, ack } = parsed.data;
    options.onEnvelope({ envelopeId, body, acknowledge: (response) => ack(response) });
  });

  async function connect(): Promise<{ closed: Promise<void> }> {
    const closed = new Promise<void>((resolve) => {
      client.once('disconnected', () => resolve());
    });
    await callSlack('apps.connections.open', () => client.start());
    return { closed };
  }

  async function keepConnected(first: { closed: Promise<void> } | null): Promise<void> {
    let connection = first;
    let failures = first === null ? 1 : 0;
    while (!stopping.signal.aborted) {
      await connection?.closed;
      const waitMs = Math.min(reconnectMinMs * 2 ** failures, reconnectMaxMs);
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        connection = await connect();
        failures = 0;
      } catch (error) {
        connection = null;
        failures += 1;
        options.onError(error);
      }
    }
  }

  async function start(): Promise<void> {
    let first: { closed: Promise<void> } | null = null;
    try {
      first = await connect();
    } catch (error) {
      if (isRefusal(error)) throw error;
      options.onError(error);
    }
    running = keepConnected(first);
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await within(disconnectWithinMs, client.disconnect());
    await within(disconnectWithinMs, running);
  }

  return { start, stop };
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'kind' in error && error.kind === 'auth';
}

/** Waits for a promise, but no longer than `ms`. */
export async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const timeUp = sleep(ms, undefined, { signal: timer.signal, ref: false }).catch(() => {});
  await Promise.race([promise, timeUp]).finally(() => timer.abort());
}
