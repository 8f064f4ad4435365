import { createHmac } from 'node:crypto';
import { ChannelError } from '../channel.ts';
import type { Outlet } from '../outlet.ts';
import { addressIn, postJson, reach, type PostAnswer } from '../post-json.ts';
import type { WayOut } from '../way-out.ts';
import { webhookBody } from './body.ts';

export interface WebhookOptions {
  readonly wayOut: WayOut;
  /** The value of an environment variable; null: not set. */
  readonly variable: (name: string) => string | null;
  /** Base address of the console, without a slash at the end. */
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** https://www.standardwebhooks.com: 15 to 30 seconds. @default 15000 */
  readonly timeoutMs?: number | undefined;
}

export const webhookTimeoutMsDefault = 15_000;
/** Where a receiver says "too many" without saying for how long. */
const rateLimitedDefaultMs = 30_000;

/**
 * Events to other systems, as https://www.standardwebhooks.com has it: `webhook-id` is the event's and the same at every
 * try, `webhook-signature` is an HMAC-SHA256 over id, timestamp and body.
 */
export function createWebhookOutlet(options: WebhookOptions): Outlet {
  const { wayOut, variable, publicUrl, now } = options;
  return {
    name: 'webhook',
    capabilities: {
      queued: true,
      // Our own, per receiver: systems take more than people, but a flood need not arrive at once.
      limits: [{ calls: 'post', per: 'conversation', count: 10, perMs: 1_000 }],
      interactive: false,
      update: false,
      updateWithinMs: null,
      // Receivers drop copies by the event's id.
      idempotentPost: true,
      find: false,
    },
    post: async ({ subscriber, announcement }) => {
      const name = `Webhook ${subscriber.code}`;
      const url = addressIn(variable, { name, urlVariable: subscriber.urlVariable });
      const { event } = announcement;
      const body = JSON.stringify(webhookBody(event, publicUrl));
      const id = webhookId(event.key);
      const timestamp = String(Math.floor(now() / 1000));
      const signature = signatureFor(variable, {
        subscriber,
        name,
        signed: `${id}.${timestamp}.${body}`,
      });
      const answer = await postJson(wayOut, {
        name,
        url,
        body,
        timeoutMs: options.timeoutMs ?? webhookTimeoutMsDefault,
        headers: {
          'user-agent': 'Tagwarden',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          ...(signature === null ? {} : { 'webhook-signature': signature }),
        },
      });
      refuse(name, answer);
    },
    probe: async (subscriber) => {
      const name = `Webhook ${subscriber.code}`;
      const url = addressIn(variable, { name, urlVariable: subscriber.urlVariable });
      signatureFor(variable, { subscriber, name, signed: '' });
      await reach(wayOut, { name, url, timeoutMs: options.timeoutMs ?? webhookTimeoutMsDefault });
    },
  };
}

export function webhookId(eventKey: string): string {
  return `evt_${eventKey.replaceAll('-', '')}`;
}

function signatureFor(
  variable: WebhookOptions['variable'],
  input: {
    readonly subscriber: { readonly secretVariable: string | null };
    readonly name: string;
    readonly signed: string;
  },
): string | null {
  const { secretVariable } = input.subscriber;
  if (secretVariable === null) return null;
  const secret = variable(secretVariable);
  if (secret === null) {
    throw new ChannelError('auth', `${input.name}: ${secretVariable} is not set.`);
  }
  return `v1,${createHmac('sha256', keyOf(secret)).update(input.signed).digest('base64')}`;
}

/** whsec_ and base64 is the specification's way to write a secret; anything else is taken as it is. */
function keyOf(secret: string): Buffer {
  const encoded = /^whsec_(?<key>[A-Za-z0-9+/=]+)$/.exec(secret)?.groups?.['key'];
  return encoded === undefined ? Buffer.from(secret, 'utf8') : Buffer.from(encoded, 'base64');
}

function refuse(name: string, { status, retryAfterMs }: PostAnswer): void {
  if (status >= 200 && status < 300) return;
  const what = `${name}: HTTP ${status}`;
  if (status >= 300 && status < 400) {
    throw new ChannelError(
      'invalid',
      `${what}; redirects are not followed, set the final address.`,
    );
  }
  if (status === 429 || (status === 503 && retryAfterMs > 0)) {
    const waitMs = retryAfterMs > 0 ? retryAfterMs : rateLimitedDefaultMs;
    throw new ChannelError('rate-limited', `${what}.`, waitMs, 'conversation');
  }
  if (status >= 500 || status === 408 || status === 425) {
    throw new ChannelError('server', `${what}; the receiver failed, it is tried again.`);
  }
  if (status === 401 || status === 403) {
    throw new ChannelError('auth', `${what}; check the secret on both sides.`);
  }
  if (status === 404 || status === 410) {
    throw new ChannelError('unreachable', `${what}; nobody takes events at this address.`);
  }
  throw new ChannelError('invalid', `${what}; the receiver refuses this event.`);
}
