import { z } from 'zod';
import type { Card } from './card.ts';
import { ChannelError, type ChannelErrorKind } from './channel.ts';
import type { Subscriber } from '../domain/event.ts';
import type { Outlet } from './outlet.ts';
import { parseJson } from './plain-text.ts';
import { addressIn, postJson, type PostAnswer } from './post-json.ts';
import type { WayOut } from './way-out.ts';

export interface RobotOptions {
  readonly wayOut: WayOut;
  /** The value of an environment variable; null: not set. */
  readonly variable: (name: string) => string | null;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** @default 10000 */
  readonly timeoutMs?: number | undefined;
}

/** What tells one platform's robots from another's. */
export interface RobotKind {
  readonly name: Outlet['name'];
  /** How people call the platform. */
  readonly platform: string;
  /** The address with what proves who sends; `secret` null: nothing is signed. */
  readonly sign: (url: URL, secret: string | null, nowMs: number) => URL;
  /** The message's JSON. */
  readonly render: (card: Card) => unknown;
  /** A message that the platform refuses for its content. */
  readonly empty: unknown;
  /** What `errcode` in an answer means; anything else is a refusal of the content. */
  readonly kindByCode: ReadonlyMap<number, Exclude<ChannelErrorKind, 'too-old'>>;
  /** For how long the platform takes nothing after too many. */
  readonly rateLimitedMs: number;
  readonly advice: Readonly<Record<'auth' | 'unreachable' | 'invalid', string>>;
}

/** What both platforms take from a robot; each one's outlet names the source. */
const perMinute = 20;
const timeoutMsDefault = 10_000;

/** A group's robot: short messages with a link, which nobody can change or act on where they stand. */
export function createRobotOutlet(kind: RobotKind, options: RobotOptions): Outlet {
  const { wayOut, now } = options;

  async function send(subscriber: Subscriber, message: unknown): Promise<void> {
    const name = `${kind.platform} ${subscriber.code}`;
    const url = signedAddress(kind, { name, subscriber, variable: options.variable, nowMs: now() });
    const answer = await postJson(wayOut, {
      name,
      url: url.href,
      body: JSON.stringify(message),
      timeoutMs: options.timeoutMs ?? timeoutMsDefault,
    });
    refuse(kind, name, answer);
  }

  return {
    name: kind.name,
    capabilities: {
      queued: true,
      limits: [{ calls: 'post', per: 'conversation', count: perMinute, perMs: 60_000 }],
      interactive: false,
      update: false,
      updateWithinMs: null,
      idempotentPost: false,
      find: false,
    },
    post: ({ subscriber, announcement }) => send(subscriber, kind.render(announcement.card)),
    probe: async (subscriber) => {
      try {
        // A message without content is refused after everything else was found right, and nobody sees it.
        await send(subscriber, kind.empty);
      } catch (error) {
        if (!(error instanceof ChannelError) || error.kind !== 'invalid') throw error;
      }
    },
  };
}

function signedAddress(
  kind: RobotKind,
  input: {
    readonly name: string;
    readonly subscriber: Subscriber;
    readonly variable: RobotOptions['variable'];
    readonly nowMs: number;
  },
): URL {
  const { name, subscriber, variable, nowMs } = input;
  const { urlVariable, secretVariable } = subscriber;
  const url = new URL(addressIn(variable, { name, urlVariable }));
  // Robots may also be bound to a keyword or to addresses instead of a secret.
  return kind.sign(url, secretVariable === null ? null : variable(secretVariable), nowMs);
}

/** Both platforms refuse with status 200 and a code in the body. */
const answerSchema = z.object({ errcode: z.int() });

function refuse(kind: RobotKind, name: string, { status, body }: PostAnswer): void {
  const parsed = answerSchema.safeParse(parseJson(body));
  const code = parsed.success ? parsed.data.errcode : null;
  if (code === 0 && status < 300) return;
  if (code === null || status >= 500) {
    const isOurs = status >= 300 && status < 500 && status !== 408;
    throw isOurs
      ? new ChannelError('unreachable', `${name}: HTTP ${status}; ${kind.advice.unreachable}`)
      : new ChannelError('server', `${name}: HTTP ${status}; whether it arrived cannot be told.`);
  }
  const error = kind.kindByCode.get(code) ?? 'invalid';
  const what = `${name}: code ${code}`;
  switch (error) {
    case 'rate-limited':
      throw new ChannelError(
        error,
        `${what}; too many messages.`,
        kind.rateLimitedMs,
        'conversation',
      );
    case 'server':
    case 'not-sent':
      throw new ChannelError(error, `${what}; the platform is busy, it is tried again.`);
    case 'auth':
    case 'unreachable':
    case 'invalid':
      throw new ChannelError(error, `${what}; ${kind.advice[error]}`);
  }
}
