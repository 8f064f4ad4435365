import { and, asc, eq, inArray, isNotNull, isNull, lte, not, or, sql } from 'drizzle-orm';
import type { ChannelName } from '../../domain/person.ts';
import { deliveries } from '../schema/channels.ts';
import type { Queryable } from './audit.ts';
import type { Delivery } from './deliveries.ts';

/** A delivery that fails more often than this no longer holds up those behind it. */
const holdingFailuresMax = 3;

/** Whether a card is to be posted or one that stands is to be changed. */
export function callOf(delivery: Pick<Delivery, 'state'>): 'post' | 'update' {
  return delivery.state === 'posted' ? 'update' : 'post';
}

/** One conversation's posts, or its updates: what is in a lane goes out one after another. */
export function laneOf(delivery: Pick<Delivery, 'state' | 'recipientCode'>): string {
  return `${callOf(delivery)}:${delivery.recipientCode}`;
}

const lane = sql<string>`(case when ${deliveries.state} = 'posted' then 'update:' else 'post:' end
  || ${deliveries.recipientCode})`;

/**
 * The first of every lane of a channel that may go out now, severe before mild and then in the order of asking.
 * A first one that waits for another try holds up its lane, until it failed too often.
 */
export async function listHeads(
  database: Queryable,
  input: {
    readonly channel: ChannelName;
    /** Lanes that are not asked for. */
    readonly busyLanes: readonly string[];
    readonly limit: number;
    readonly nowMs: number;
  },
): Promise<readonly Delivery[]> {
  const isDue = or(isNull(deliveries.retryAt), lte(deliveries.retryAt, input.nowMs));
  const heads = database
    .selectDistinctOn([lane], { id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.channel, input.channel),
        isNotNull(deliveries.queuedAt),
        or(lte(deliveries.failures, holdingFailuresMax), isDue),
        ...(input.busyLanes.length === 0 ? [] : [not(inArray(lane, [...input.busyLanes]))]),
      ),
    )
    .orderBy(lane, asc(deliveries.rank), asc(deliveries.queuedAt), asc(deliveries.id));
  return database
    .select()
    .from(deliveries)
    .where(and(inArray(deliveries.id, heads), isDue))
    .orderBy(asc(deliveries.rank), asc(deliveries.queuedAt), asc(deliveries.id))
    .limit(input.limit);
}
