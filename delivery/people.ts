import type { Card } from '../bot/card.ts';
import type { Channel, DeliveryPurpose, DeliverySubject } from '../bot/channel.ts';
import type { Database } from '../db/client.ts';
import {
  announceQueue,
  ensureDeliveries,
  listDeliveries,
  type Addressee,
  type Delivery,
} from '../db/stores/deliveries.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import type { ChannelName, Person } from '../domain/person.ts';
import type { Destination } from './destination.ts';
import { findStandIn } from './stand-in.ts';

/** A subject as one reader gets it. */
export interface Drawn {
  readonly card: Card;
  readonly version: number;
  /** It shows how far something has come, which moves within a version. */
  readonly isMoving: boolean;
  /** Nobody who has no card of it yet needs one any more. */
  readonly isOver: boolean;
}

/** What a place where a card stands has of the card itself, whoever reads it there. */
export function standingCard(
  channel: Channel,
  { card, version, isMoving, isOver }: Drawn,
): Pick<Destination, 'name' | 'capabilities' | 'version' | 'isMoving' | 'isOver' | 'update'> {
  return {
    name: channel.name,
    capabilities: channel.capabilities,
    version,
    isMoving,
    isOver,
    update: (message) => channel.update(message, card),
  };
}

export interface PeopleDependencies {
  readonly database: Database;
  /** The channels that are set up. */
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  /**
   * Draws a subject as it is now for one reader; null: there is nothing to draw. `olderStands`: beside an older card of
   * it that nobody can change.
   */
  readonly drawCard: (
    subject: DeliverySubject,
    purpose: DeliveryPurpose,
    reader: Person,
    olderStands: boolean,
  ) => Promise<Drawn | null>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Finds the person a card is for, over their channel; null where there is nobody or nothing to show. */
export function createPeopleLocator(dependencies: PeopleDependencies) {
  const { database, channels, now } = dependencies;

  async function locate(delivery: Delivery): Promise<Destination | null> {
    const subject = subjectOf(delivery);
    const { people } = await readCurrentKnowledge(database);
    const recipient = people.get(delivery.recipientCode);
    const channel = [...channels.values()].find(({ name }) => name === delivery.channel);
    if (subject === null || recipient === undefined || channel === undefined) return null;
    const drawn = await dependencies.drawCard(
      subject,
      delivery.purpose,
      recipient,
      delivery.olderStands,
    );
    if (drawn === null) return null;
    const { card } = drawn;
    return {
      ...standingCard(channel, drawn),
      post: () => channel.post({ deliveryId: delivery.id, recipient, card }),
      find: () => channel.find(delivery.id, recipient),
      retire: (message) => channel.retire(message, recipient.locale),
      fallBack: () => fallBack(delivery, subject, recipient),
    };
  }

  /** A card that one channel will not take goes out on the person's next one. */
  async function fallBack(
    delivery: Delivery,
    subject: DeliverySubject,
    recipient: Person,
  ): Promise<void> {
    const tried = (await listDeliveries(database.query, subject))
      .filter(
        (other) => other.recipientCode === recipient.code && other.purpose === delivery.purpose,
      )
      .map((other): string => other.channel);
    const next = recipient.channels.find(
      // The inbox has its copy from the beginning.
      (name) =>
        name !== 'inbox' &&
        channels.get(name)?.reaches(recipient) === true &&
        !tried.includes(name),
    );
    const addressees =
      next === undefined
        ? await addressStandIn(delivery, recipient)
        : [{ purpose: delivery.purpose, channel: next, recipientCode: recipient.code }];
    if (addressees.length === 0) return;
    await ensureDeliveries(database.query, {
      subject,
      addressees,
      rank: delivery.rank,
      urgent: delivery.urgent,
      nowMs: now(),
    });
    await announceQueue(database.query);
  }

  /** Where somebody cannot be reached at all, whoever may act in their place is told so, in the inbox too. */
  async function addressStandIn(
    delivery: Delivery,
    recipient: Person,
  ): Promise<readonly Addressee[]> {
    const standIn = await findStandIn(database, { delivery, recipient, nowMs: now() });
    if (standIn === null) return [];
    const chat = standIn.channels.find(
      (name) => name !== 'inbox' && channels.get(name)?.reaches(standIn) === true,
    );
    return (chat === undefined ? ['inbox' as const] : ['inbox' as const, chat]).map((channel) => ({
      purpose: 'reminder-unreached',
      channel,
      recipientCode: standIn.code,
    }));
  }

  return locate;
}

function subjectOf({ subjectKind: kind, subjectId: id }: Delivery): DeliverySubject | null {
  return kind === 'event' ? null : { kind, id };
}
