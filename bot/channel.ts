import type { SubscriberKind } from '../domain/event.ts';
import type { Locale } from '../domain/locale.ts';
import type { ChannelName, Person } from '../domain/person.ts';
import type { Card } from './card.ts';

/** What a delivery is about. */
export type DeliverySubject =
  | { readonly kind: 'warning'; readonly id: number }
  | { readonly kind: 'request'; readonly id: number }
  | { readonly kind: 'digest'; readonly id: number }
  /** Warnings of one scan that came together. */
  | { readonly kind: 'flood'; readonly id: number }
  /** Somebody's month of the assessment. */
  | { readonly kind: 'assessment'; readonly id: number }
  /** Points of the assessment that were contested. */
  | { readonly kind: 'points'; readonly id: number }
  /** A round in which owners say which of their tags are still needed. */
  | { readonly kind: 'review'; readonly id: number };

/** An event is what subscribers are told of. */
export type QueuedSubject = DeliverySubject | { readonly kind: 'event'; readonly id: number };

/** Why this person gets it. One card per subject, purpose, channel and recipient, ever. */
export type DeliveryPurpose =
  /** They own it. */
  | 'owner'
  /** Escalated to them. */
  | 'second-line'
  | 'manager'
  | 'escalation'
  /** It stands in a group, for whoever chose to have it there. */
  | 'group'
  /** What happened, below the card in a group; the number is the audit row's. */
  | `log-${number}`
  /** They may vote. */
  | 'vote'
  /** They asked for it: the requester's own view of a request. */
  | 'requester'
  /** A tag or a rule of theirs is other than before, because the committee approved it. */
  | 'concerned'
  | 'digest'
  /** Their month, or that of whom they lead. */
  | 'assessment'
  /** They may decide on contested points. */
  | 'decide'
  /** They contested them. */
  | 'contester'
  /** A system or a group subscribed to it. */
  | 'subscriber'
  /** A short private line that a deadline nears; not updated afterwards. */
  | `reminder-${'claim' | 'close' | 'still' | 'repeat'}-${number}`
  /** A short private line that a warning has more customers; the second number says how many more. */
  | `reminder-news-${number}-${number}`
  /** A short private line that what is excepted will be reported again; the number is when, in seconds. */
  | `reminder-exception-${number}`
  | 'reminder-vote'
  /** A short private line to whoever stands in: the one it is for cannot be reached. */
  | 'reminder-unreached'
  /** A member asks the requester; the number is the message's. */
  | `question-${number}`
  /** The requester's answer, to whoever asked. */
  | `answer-${number}`
  /** Another request contradicts theirs; the number is the message's. */
  | `rival-${number}`
  /** Their tags are asked about. */
  | 'review'
  /** How far a review has come, for data admins. */
  | 'review-progress'
  /** A short private line to owners who have not answered; the number is the reminder's. */
  | `reminder-review-${number}`;

/** What brings a delivery: to a person over a channel, or to a subscriber. */
export type WayName = ChannelName | SubscriberKind;

/** Where a posted card stands. Each channel writes and reads its own shape. */
export interface MessageRef {
  readonly channel: WayName;
  /** Slack: channel id. Feishu: chat id or empty. Inbox and email: person code. Subscribers: their code. */
  readonly conversation: string;
  /** Slack: ts. Feishu: message id. Inbox: delivery id. Email: Message-ID. Subscribers: delivery id. */
  readonly message: string;
}

export interface PostRequest {
  /** Unique per delivery; channels use it to keep a repeated post from doubling. */
  readonly deliveryId: string;
  readonly recipient: Person;
  readonly card: Card;
}

/** A card that everybody in a conversation sees. */
export interface GroupPost {
  readonly deliveryId: string;
  /** As the platform names it. */
  readonly conversation: string;
  readonly card: Card;
  /** Who is notified of it by name. */
  readonly mentions: readonly Person[];
}

/** A line in the thread below a card. */
export interface ThreadLine {
  readonly deliveryId: string;
  readonly under: MessageRef;
  readonly text: string;
  readonly mentions: readonly Person[];
}

/** How a channel posts where several people read. */
export interface GroupPosts {
  post(request: GroupPost): Promise<MessageRef>;
  reply(line: ThreadLine): Promise<MessageRef>;
  /** Whether a post or, `under` a card, a line of unknown outcome arrived. Only called where `capabilities.find`. */
  find(
    deliveryId: string,
    place: { readonly conversation: string; readonly under: MessageRef | null },
  ): Promise<MessageRef | null>;
}

/** How many calls a platform takes in any stretch of time; a channel's `limits.ts` says where it is written. */
export interface RateLimit {
  readonly calls: 'post' | 'update';
  /** All calls together, those into one conversation, or those about one message. */
  readonly per: 'app' | 'conversation' | 'message';
  readonly count: number;
  readonly perMs: number;
}

