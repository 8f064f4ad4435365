import type { Announcement, Outlet } from '../bot/outlet.ts';
import type { Database } from '../db/client.ts';
import type { Delivery } from '../db/stores/deliveries.ts';
import { findEvent } from '../db/stores/events.ts';
import type { Event, Subscriber, SubscriberKind } from '../domain/event.ts';
import type { Destination } from './destination.ts';

export interface SubscriberDependencies {
  readonly outlets: ReadonlyMap<SubscriberKind, Outlet>;
  /** Everybody who is subscribed now. */
  readonly listSubscribers: () => Promise<readonly Subscriber[]>;
  /** Draws an event as it is to be told now; null: it is over, or what it was about is gone. */
  readonly drawAnnouncement: (event: Event, subscriber: Subscriber) => Promise<Announcement | null>;
}

/** Finds the subscriber that is to be told of an event; null where it is no more, or there is nothing to tell. */
export function createSubscriberLocator(database: Database, dependencies: SubscriberDependencies) {
  const { outlets, listSubscribers, drawAnnouncement } = dependencies;
  return async (delivery: Delivery): Promise<Destination | null> => {
    const { id: deliveryId, recipientCode: code } = delivery;
    const event = await findEvent(database.query, delivery.subjectId);
    const subscriber = (await listSubscribers()).find((one) => one.code === code);
    const outlet = [...outlets.values()].find(({ name }) => name === delivery.channel);
    if (event === null || subscriber?.kind !== outlet?.name || outlet === undefined) return null;
    if (subscriber === undefined) return null;
    const announcement = await drawAnnouncement(event, subscriber);
    if (announcement === null) return null;
    const { name, capabilities } = outlet;
    const message = { channel: name, conversation: code, message: deliveryId };
    return {
      name,
      capabilities,
      version: 1,
      isMoving: false,
      isOver: false,
      post: async () => {
        await outlet.post({ deliveryId, subscriber, announcement });
        return message;
      },
      update: () => Promise.resolve(),
      find: () => Promise.resolve(null),
      retire: () => Promise.resolve('stays'),
      fallBack: () => Promise.resolve(),
    };
  };
}
