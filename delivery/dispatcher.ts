import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelCapabilities, WayName } from '../bot/channel.ts';
import type { Database } from '../db/client.ts';
import { queueTopic, type Delivery } from '../db/stores/deliveries.ts';
import { callOf, laneOf, listHeads } from '../db/stores/delivery-queue.ts';
import { createLeadership } from './leadership.ts';
import { createRateWindows, type PlatformCall } from './rate-windows.ts';
import { createFeed } from './feed.ts';
import { createSender, type Outcome, type SenderDependencies } from './sender.ts';
import { createBell } from './bell.ts';

export interface DispatcherDependencies extends SenderDependencies {
  /** Around the work on each delivery, such as to trace it. @default nothing */
  readonly around?: (delivery: Delivery, work: () => Promise<Outcome>) => Promise<Outcome>;
  /** A fault of ours, such as a database that is down; the queue is looked at again after a pause. */
  readonly onError: (error: unknown) => void;
}

/** Calls to one platform that are under way at a time. */
const callsMax = 16;
/** Firsts of lanes that are looked at in one go. */
const headsMax = 200;
/** The queue is looked at so often even where nobody rang, since retries fall due by themselves. */
const lookEveryMs = 1_000;
/** And not more often than this while calls end one after another. */
const restMs = 15;
/** What subscribers are told has a second: what happens meanwhile is taken in one go. */
const feedEveryMs = 250;
const afterFaultMs = 1_000;
/** So many failures in a row are the platform's, and one try at a time finds out when it is back. */
const failuresInARowMax = 5;

/**
 * Works through the queues of every channel that has one. Of several processes one does at a time, so that limits are
 * kept by one clock and an order is one order; another takes over within seconds when it is gone.
 */
export function createDispatcher(dependencies: DispatcherDependencies) {
  const { database, around = (_delivery, work) => work() } = dependencies;
  const sender = createSender(dependencies);
  const { subscribers } = dependencies;
  const bring = (delivery: Delivery) => around(delivery, () => sender.bring(delivery));
  const queued = [...dependencies.channels.values()].filter(
    (channel) => channel.capabilities.queued,
  );

  /** Until `signal`; then waits for the calls that are under way. */
  async function run(signal: AbortSignal): Promise<void> {
    if (queued.length === 0 && subscribers === undefined) return;
    const leadership = createLeadership(database, dependencies.onError);
    const queueOf = (way: Way): Worker =>
      createWayQueue(way, { ...dependencies, bring, leadership });
    const feeders =
      subscribers === undefined
        ? []
        : [createFeeder({ ...dependencies, ...subscribers, leadership })];
    const wakeful = [...queued.map(queueOf), ...feeders];
    // What subscribers are told has a second; looking at every ring would only cost the others.
    const unhurried = [...(subscribers?.outlets.values() ?? [])].map(queueOf);
    const ring = (): void => wakeful.forEach((worker) => worker.ring());
    const stop = (): void => [...wakeful, ...unhurried].forEach((worker) => worker.ring());
    signal.addEventListener('abort', stop, { once: true });
    const listening = await listen(database, ring);
    const released = new AbortController();
    const holding = leadership.hold(released.signal, ring);
    try {
      await Promise.all([...wakeful, ...unhurried].map((worker) => worker.run(signal)));
    } finally {
      released.abort();
      await holding;
      await listening.unlisten().catch(() => {});
    }
  }

  return { run };
}

/** What deliveries go out over. */
interface Way {
  readonly name: WayName;
  readonly capabilities: ChannelCapabilities;
}

interface Worker {
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly ring: () => void;
}

/** Turns what happens into deliveries to subscribers, for as long as this process leads. */
function createFeeder(
  dependencies: Parameters<typeof createFeed>[0] & {
    readonly leadership: { readonly isHeld: () => boolean };
    readonly onError: (error: unknown) => void;
  },
): Worker {
  const feed = createFeed(dependencies);
  const bell = createBell();

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (dependencies.leadership.isHeld()) await feed.take();
      } catch (error) {
        dependencies.onError(error);
      }
      await sleep(feedEveryMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await bell.wait({ atLeastMs: 0, atMostMs: lookEveryMs });
    }
  }

  return { run, ring: bell.ring };
}

