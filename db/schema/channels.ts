import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import type { Card } from '../../bot/card.ts';
import type { DeliveryFailure, MessageRef } from '../../bot/channel.ts';
import type { ChannelName } from '../../domain/person.ts';
import type { DeliveryPurpose, QueuedSubject, WayName } from '../../bot/channel.ts';
import { instant } from './columns.ts';

/**
 * One row per subject, purpose, channel and recipient; posting is guarded by it. Rows with `queuedAt` are the queue.
 * pending: to be posted. posting: the call has begun; what became of it is asked of the platform before another try.
 * posted: `message` is where it stands. failed: given up; `failure` and `error` say why.
 * dropped: what it was about was over before it was posted.
 */
export const deliveries = pgTable(
  'delivery',
  {
    id: uuid().primaryKey().defaultRandom(),
    subjectKind: text().$type<QueuedSubject['kind']>().notNull(),
    subjectId: integer().notNull(),
    purpose: text().$type<DeliveryPurpose>().notNull(),
    channel: text().$type<WayName>().notNull(),
    /** A person's code; of an event, the subscriber's. */
    recipientCode: text().notNull(),
    state: text().$type<'pending' | 'posting' | 'posted' | 'failed' | 'dropped'>().notNull(),
    /** 0 goes before 1 goes before 2. */
    rank: integer().notNull().default(1),
    /** It is posted in its recipient's quiet hours too; anything else waits until they end. */
    urgent: boolean().notNull().default(false),
    /** Since when it waits to be posted or brought up to date; null: there is nothing to do. */
    queuedAt: instant(),
    /** After a failure: not before then. */
    retryAt: instant(),
    /** How often it was asked for. What was asked for during a call is still to be done after it. */
    asked: integer().notNull().default(1),
    /** Tries that failed since it last went well. */
    failures: integer().notNull().default(0),
    failure: text().$type<DeliveryFailure>(),
    /** W3C traceparent of what asked for it last. */
    trace: text(),
    message: jsonb().$type<MessageRef>(),
    /** The message before this one stands too, since the platform lets nobody take it away or change it. */
    olderStands: boolean().notNull().default(false),
    /** Version of the subject that the posted card shows. */
    shownVersion: integer(),
    attempts: integer().notNull().default(0),
    error: text(),
    postedAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    unique('delivery_once').on(
      table.subjectKind,
      table.subjectId,
      table.purpose,
      table.channel,
      table.recipientCode,
    ),
    index().on(table.state),
    index('delivery_queue')
      .on(table.channel, table.recipientCode, table.rank, table.queuedAt)
      .where(sql`queued_at is not null`),
  ],
);

/** The web inbox's copy of what was delivered there. */
export const inboxItems = pgTable(
  'inbox_item',
  {
    deliveryId: uuid()
      .primaryKey()
      .references(() => deliveries.id, { onDelete: 'cascade' }),
    personCode: text().notNull(),
    card: jsonb().$type<Card>().notNull(),
    postedAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [index().on(table.personCode)],
);

/**
 * What came through a platform's door, each once, so that a repeated or replayed one does nothing; and what is still
 * to be done about it, so that no click is lost with the process that took it.
 */
export const inboundEvents = pgTable(
  'inbound_event',
  {
    channel: text().$type<ChannelName>().notNull(),
    /** The platform's event id, or a hash of its signature where it has none. */
    eventKey: text().notNull(),
    /** In order of arrival. */
    position: bigserial({ mode: 'number' }).notNull(),
    receivedAt: instant().notNull(),
    /** What is in one lane is done one after another: the clicks of one person. */
    lane: text(),
    /** Who did what, sealed; null: nothing is to be done, or nothing any more. */
    work: text(),
    /** Before then nobody begins it: somebody is at it, or it waits for another try. */
    freeAt: instant(),
    tries: integer().notNull().default(0),
    /** What doing it made, so that doing it again makes nothing more. */
    madeId: text(),
  },
  (table) => [
    primaryKey({ columns: [table.channel, table.eventKey] }),
    index().on(table.receivedAt),
    index('inbound_event_waiting')
      .on(table.channel, table.lane, table.position)
      .where(sql`work is not null`),
  ],
);
