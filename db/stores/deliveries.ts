import {
  and,
  asc,
  eq,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  ne,
  notLike,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import type {
  DeliveryFailure,
  DeliveryPurpose,
  MessageRef,
  QueuedSubject,
  WayName,
} from '../../bot/channel.ts';
import { recipientCodeOf } from '../../domain/chat-group.ts';
import { traceparent } from '../traceparent.ts';
import { deliveries, inboxItems } from '../schema/channels.ts';
import { fixes } from '../schema/warnings.ts';
import type { Queryable } from './audit.ts';

export type Delivery = typeof deliveries.$inferSelect;

export interface Addressee {
  readonly purpose: DeliveryPurpose;
  readonly channel: WayName;
  readonly recipientCode: string;
}

/** Recipients that are groups, as LIKE has it. */
const groupRecipients = `${recipientCodeOf({ code: '' })}%`;

/** Told of by PostgreSQL when there is something new in the queue. */
export const queueTopic = 'tagwarden_delivery';

/** Makes a row for each addressee that has none yet, and puts it in the queue. */
export async function ensureDeliveries(
  database: Queryable,
  input: {
    readonly subject: QueuedSubject;
    readonly addressees: readonly Addressee[];
    /** 0 goes before 1 goes before 2. */
    readonly rank: number;
    /** Quiet hours do not hold it. */
    readonly urgent: boolean;
    readonly nowMs: number;
  },
): Promise<void> {
  if (input.addressees.length === 0) return;
  await database
    .insert(deliveries)
    .values(
      input.addressees.map((addressee) => ({
        ...addressee,
        subjectKind: input.subject.kind,
        subjectId: input.subject.id,
        state: 'pending' as const,
        rank: input.rank,
        urgent: input.urgent,
        trace: traceparent(),
        queuedAt: input.nowMs,
        createdAt: input.nowMs,
        updatedAt: input.nowMs,
      })),
    )
    .onConflictDoNothing();
}

/** Reminders and lines of a log are never changed. */
const isOnACard = and(
  notLike(deliveries.purpose, 'reminder-%'),
  notLike(deliveries.purpose, 'log-%'),
);

/** Asks for every card of the subject that stands somewhere to be brought up to date; reminders never are. */
export async function queueUpdates(
  database: Queryable,
  input: { readonly subject: QueuedSubject; readonly rank: number; readonly nowMs: number },
): Promise<void> {
  await database
    .update(deliveries)
    .set({
      queuedAt: sql`coalesce(${deliveries.queuedAt}, ${instantOf(input.nowMs)})`,
      asked: sql`${deliveries.asked} + 1`,
      rank: input.rank,
      trace: traceparent(),
    })
    .where(
      and(
        isAbout(input.subject),
        inArray(deliveries.state, ['posted', 'pending', 'posting']),
        isOnACard,
      ),
    );
}

/**
 * Asks for the cards of a subject that stand somewhere to be brought up to date, also where that was given up:
 * somebody acted on one as it no longer is. Those it may have been, their own and the groups', are drawn again whatever
 * they are known to show: what a reader may do can change while the subject does not.
 */
export async function queueRefresh(
  database: Queryable,
  input: { readonly subject: QueuedSubject; readonly readerCode: string; readonly nowMs: number },
): Promise<void> {
  const mayBeTheirs = or(
    eq(deliveries.recipientCode, input.readerCode),
    like(deliveries.recipientCode, groupRecipients),
  );
  await database
    .update(deliveries)
    .set({
      state: 'posted',
      queuedAt: sql`coalesce(${deliveries.queuedAt}, ${instantOf(input.nowMs)})`,
      asked: sql`${deliveries.asked} + 1`,
      shownVersion: sql`case when ${mayBeTheirs} then null else ${deliveries.shownVersion} end`,
      retryAt: null,
      failures: 0,
      failure: null,
      error: null,
    })
    .where(
      and(
        isAbout(input.subject),
        isOnACard,
        isNotNull(deliveries.message),
        inArray(deliveries.state, ['posted', 'failed']),
        // What is at hand is up to date.
        ne(deliveries.channel, 'inbox'),
      ),
    );
  await announceQueue(database);
}

/** Behind everything else: how far a fix has come is shown where a platform's limit leaves room for it. */
const progressRank = 3;

/**
 * Asks for the cards about a fix that is being written to be drawn again, and lets open pages know. What waits in the
 * queue already is drawn as it is by then anyway.
 */
export async function queueProgress(
  database: Queryable,
  input: { readonly subject: QueuedSubject; readonly fixId: number; readonly nowMs: number },
): Promise<void> {
  const { subject, fixId, nowMs } = input;
  const stands = and(isAbout(subject), eq(deliveries.state, 'posted'), isOnACard);
  const ids = database.select({ id: deliveries.id }).from(deliveries).where(stands);
  await database
    .update(inboxItems)
    .set({ updatedAt: nowMs })
    .where(inArray(inboxItems.deliveryId, ids));
  await database
    .update(deliveries)
    .set({ queuedAt: nowMs, asked: sql`${deliveries.asked} + 1`, rank: progressRank })
    .where(and(stands, ne(deliveries.channel, 'inbox'), isNull(deliveries.queuedAt)));
  await database.update(fixes).set({ progressedAt: nowMs }).where(eq(fixes.id, fixId));
  await announceQueue(database);
}

/** Wakes whoever works through the queue. */
export async function announceQueue(database: Queryable): Promise<void> {
  await database.execute(sql`select pg_notify(${queueTopic}, '')`);
}

/** Every delivery of a subject, in the order they were made. */
export async function listDeliveries(
  database: Queryable,
  subject: QueuedSubject,
): Promise<readonly Delivery[]> {
  return database
    .select()
    .from(deliveries)
    .where(isAbout(subject))
    .orderBy(asc(deliveries.createdAt), asc(deliveries.id));
}

/** What is in the queue about one subject on one channel. */
export async function listQueued(
  database: Queryable,
  subject: QueuedSubject,
  channel: WayName,
): Promise<readonly Delivery[]> {
  return database
    .select()
    .from(deliveries)
    .where(and(isAbout(subject), eq(deliveries.channel, channel), isNotNull(deliveries.queuedAt)))
    .orderBy(asc(deliveries.createdAt), asc(deliveries.id));
}

/**
 * Takes a delivery for posting; of several takers one gets it. One that is `posting` can be taken again when the
 * call ended without an answer (it has an error) or its taker died (nothing was heard since `diedBeforeMs`).
 */
export async function takeForPosting(
  database: Queryable,
  input: { readonly delivery: Delivery; readonly diedBeforeMs: number; readonly nowMs: number },
): Promise<boolean> {
  const taken = await database
    .update(deliveries)
    .set({
      state: 'posting',
      attempts: input.delivery.attempts + 1,
      error: null,
      updatedAt: input.nowMs,
    })
    .where(
      and(
        eq(deliveries.id, input.delivery.id),
        eq(deliveries.attempts, input.delivery.attempts),
        or(
          eq(deliveries.state, 'pending'),
          and(
            eq(deliveries.state, 'posting'),
            or(isNotNull(deliveries.error), lt(deliveries.updatedAt, input.diedBeforeMs)),
          ),
        ),
      ),
    )
    .returning({ id: deliveries.id });
  return taken.length > 0;
}

/** The card stands and shows `shownVersion`. It stays in the queue where it was asked for again meanwhile. */
export async function recordPosted(
  database: Queryable,
  input: {
    readonly delivery: Pick<Delivery, 'id' | 'asked'>;
    readonly message: MessageRef;
    readonly shownVersion: number;
    readonly nowMs: number;
  },
): Promise<void> {
  await database
    .update(deliveries)
    .set({
      state: 'posted',
      message: input.message,
      shownVersion: input.shownVersion,
      failures: 0,
      failure: null,
      error: null,
      retryAt: null,
      queuedAt: unlessAskedAgain(input.delivery),
      postedAt: sql`coalesce(${deliveries.postedAt}, ${instantOf(input.nowMs)})`,
      updatedAt: input.nowMs,
    })
    .where(eq(deliveries.id, input.delivery.id));
}

/** There is nothing to do for it now. */
export async function recordSettled(
  database: Queryable,
  input: {
    readonly delivery: Pick<Delivery, 'id' | 'asked'>;
    readonly state: 'posted' | 'dropped';
    readonly nowMs: number;
  },
): Promise<void> {
  await database
    .update(deliveries)
    .set({
      state: input.state,
      queuedAt: unlessAskedAgain(input.delivery),
      retryAt: null,
      updatedAt: input.nowMs,
    })
    .where(eq(deliveries.id, input.delivery.id));
}

/** It is tried again, not before `retryAtMs`. `state` posting: what became of the last try is unknown. */
export async function recordRetry(
  database: Queryable,
  input: {
    readonly id: string;
    readonly state: 'pending' | 'posting' | 'posted';
    readonly error: string;
    /** Whether this counts against it; a rate limit does not. */
    readonly failed: boolean;
    readonly retryAtMs: number;
    readonly nowMs: number;
  },
): Promise<void> {
  await database
    .update(deliveries)
    .set({
      state: input.state,
      error: input.error,
      retryAt: input.retryAtMs,
      updatedAt: input.nowMs,
      ...(input.failed ? { failures: sql`${deliveries.failures} + 1` } : {}),
    })
    .where(eq(deliveries.id, input.id));
}

/** Given up; a data admin may send it again. */
export async function recordFailed(
  database: Queryable,
  input: {
    readonly id: string;
    readonly failure: DeliveryFailure;
    readonly error: string;
    readonly nowMs: number;
  },
): Promise<void> {
  await database
    .update(deliveries)
    .set({
      state: 'failed',
      failure: input.failure,
      error: input.error,
      queuedAt: null,
      retryAt: null,
      updatedAt: input.nowMs,
    })
    .where(eq(deliveries.id, input.id));
}

/** Forgets where a card stands that can no longer be changed, so that a new one is posted in its place. */
export async function replaceMessage(
  database: Queryable,
  input: { readonly id: string; readonly olderStands: boolean; readonly nowMs: number },
): Promise<void> {
  await database
    .update(deliveries)
    .set({
      state: 'pending',
      message: null,
      olderStands: input.olderStands,
      shownVersion: null,
      postedAt: null,
      updatedAt: input.nowMs,
    })
    .where(eq(deliveries.id, input.id));
}

function isAbout(subject: QueuedSubject): SQL | undefined {
  return and(eq(deliveries.subjectKind, subject.kind), eq(deliveries.subjectId, subject.id));
}

function unlessAskedAgain({ asked }: Pick<Delivery, 'asked'>): SQL<number | null> {
  return sql`case when ${deliveries.asked} = ${asked} then null else ${deliveries.queuedAt} end`;
}

function instantOf(atMs: number): SQL {
  return sql`${new Date(atMs).toISOString()}::timestamptz`;
}
