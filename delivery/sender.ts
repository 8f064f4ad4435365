import type {
  ChannelErrorKind,
  ChannelErrorReason,
  DeliveryFailure,
  MessageRef,
} from '../bot/channel.ts';
import {
  listQueued,
  recordFailed,
  recordPosted,
  recordRetry,
  recordSettled,
  replaceMessage,
  takeForPosting,
  type Delivery,
} from '../db/stores/deliveries.ts';
import { assertNever } from '../domain/assert-never.ts';
import { groupCodeOf } from '../domain/chat-group.ts';
import type { Destination } from './destination.ts';
import { createGroupLocator, type GroupDependencies } from './groups.ts';
import { createPeopleLocator, type PeopleDependencies } from './people.ts';
import { createSubscriberLocator, type SubscriberDependencies } from './subscribers.ts';

export interface SenderDependencies extends PeopleDependencies {
  /** @default there are no groups */
  readonly drawLogLine?: GroupDependencies['drawLogLine'];
  /** @default nobody is subscribed to events */
  readonly subscribers?: SubscriberDependencies;
  /** 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** What came of one try. */
export type Outcome =
  | { readonly kind: 'done' }
  /** There was nothing to do, and the platform was not called. */
  | { readonly kind: 'settled' }
  | {
      readonly kind: 'later';
      readonly reason: 'rate-limited' | 'failing' | 'replaced';
      readonly scope: 'app' | 'conversation';
      readonly retryAtMs: number;
      readonly message: string;
    }
  | { readonly kind: 'given-up'; readonly failure: DeliveryFailure };

/** After this long without a word, whoever was posting is taken to have died. Longer than any channel's time-out. */
const postingMaxMs = 60_000;
/** A platform that fails for so long is given up for a delivery. */
const giveUpAfterMs = 6 * 3_600_000;
const retryFirstMs = 1_000;
const retryLongestMs = 5 * 60_000;

/** Brings one delivery to where it belongs, as its subject is now, and writes down what came of it. */
export function createSender(dependencies: SenderDependencies) {
  const { database, now, random = Math.random } = dependencies;
  const locatePerson = createPeopleLocator(dependencies);
  const { subscribers, drawLogLine } = dependencies;
  const locateGroup =
    drawLogLine === undefined ? null : createGroupLocator({ ...dependencies, drawLogLine });
  const locateSubscriber =
    subscribers === undefined ? null : createSubscriberLocator(database, subscribers);

  async function bring(delivery: Delivery): Promise<Outcome> {
    const to = await locate(delivery);
    const isWanted = delivery.state === 'posted' || to?.isOver === false;
    if (to === null || !isWanted) {
      return settle(delivery, delivery.state === 'posted' ? 'posted' : 'dropped');
    }
    return delivery.state === 'posted' ? refresh(delivery, to) : post(delivery, to);
  }

  async function locate(delivery: Delivery): Promise<Destination | null> {
    if (delivery.subjectKind === 'event') return (await locateSubscriber?.(delivery)) ?? null;
    if (groupCodeOf(delivery.recipientCode) === null) return locatePerson(delivery);
    return (await locateGroup?.(delivery)) ?? null;
  }

  async function settle(delivery: Delivery, state: 'posted' | 'dropped'): Promise<Outcome> {
    await recordSettled(database.query, { delivery, state, nowMs: now() });
    return { kind: 'settled' };
  }

  async function post(delivery: Delivery, to: Destination): Promise<Outcome> {
    const mayHaveArrived = delivery.state === 'posting';
    const { idempotentPost, find } = to.capabilities;
    if (mayHaveArrived && !idempotentPost && !find) {
      return giveUp(delivery, to, {
        failure: 'uncertain',
        message: `${to.name}: no answer; whether it arrived cannot be told.`,
      });
    }
    const isMine = await takeForPosting(database.query, {
      delivery,
      diedBeforeMs: now() - postingMaxMs,
      nowMs: now(),
    });
    if (!isMine) {
      const retryAtMs = delivery.updatedAt + postingMaxMs;
      const message = 'It is being posted.';
      return { kind: 'later', reason: 'failing', scope: 'conversation', retryAtMs, message };
    }
    try {
      const arrived = mayHaveArrived && !idempotentPost ? await to.find() : null;
      const message = arrived ?? (await to.post());
      // A card that arrived earlier may show an older state: it stays in the queue to be brought up to date.
      const shown =
        arrived === null
          ? { delivery, shownVersion: to.version }
          : { delivery: { ...delivery, asked: -1 }, shownVersion: 0 };
      await recordPosted(database.query, { ...shown, message, nowMs: now() });
      return { kind: 'done' };
    } catch (error) {
      return fail(delivery, to, error);
    }
  }

  async function refresh(delivery: Delivery, to: Destination): Promise<Outcome> {
    const { message } = delivery;
    const isShown = !to.isMoving && (delivery.shownVersion ?? 0) >= to.version;
    if (message === null || !to.capabilities.update || isShown) {
      return settle(delivery, 'posted');
    }
    if (isTooOld(delivery, to)) {
      // Nothing comes in the place of what is over, and what it shows of the end is as good.
      const mayStay = delivery.shownVersion === null && to.isOver;
      if (mayStay) return settle(delivery, 'posted');
      return replace(delivery, to, 'It is too old to be changed.');
    }
    try {
      await to.update(message);
      await recordPosted(database.query, {
        delivery,
        message,
        shownVersion: to.version,
        nowMs: now(),
      });
      return { kind: 'done' };
    } catch (error) {
      return fail(delivery, to, error);
    }
  }

  function isTooOld({ postedAt }: Delivery, { capabilities }: Destination): boolean {
    const { updateWithinMs } = capabilities;
    return updateWithinMs !== null && postedAt !== null && postedAt + updateWithinMs <= now();
  }

  /** The old one goes before the new one comes, so that never two of them ask for the same. */
  async function replace(delivery: Delivery, to: Destination, message: string): Promise<Outcome> {
    const olderStands = delivery.message !== null && (await stands(to, delivery.message));
    const nowMs = now();
    await replaceMessage(database.query, { id: delivery.id, olderStands, nowMs });
    return {
      kind: 'later',
      reason: 'replaced',
      scope: 'conversation',
      retryAtMs: nowMs,
      message,
    };
  }

  /** Whether a message that was to give way may stand on; the new card says so, and counts either way. */
  async function stands(to: Destination, message: MessageRef): Promise<boolean> {
    try {
      return (await to.retire(message)) === 'stays';
    } catch (error) {
      if (!isChannelError(error)) throw error;
      return true;
    }
  }

  /** Channels reject with a ChannelError only; anything else is a fault of ours and is thrown on. */
  async function fail(delivery: Delivery, to: Destination, error: unknown): Promise<Outcome> {
    if (!isChannelError(error)) throw error;
    const { kind, message, reason } = error;
    const isUpdate = delivery.state === 'posted';
    switch (kind) {
      case 'rate-limited': {
        const retryAtMs = now() + error.retryAfterMs;
        const state = isUpdate ? 'posted' : 'pending';
        await retry(delivery, { state, message, failed: false, retryAtMs });
        return { kind: 'later', reason: 'rate-limited', scope: error.scope, retryAtMs, message };
      }
      case 'server':
      case 'not-sent': {
        if (now() - (delivery.queuedAt ?? now()) > giveUpAfterMs) {
          return giveUp(delivery, to, { failure: kind, message });
        }
        const { idempotentPost, find } = to.capabilities;
        if (kind === 'server' && !isUpdate && !idempotentPost && !find) {
          return giveUp(delivery, to, { failure: 'uncertain', message });
        }
        const retryAtMs = now() + pauseMs(delivery.failures);
        const state = isUpdate ? 'posted' : kind === 'server' ? 'posting' : 'pending';
        await retry(delivery, { state, message, failed: true, retryAtMs });
        return { kind: 'later', reason: 'failing', scope: 'conversation', retryAtMs, message };
      }
      case 'too-old':
        if (isUpdate) return replace(delivery, to, message);
        return giveUp(delivery, to, { failure: reason ?? kind, message });
      case 'auth':
      case 'unreachable':
      case 'invalid':
        return giveUp(delivery, to, { failure: reason ?? kind, message });
      default:
        return assertNever(kind);
    }
  }

  async function retry(
    delivery: Delivery,
    problem: {
      readonly state: 'pending' | 'posting' | 'posted';
      readonly message: string;
      readonly failed: boolean;
      readonly retryAtMs: number;
    },
  ): Promise<void> {
    const { state, failed, retryAtMs, message: error } = problem;
    const nowMs = now();
    await recordRetry(database.query, { id: delivery.id, state, error, failed, retryAtMs, nowMs });
  }

  /** Exponential with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). */
  function pauseMs(failures: number): number {
    return random() * Math.min(retryLongestMs, retryFirstMs * 2 ** Math.min(failures + 1, 20));
  }

  /** A card that one channel will not take goes out on the person's next one. */
  async function giveUp(
    delivery: Delivery,
    to: Destination,
    why: { readonly failure: DeliveryFailure; readonly message: string },
  ): Promise<Outcome> {
    const { id } = delivery;
    const { failure, message: error } = why;
    await recordFailed(database.query, { id, failure, error, nowMs: now() });
    // Whoever may have it already is not told twice.
    if (failure !== 'uncertain') {
      await to.fallBack();
      await bringAtHand(delivery);
    }
    return { kind: 'given-up', failure };
  }

  /** What no queue brings, such as the inbox. */
  async function bringAtHand({ subjectKind: kind, subjectId: id }: Delivery): Promise<void> {
    for (const { name, capabilities } of dependencies.channels.values()) {
      if (capabilities.queued) continue;
      for (const next of await listQueued(database.query, { kind, id }, name)) await bring(next);
    }
  }

  return { bring };
}

/** By name: the class itself lives behind the port, of which this knows only types. */
function isChannelError(error: unknown): error is Error & {
  readonly kind: ChannelErrorKind;
  readonly reason: ChannelErrorReason | null;
  readonly retryAfterMs: number;
  readonly scope: 'app' | 'conversation';
} {
  return error instanceof Error && error.name === 'ChannelError' && 'kind' in error;
}