/** Where the database cannot tell, looking every second does. */
async function listen(database: Database, ring: () => void) {
  return database.sql
    .listen(queueTopic, ring, ring)
    .catch(() => ({ unlisten: () => Promise.resolve() }));
}

function createWayQueue(
  way: Way,
  dependencies: Pick<DispatcherDependencies, 'database' | 'now' | 'onError'> & {
    readonly bring: (delivery: Delivery) => Promise<Outcome>;
    readonly leadership: { readonly isHeld: () => boolean };
  },
): Worker {
  const { database, now, leadership } = dependencies;
  const windows = createRateWindows(way.capabilities.limits);
  const bell = createBell();
  const underWay = new Map<string, Promise<void>>();
  /** Lanes that wait for their conversation's limit, until when. */
  const resting = new Map<string, number>();
  let failuresInARow = 0;

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let waitMs = lookEveryMs;
      try {
        if (leadership.isHeld()) waitMs = await sendWhatMayGo();
      } catch (error) {
        dependencies.onError(error);
        waitMs = afterFaultMs;
      }
      if (!signal.aborted) await bell.wait({ atLeastMs: restMs, atMostMs: waitMs });
    }
    await Promise.all(underWay.values());
  }

  /** Begins every call that may begin now; answers when to look again, in milliseconds. */
  async function sendWhatMayGo(): Promise<number> {
    const atOnce = failuresInARow >= failuresInARowMax ? 1 : callsMax;
    if (underWay.size >= atOnce) return lookEveryMs;
    for (const [lane, untilMs] of resting) if (untilMs <= now()) resting.delete(lane);
    const heads = await listHeads(database.query, {
      channel: way.name,
      busyLanes: [...underWay.keys(), ...resting.keys()],
      limit: headsMax,
      nowMs: now(),
    });
    let waitMs = Math.min(lookEveryMs, ...[...resting.values()].map((untilMs) => untilMs - now()));
    for (const head of heads) {
      if (underWay.size >= atOnce) break;
      const call = platformCall(head);
      const restingMs = windows.waitMs(call, now());
      if (restingMs === 0) begin(head, call);
      else {
        waitMs = Math.min(waitMs, restingMs);
        resting.set(laneOf(head), now() + restingMs);
      }
    }
    return Math.max(0, waitMs);
  }

  function begin(delivery: Delivery, call: PlatformCall): void {
    const lane = laneOf(delivery);
    const begunAtMs = now();
    windows.note(call, 'begin', begunAtMs);
    const ended = dependencies
      .bring(delivery)
      .then((outcome) => learn({ lane, call, begunAtMs }, outcome))
      .catch((error: unknown) => {
        windows.note(call, 'end', now());
        resting.set(lane, now() + afterFaultMs);
        dependencies.onError(error);
      })
      .finally(() => {
        underWay.delete(lane);
        bell.ring();
      });
    underWay.set(lane, ended);
  }

  function learn(
    begun: { readonly lane: string; readonly call: PlatformCall; readonly begunAtMs: number },
    outcome: Outcome,
  ): void {
    const { lane, call, begunAtMs } = begun;
    if (outcome.kind === 'settled') windows.takeBack(call, begunAtMs);
    else windows.note(call, 'end', now());
    if (outcome.kind === 'later') {
      resting.set(lane, Math.min(outcome.retryAtMs, now() + lookEveryMs));
    }
    const isFailing = outcome.kind === 'later' && outcome.reason === 'failing';
    failuresInARow = isFailing ? failuresInARow + 1 : 0;
    if (outcome.kind === 'later' && outcome.reason === 'rate-limited') {
      windows.pause(call, outcome.scope, outcome.retryAtMs);
    }
  }

  return { run, ring: bell.ring };
}

function platformCall(delivery: Delivery): PlatformCall {
  const calls = callOf(delivery);
  const message = calls === 'update' ? (delivery.message?.message ?? null) : null;
  return { calls, conversation: delivery.recipientCode, message };
}
