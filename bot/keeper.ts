import { z } from 'zod';
import type { ActingChannelName } from '../domain/person.ts';
import { actionSchema, formActionSchema } from './actions.ts';
import { parseJson } from './plain-text.ts';
import { createSeal } from './seal.ts';

const visitSchema = z.object({
  platformUserId: z.string(),
  interaction: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('button'), action: actionSchema }),
    z.object({
      kind: z.literal('form'),
      action: formActionSchema,
      fields: z.record(z.string(), z.string()),
    }),
    z.object({ kind: z.literal('words'), text: z.string() }),
  ]),
  /** Where the answer goes, as the channel itself writes and reads it. */
  place: z.unknown(),
});
/** What somebody did on a platform, as it is kept until it is done. */
export type Visit = z.infer<typeof visitSchema>;

/** What came through a door. */
export interface Arrival {
  /** Tells it from everything else that comes. */
  readonly eventKey: string;
  /** Of the signed request that brought it; null where none did. */
  readonly signatureKey: string | null;
  /** Null where nothing is kept: what only shows something is asked for again by whoever misses it. */
  readonly visit: Visit | null;
}

/** How it went: `passing` where somebody we need did not answer, and it is to be done again. */
export type Served = 'done' | 'passing';

export type Turn =
  /** Does it, and sees to it that it is done if this does not. */
  | { readonly kind: 'now'; readonly attend: (serve: () => Promise<Served>) => Promise<void> }
  /** An earlier click of the same person is not done yet; this one follows by itself. */
  | { readonly kind: 'waits' }
  /** It came before. */
  | { readonly kind: 'repeated' }
  /** It came before in the very same signed request: somebody's copy. */
  | { readonly kind: 'copied' };

/** An event as it is recorded. */
export interface InboundEvent {
  readonly channel: ActingChannelName;
  readonly eventKey: string;
  readonly signatureKey: string | null;
  /** What is to be done about it, sealed, one after another in each lane; null: nothing. */
  readonly kept: { readonly lane: string; readonly work: string } | null;
}

/** What is not done yet. */
export interface KeptEvent {
  readonly eventKey: string;
  /** The person's id on the platform, where it was a click. */
  readonly lane: string;
  readonly work: string;
  readonly receivedAtMs: number;
  /** How often it was taken up again. */
  readonly tries: number;
}

/** Where events are recorded and kept. Instants are epoch milliseconds. Durable, and shared by all processes. */
export interface EventStore {
  accept(
    event: InboundEvent,
    at: { readonly nowMs: number; readonly freeAtMs: number },
  ): Promise<Turn['kind']>;
  /** Of what is first in its lane and free. */
  take(
    channel: ActingChannelName,
    at: { readonly nowMs: number; readonly freeAtMs: number; readonly limit: number },
  ): Promise<readonly KeptEvent[]>;
  hold(
    channel: ActingChannelName,
    held: { readonly eventKeys: readonly string[]; readonly freeAtMs: number },
  ): Promise<void>;
  finish(channel: ActingChannelName, eventKey: string): Promise<void>;
}

export interface KeeperOptions {
  readonly channel: ActingChannelName;
  readonly events: EventStore;
  /** Closes what is kept; the platform's own secret, so that there is none to set. */
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  /** Does a visit that was not done when it came, and tells how it went. */
  readonly resume: (visit: Visit, actId: string) => Promise<Served>;
  /** Tells whoever clicked that it will not be done any more. */
  readonly giveUp: (platformUserId: string, receivedAtMs: number) => Promise<void>;
}

/** After so long without a word whoever was at it is taken to have died. */
const leaseMs = 15_000;
const renewEveryMs = 5_000;
const lookEveryMs = 1_000;
/** Kept events that one process works on at a time, besides those it has just let in. */
const resumedAtOnceMax = 16;
const retryFirstMs = 1_000;
const retryLongestMs = 30_000;
/** Later than this nobody expects any more that their click does something. */
const giveUpAfterMs = 15 * 60_000;

export type Keeper = ReturnType<typeof createKeeper>;

/**
 * Keeps what people do on a platform until it is done: it is stored before it is acknowledged, done by whoever took
 * it in, and by another process where that one died. One person's clicks are done in the order they came.
 */
