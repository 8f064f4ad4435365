import { setTimeout as sleep } from 'node:timers/promises';
import { EventDispatcher, WSClient, type HttpInstance } from '@larksuiteoapi/node-sdk';
import { ChannelError } from '../channel.ts';
import {
  createTransport,
  feishuTimeoutMsDefault,
  sdkDomain,
  silentLogger,
  toChannelError,
  type FeishuClientOptions,
} from './client.ts';
import type { Payload } from './door.ts';

export interface FeishuSocketOptions extends FeishuClientOptions {
  /** Resolves with what goes back to Feishu within 3 s; rejecting makes it send an event again. */
  readonly onPayload: (payload: Payload) => Promise<unknown>;
  /** Connecting failed; it is tried again. */
  readonly onError: (error: unknown) => void;
}

export interface FeishuSocket {
  /** Resolves when the first attempt is over; rejects only where Feishu refused the app. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** No answer to a ping for so long: the connection is dead, whatever the socket says. */
const pongWithinSeconds = 10;
/** Before Feishu said otherwise, or after the SDK gave up. */
const retryMinMs = 250;
const retryMaxMs = 30_000;

/**
 * The long connection. Once it stood, the SDK reconnects by itself with the pauses that Feishu names; before that, and
 * where it gives up, a new one is opened.
 */
export function createFeishuSocket(options: FeishuSocketOptions): FeishuSocket {
  const stopping = new AbortController();
  let client: WSClient | null = null;

  /** Resolves when the connection stands, rejects with the first failure. */
  function open(): Promise<void> {
    const timeoutMs = options.timeoutMs ?? feishuTimeoutMsDefault;
    const agent = options.wayOut?.agent;
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        clearTimeout(timer);
        if (stopping.signal.aborted) return reject(new Error('Stopped.'));
        const channelError = toChannelError('callback/ws/endpoint', error);
        options.onError(channelError);
        reject(channelError);
      };
      // The SDK says nothing where the address is given but nobody answers there.
      const timer = setTimeout(() => fail(new Error('No connection.')), 2 * timeoutMs);
      const opened = new WSClient({
        appId: options.appId,
        appSecret: options.appSecret,
        domain: sdkDomain(options.domain),
        logger: silentLogger,
        httpInstance: watched(createTransport({ timeoutMs, wayOut: options.wayOut }), fail),
        ...(agent === undefined ? {} : { agent }),
        handshakeTimeoutMs: timeoutMs,
        wsConfig: { pingTimeout: pongWithinSeconds },
        onReady: () => {
          clearTimeout(timer);
          resolve();
        },
        onError: (error) => {
          fail(error);
          if (opened === client) void keepTrying();
        },
      });
      client = opened;
      void opened.start({ eventDispatcher: createDispatcher(options) });
    });
  }

  async function keepTrying(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      client?.close({ force: true });
      const waitMs = Math.min(retryMinMs * 2 ** failures, retryMaxMs);
      await sleep(waitMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        return await open();
      } catch {
        // `open` told of it.
      }
    }
  }

  return {
    start: async () => {
      if (!/^cli_[0-9a-fA-F]{16}$/.test(options.appId)) {
        throw new ChannelError(
          'auth',
          'Feishu: the app ID should be cli_ and 16 hexadecimal digits.',
        );
      }
      try {
        await open();
      } catch (error) {
        client?.close({ force: true });
        if (error instanceof ChannelError && error.kind === 'auth') throw error;
        void keepTrying();
      }
    },
    stop: async () => {
      stopping.abort();
      client?.close({ force: true });
    },
  };
}

/** Tells of every failed call, which the SDK keeps to itself. */
function watched(transport: HttpInstance, onFailure: (error: unknown) => void): HttpInstance {
  return {
    ...transport,
    request: async (request) => {
      try {
        return await transport.request(request);
      } catch (error) {
        onFailure(error);
        throw error;
      }
    },
  };
}

/** What came over the long connection was let in when it was opened; it is neither signed nor encrypted. */
function createDispatcher({ onPayload }: FeishuSocketOptions): EventDispatcher {
  const dispatcher = new EventDispatcher({ logger: silentLogger });
  dispatcher.invoke = async (payload: unknown) => {
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
    return onPayload(payload as Payload);
  };
  return dispatcher;
}