export interface ChannelCapabilities {
  /** False: it is at hand and takes everything at once, so nothing of it waits in the queue. */
  readonly queued: boolean;
  readonly limits: readonly RateLimit[];
  /** People act on the card where it stands. */
  readonly interactive: boolean;
  /** Cards can be changed where they stand. */
  readonly update: boolean;
  /** Milliseconds after posting until which a card can be changed; null: for ever. */
  readonly updateWithinMs: number | null;
  /** A post with the same delivery id is answered with the first message (within an hour). */
  readonly idempotentPost: boolean;
  /** `find` works. */
  readonly find: boolean;
}

/**
 * The port of a way to reach people. Every method rejects with a ChannelError and nothing else.
 * All implementations pass the shared contract suite (test/support/channel-contract.ts).
 */
export interface Channel {
  readonly name: ChannelName;
  readonly capabilities: ChannelCapabilities;
  /** Whether this person can be reached here at all (an id is known, they have not left). */
  reaches(person: Person): boolean;
  post(request: PostRequest): Promise<MessageRef>;
  update(message: MessageRef, card: Card): Promise<void>;
  /** Whether a post of unknown outcome arrived; null where it did not. Only called where `capabilities.find`. */
  find(deliveryId: string, recipient: Person): Promise<MessageRef | null>;
  /**
   * Takes away a card in whose place a new one comes; where the platform does not let it go, it points to the new one.
   * Resolves with what became of it.
   */
  retire(message: MessageRef, locale: Locale): Promise<Retired>;
  /** Null: only single people are reached. */
  readonly groups: GroupPosts | null;
}

/** stays: it stands as it was, since the platform lets nobody take it away or change it any more. */
export type Retired = 'gone' | 'points-to-new' | 'stays';

/**
 * rate-limited: try again after `retryAfterMs`. server: the platform failed or did not answer; may have happened.
 * not-sent: nobody was there to take it; certainly did not happen. auth: token or scope is wrong; an admin must act. unreachable: this person or conversation does not exist
 * for the bot. invalid: the platform refused the content; trying again is no use. too-old: cannot be changed any more.
 */
export type ChannelErrorKind =
  | 'rate-limited'
  | 'server'
  | 'not-sent'
  | 'auth'
  | 'unreachable'
  | 'invalid'
  | 'too-old';

/**
 * What an admin has to mend, where the platform says so. conversation-gone: deleted or archived. bot-removed: the bot
 * is not in the conversation, or not available to this person. person-deactivated: their account is. scope-missing,
 * token-refused: of the app. card-expired: the message is deleted or too old to be changed, and is posted anew.
 */
export type ChannelErrorReason =
  | 'conversation-gone'
  | 'bot-removed'
  | 'person-deactivated'
  | 'scope-missing'
  | 'token-refused'
  | 'card-expired';

/** Why a delivery was given up. uncertain: it may have arrived, and the channel can neither be asked nor told twice. */
export type DeliveryFailure = ChannelErrorReason | ChannelErrorKind | 'uncertain';

export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly kind: ChannelErrorKind;
  readonly reason: ChannelErrorReason | null;
  /** Only for rate-limited; otherwise 0. */
  readonly retryAfterMs: number;
  /** What a rate limit holds up: every call of the kind, or only those into the conversation. */
  readonly scope: 'app' | 'conversation';

  /** `message` holds the platform's code and what to do; never a token, never customers' data. */
  constructor(
    kind: ChannelErrorKind,
    message: string,
    retryAfterMs = 0,
    scope: 'app' | 'conversation' = 'app',
    reason: ChannelErrorReason | null = null,
  ) {
    super(message);
    this.kind = kind;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.scope = scope;
  }
}

const neverLeftCodes: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Of OpenSSL and of Node's own check of the name. */
const untrustedCodes: ReadonlySet<unknown> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const causesMax = 5;

/** What an admin does where a certificate is not trusted. */
export const untrustedAdvice =
  'the certificate is not trusted; where your company’s proxy opens TLS, let NODE_EXTRA_CA_CERTS name the PEM file of its authority.';

/**
 * Why a failed request certainly reached nobody; null where it may have. unreached: there was no connection to send it
 * over. untrusted: what answered has no certificate that counts here, and was told nothing.
 */
export function whyNeverLeft(error: unknown): 'unreached' | 'untrusted' | null {
  let current: unknown = error;
  for (let depth = 0; depth < causesMax && current instanceof Error; depth += 1) {
    const code = 'code' in current ? current.code : null;
    if (neverLeftCodes.has(code)) return 'unreached';
    if (untrustedCodes.has(code)) return 'untrusted';
    // undici: the proxy refused to connect, so nothing came through.
    if (current.message.startsWith('Proxy response')) return 'unreached';
    current = 'original' in current ? current.original : current.cause;
  }
  return null;
}
