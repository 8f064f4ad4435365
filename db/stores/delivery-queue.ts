import {
  and,
  asc,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  lte,
  not,
  notLike,
  or,
  sql,
} from 'drizzle-orm';
import type { ChannelName } from '../../domain/person.ts';
import type { Sql } from '../client.ts';
import type { DeliveryFailure, WayName } from '../../bot/channel.ts';
import type { Unreached } from '../../bot/views.ts';
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
 * A first one that waits for another try holds up its lane, until it failed too often; one that waits for its
 * reader's quiet hours to end holds up nothing.
 */
export async function listHeads(
  database: Queryable,
  input: {
    readonly channel: WayName;
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
        not(waitsForQuietHours(input.nowMs)),
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

/** Cards that stand change without a sound, so only posts wait; `quiet_people` is a function of the database. */
function waitsForQuietHours(nowMs: number) {
  const at = new Date(nowMs).toISOString();
  return sql`(${deliveries.state} = 'pending' and not ${deliveries.urgent}
    and ${deliveries.recipientCode} in (select quiet_people(${at}::timestamptz)))`;
}

/** A delivery that was given up. */
export interface FailedDelivery {
  readonly id: string;
  readonly subjectKind: Delivery['subjectKind'];
  readonly subjectId: number;
  readonly channel: WayName;
  readonly recipientCode: string;
  readonly failure: DeliveryFailure;
  /** What the platform said and what to do, in English; never a secret. */
  readonly error: string;
  readonly updatedAt: number;
}

/** What was given up, newest first; of everybody. */
export async function listFailed(
  database: Queryable,
  recipientCodes: readonly string[] | null,
  limit: number,
): Promise<readonly FailedDelivery[]> {
  const rows = await database
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.state, 'failed'), isFor(recipientCodes)))
    .orderBy(desc(deliveries.updatedAt), asc(deliveries.id))
    .limit(limit);
  return rows.map((row) => ({
    id: row.id,
    subjectKind: row.subjectKind,
    subjectId: row.subjectId,
    channel: row.channel,
    recipientCode: row.recipientCode,
    failure: row.failure ?? 'invalid',
    error: row.error ?? '',
    updatedAt: row.updatedAt,
  }));
}

/** Whom a card of a warning did not reach last; reminders do not count, nor groups, whose people get their own. */
export async function findUnreached(
  database: Queryable,
  warningId: number,
): Promise<Unreached | null> {
  const [row] = await database
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.subjectKind, 'warning'),
        eq(deliveries.subjectId, warningId),
        eq(deliveries.state, 'failed'),
        notLike(deliveries.purpose, 'reminder-%'),
        notLike(deliveries.recipientCode, 'group:%'),
      ),
    )
    .orderBy(desc(deliveries.updatedAt))
    .limit(1);
  if (row === undefined) return null;
  const { recipientCode: personCode, failure } = row;
  // Of warnings, only people get cards.
  const channel = row.channel as ChannelName;
  return { personCode, channel, failure: failure ?? 'invalid' };
}

/** People whom a channel does not reach, by what became of the newest card that went to them there. */
export async function listUnreached(sqlClient: Sql): Promise<readonly Unreached[]> {
  return sqlClient<Unreached[]>`
    select recipient_code as "personCode", channel, failure from (
      select distinct on (recipient_code, channel) recipient_code, channel, state, failure
      from delivery where subject_kind <> 'event' and channel <> 'inbox'
        and recipient_code not like 'group:%' and state in ('posted', 'failed')
      order by recipient_code, channel, updated_at desc) newest
    where state = 'failed' and failure is not null order by channel, recipient_code`;
}

/** How a channel stands. */
export interface ChannelQueue {
  readonly channel: WayName;
  /** Those that may go out; what waits for quiet hours to end is counted in `held`. */
  readonly waiting: number;
  readonly held: number;
  /** Epoch milliseconds; null where nothing waits. */
  readonly waitingSinceMs: number | null;
  /** Why the last try of one that waits failed, in English; null where none has. */
  readonly delay: string | null;
  readonly failed: number;
  /** Why the newest of them was given up. */
  readonly failure: DeliveryFailure | null;
  readonly error: string | null;
}

export async function readChannelQueues(sqlClient: Sql): Promise<readonly ChannelQueue[]> {
  return sqlClient<ChannelQueue[]>`
    with held as (
      select id from delivery where queued_at is not null and state = 'pending' and not urgent
        and recipient_code in (select quiet_people(now())))
    select channel, (count(queued_at) filter (where not is_held))::int as waiting,
      (count(*) filter (where is_held))::int as held,
      min(queued_at) filter (where not is_held) as "waitingSinceMs",
      (array_agg(error order by updated_at desc)
        filter (where queued_at is not null and not is_held and failures > 0))[1] as delay,
      (count(*) filter (where state = 'failed'))::int as failed,
      (array_agg(failure order by updated_at desc) filter (where state = 'failed'))[1] as failure,
      (array_agg(error order by updated_at desc) filter (where state = 'failed'))[1] as error
    from delivery, lateral (select delivery.id in (select id from held) as is_held) as now
    where channel <> 'inbox' group by channel order by channel`;
}

/** Puts deliveries that were given up back into the queue; answers which they were. */
export async function queueAgain(
  database: Queryable,
  input: {
    readonly ids: readonly string[];
    /** Of these people alone; null: of everybody. */
    readonly recipientCodes: readonly string[] | null;
    readonly nowMs: number;
  },
): Promise<readonly Pick<FailedDelivery, 'id' | 'channel' | 'failure'>[]> {
  if (input.ids.length === 0) return [];
  const before = await database
    .select({ id: deliveries.id, channel: deliveries.channel, failure: deliveries.failure })
    .from(deliveries)
    .where(
      and(
        inArray(deliveries.id, [...input.ids]),
        eq(deliveries.state, 'failed'),
        isFor(input.recipientCodes),
      ),
    )
    .for('update');
  await database
    .update(deliveries)
    .set({
      // A card that stands somewhere is brought up to date there; the others are posted.
      state: sql`case when ${deliveries.message} is null then 'pending' else 'posted' end`,
      queuedAt: input.nowMs,
      retryAt: null,
      failures: 0,
      failure: null,
      error: null,
      updatedAt: input.nowMs,
    })
    .where(
      inArray(
        deliveries.id,
        before.map(({ id }) => id),
      ),
    );
  return before.map((row) => ({ ...row, failure: row.failure ?? 'invalid' }));
}

function isFor(recipientCodes: readonly string[] | null) {
  return recipientCodes === null
    ? undefined
    : inArray(deliveries.recipientCode, [...recipientCodes]);
}
