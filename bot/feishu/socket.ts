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
/** After the SDK gave up for good. */
const restartAfterMs = 30_000;

/**
 * The long connection. The SDK reconnects by itself with the pauses that Feishu names; where it gives up, a new one
 * is opened.
 */
export function createFeishuSocket(options: FeishuSocketOptions): FeishuSocket {
  const stopping = new AbortController();
  let client: WSClient | null = null;

  /** Resolves when the connection stands; rejects with the first failure, after which the SDK goes on trying. */
  function open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        if (stopping.signal.aborted) return;
        const channelError = toChannelError('callback/ws/endpoint', error);
        options.onError(channelError);
        reject(channelError);
      };
      client = new WSClient({
        appId: options.appId,
        appSecret: options.appSecret,
        domain: sdkDomain(options.domain),
        logger: silentLogger,
        httpInstance: watched(createTransport(options.timeoutMs), fail),
        handshakeTimeoutMs: options.timeoutMs ?? feishuTimeoutMsDefault,
        wsConfig: { pingTimeout: pongWithinSeconds },
        onReady: () => resolve(),
        onError: (error) => {
          fail(error);
          void restart();
        },
      });
      void client.start({ eventDispatcher: createDispatcher(options) });
    });
  }

  async function restart(): Promise<void> {
    client?.close({ force: true });
    try {
      await sleep(restartAfterMs, undefined, { signal: stopping.signal, ref: false });
      await open();
    } catch {
      // Stopped, or reported by `fail` already; the SDK goes on trying.
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
        if (error instanceof ChannelError && error.kind !== 'auth') return;
        client?.close({ force: true });
        throw error;
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
