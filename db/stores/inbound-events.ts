import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { EventStore, InboundEvent, KeptEvent, Turn } from '../../bot/keeper.ts';
import type { ActingChannelName } from '../../domain/person.ts';
import { inboundEvents } from '../schema/channels.ts';
import type { Queryable } from './audit.ts';

/**
 * Records what came and what is to be done about it, in one statement, so that of simultaneous copies one is taken.
 * Until `freeAtMs` whoever accepted it is at it. `repeated`: it came before, in another request. `copied`: in this very one.
 */
async function acceptEvent(
  database: Queryable,
  event: InboundEvent,
  at: { readonly nowMs: number; readonly freeAtMs: number },
): Promise<Turn['kind']> {
  const { channel, eventKey, signatureKey, kept } = event;
  const received = { channel, receivedAt: at.nowMs };
  const isBehind = sql`exists (select from ${inboundEvents} as earlier where earlier.channel = ${channel}
    and earlier.lane = ${kept?.lane ?? null} and earlier.work is not null)`;
  const freeAt = sql<number | null>`case when ${isBehind} then ${instantOf(at.nowMs)}
    else ${instantOf(at.freeAtMs)} end`;
  const inserted = await database
    .insert(inboundEvents)
    .values([
      { ...received, eventKey, ...(kept === null ? {} : { ...kept, freeAt }) },
      ...(signatureKey === null ? [] : [{ ...received, eventKey: `signature:${signatureKey}` }]),
    ])
    .onConflictDoNothing()
    .returning({ eventKey: inboundEvents.eventKey, freeAt: inboundEvents.freeAt });
  const arrived = inserted.find((row) => row.eventKey === eventKey);
  if (arrived !== undefined) return arrived.freeAt === at.nowMs ? 'waits' : 'now';
  return signatureKey !== null && inserted.length === 0 ? 'copied' : 'repeated';
}

/** Takes what is first in its lane and free, until `freeAtMs`; of several takers one gets each. */
async function takeKeptEvents(
  database: Queryable,
  channel: ActingChannelName,
  at: { readonly nowMs: number; readonly freeAtMs: number; readonly limit: number },
): Promise<readonly KeptEvent[]> {
  const firsts = database
    .selectDistinctOn([inboundEvents.lane], { position: inboundEvents.position })
    .from(inboundEvents)
    .where(and(eq(inboundEvents.channel, channel), isNotNull(inboundEvents.work)))
    .orderBy(inboundEvents.lane, inboundEvents.position);
  const isFree = sql`${inboundEvents.freeAt} <= ${instantOf(at.nowMs)}`;
  const due = database
    .select({ position: inboundEvents.position })
    .from(inboundEvents)
    .where(and(inArray(inboundEvents.position, firsts), isFree))
    .orderBy(inboundEvents.position)
    .limit(at.limit);
  const taken = await database
    .update(inboundEvents)
    .set({ freeAt: at.freeAtMs, tries: sql`${inboundEvents.tries} + 1` })
    .where(
      and(
        eq(inboundEvents.channel, channel),
        isNotNull(inboundEvents.work),
        inArray(inboundEvents.position, due),
        // Asked again when another process has just taken it.
        isFree,
      ),
    )
    .returning();
  return taken.map(({ eventKey, lane, work, receivedAt, tries }) => ({
    eventKey,
    lane: lane ?? '',
    work: work ?? '',
    receivedAtMs: receivedAt,
    tries,
  }));
}

/** Says until when somebody is at these, or until when they wait for another try. */
async function holdEvents(
  database: Queryable,
  channel: ActingChannelName,
  held: { readonly eventKeys: readonly string[]; readonly freeAtMs: number },
): Promise<void> {
  await database
    .update(inboundEvents)
    .set({ freeAt: held.freeAtMs })
    .where(
      and(
        eq(inboundEvents.channel, channel),
        inArray(inboundEvents.eventKey, [...held.eventKeys]),
        isNotNull(inboundEvents.work),
      ),
    );
}

/** It is done: what was kept of it is forgotten, and only that it came is remembered. */
async function finishEvent(
  database: Queryable,
  channel: ActingChannelName,
  eventKey: string,
): Promise<void> {
  await database
    .update(inboundEvents)
    .set({ work: null, lane: null, freeAt: null })
    .where(and(eq(inboundEvents.channel, channel), eq(inboundEvents.eventKey, eventKey)));
}

export function createEventStore(database: Queryable): EventStore {
  return {
    accept: (event, at) => acceptEvent(database, event, at),
    take: (channel, at) => takeKeptEvents(database, channel, at),
    hold: (channel, held) => holdEvents(database, channel, held),
    finish: (channel, eventKey) => finishEvent(database, channel, eventKey),
  };
}

/** One act of a person on a platform, which may have to be done again after a crash. */
export interface Act {
  readonly through: string;
  readonly actId: string;
}

/** What an act made when it was done before; null: it was not, or made nothing. */
export async function findMade(database: Queryable, act: Act): Promise<string | null> {
  const [row] = await database
    .select({ madeId: inboundEvents.madeId })
    .from(inboundEvents)
    .where(isOf(act));
  return row?.madeId ?? null;
}

/** Notes what an act made, in the transaction that makes it. */
export async function recordMade(transaction: Queryable, act: Act, madeId: string): Promise<void> {
  await transaction.update(inboundEvents).set({ madeId }).where(isOf(act));
}

function isOf({ through, actId }: Act) {
  return and(sql`${inboundEvents.channel} = ${through}`, eq(inboundEvents.eventKey, actId));
}

function instantOf(atMs: number) {
  return sql`${new Date(atMs).toISOString()}::timestamptz`;
}
