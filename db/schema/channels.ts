import {
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Card } from '../../bot/card.ts';
import type { MessageRef } from '../../bot/channel.ts';
import type { ChannelName } from '../../domain/person.ts';
import type { DeliveryPurpose, DeliverySubject } from '../../bot/channel.ts';
import { instant } from './columns.ts';

/**
 * One row per subject, purpose, channel and recipient; posting is guarded by it.
 * pending: to be posted. posting: the call has begun; what became of it is asked of the platform before another try.
 * posted: `message` is where it stands. failed: given up; `error` says why.
 */
export const deliveries = pgTable(
  'delivery',
  {
    id: uuid().primaryKey().defaultRandom(),
    subjectKind: text().$type<DeliverySubject['kind']>().notNull(),
    subjectId: integer().notNull(),
    purpose: text().$type<DeliveryPurpose>().notNull(),
    channel: text().$type<ChannelName>().notNull(),
    recipientCode: text().notNull(),
    state: text().$type<'pending' | 'posting' | 'posted' | 'failed'>().notNull(),
    message: jsonb().$type<MessageRef>(),
    /** Version of the subject that the posted card shows. */
    shownVersion: integer(),
    attempts: integer().notNull().default(0),
    error: text(),
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

/** Requests of chat platforms that were accepted once, so that a repeated or replayed one does nothing. */
export const inboundEvents = pgTable(
  'inbound_event',
  {
    channel: text().$type<ChannelName>().notNull(),
    /** The platform's event id, or a hash of its signature where it has none. */
    eventKey: text().notNull(),
    receivedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.channel, table.eventKey] }),
    index().on(table.receivedAt),
  ],
);