export function createKeeper(options: KeeperOptions) {
  const { channel, events, now, onError } = options;
  const seal = createSeal(options.secret);
  const held = new Set<string>();
  const underWay = new Set<Promise<void>>();
  /** One person's events are recorded one after another. */
  const recording = new Map<string, Promise<unknown>>();
  /** Lanes of this process in which something follows. */
  const followed = new Set<string>();
  let resumed = 0;
  let isLooking = false;
  let isToLookAgain = false;
  let watching: NodeJS.Timeout | null = null;
  const renewing = setInterval(() => void renew().catch(onError), renewEveryMs);
  renewing.unref();

  async function accept({ eventKey, signatureKey, visit }: Arrival): Promise<Turn> {
    const lane = visit === null ? null : laneOf(visit, eventKey);
    const kept =
      visit === null || lane === null ? null : { lane, work: seal.close(JSON.stringify(visit)) };
    const kind = await oneAfterAnother(lane, () => {
      const nowMs = now();
      const event = { channel, eventKey, signatureKey, kept };
      return events.accept(event, { nowMs, freeAtMs: nowMs + leaseMs });
    });
    if (kind === 'waits' && lane !== null) followed.add(lane);
    if (kind !== 'now') return { kind };
    return {
      kind,
      attend: async (serve) => {
        if (lane === null) await serve();
        else await track(attend({ eventKey, lane, tries: 0 }, serve));
      },
    };
  }

  async function oneAfterAnother<T>(lane: string | null, record: () => Promise<T>): Promise<T> {
    if (lane === null) return record();
    const recorded = (recording.get(lane) ?? Promise.resolve()).then(record, record);
    recording.set(lane, recorded);
    try {
      return await recorded;
    } finally {
      if (recording.get(lane) === recorded) recording.delete(lane);
    }
  }

  function track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  /** Never rejects: what cannot be written down now is done again when the lease is over. */
  async function attend(
    { eventKey, lane, tries }: Pick<KeptEvent, 'eventKey' | 'lane' | 'tries'>,
    serve: () => Promise<Served>,
  ): Promise<void> {
    held.add(eventKey);
    try {
      const served = await serve().catch((error: unknown): Served => {
        onError(error);
        return 'done';
      });
      if (served === 'passing') {
        const waitMs = Math.min(retryLongestMs, retryFirstMs * 2 ** tries);
        await events.hold(channel, { eventKeys: [eventKey], freeAtMs: now() + waitMs });
      } else {
        await events.finish(channel, eventKey);
      }
    } catch (error) {
      onError(error);
    } finally {
      held.delete(eventKey);
    }
    if (followed.delete(lane)) look();
  }

  async function renew(): Promise<void> {
    if (held.size === 0) return;
    await events.hold(channel, { eventKeys: [...held], freeAtMs: now() + leaseMs });
  }

  /** Begins what is kept and free. */
  function look(): void {
    if (isLooking) {
      isToLookAgain = true;
      return;
    }
    isLooking = true;
    isToLookAgain = false;
    void track(
      takeWhatIsFree()
        .catch(onError)
        .finally(() => {
          isLooking = false;
          if (isToLookAgain) look();
        }),
    );
  }

  async function takeWhatIsFree(): Promise<void> {
    const limit = resumedAtOnceMax - resumed;
    if (limit === 0) return;
    const nowMs = now();
    const taken = await events.take(channel, { nowMs, freeAtMs: nowMs + leaseMs, limit });
    for (const event of taken) {
      resumed += 1;
      followed.add(event.lane);
      void track(
        attend(event, () => resume(event)).finally(() => {
          resumed -= 1;
        }),
      );
    }
  }

  async function resume(event: KeptEvent): Promise<Served> {
    const visit = visitSchema.safeParse(parseJson(seal.open(event.work) ?? ''));
    if (!visit.success) {
      onError(new Error(`${channel}: a click was kept under another secret and cannot be read.`));
    }
    if (visit.success && now() - event.receivedAtMs < giveUpAfterMs) {
      return options.resume(visit.data, event.eventKey);
    }
    const platformUserId = visit.success ? visit.data.platformUserId : event.lane;
    await options.giveUp(platformUserId, event.receivedAtMs);
    return 'done';
  }

  return {
    accept,
    look,
    /** Looks every second for what was left undone, until `stop`. */
    start: (): void => {
      watching ??= setInterval(look, lookEveryMs);
    },
    /** Resolves when nothing is under way. */
    settled: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    stop: (): void => {
      if (watching !== null) clearInterval(watching);
      clearInterval(renewing);
    },
  };
}

/** Words are questions, which wait for nobody. */
function laneOf({ platformUserId, interaction }: Visit, eventKey: string): string {
  return interaction.kind === 'words' ? eventKey : platformUserId;
}
