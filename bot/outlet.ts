import type { Event, Subscriber, SubscriberKind } from '../domain/event.ts';
import type { Card } from './card.ts';
import type { ChannelCapabilities } from './channel.ts';

/** What a subscriber is told, in both forms: systems take the event, groups the card. */
export interface Announcement {
  readonly event: Event;
  readonly card: Card;
}

export interface OutletPost {
  /** Unique per event and subscriber, and the same at every try. */
  readonly deliveryId: string;
  readonly subscriber: Subscriber;
  readonly announcement: Announcement;
}

/**
 * The port of a way to tell others than people: systems and groups. Nothing that was told can be changed. `post` rejects
 * with a ChannelError and nothing else.
 */
export interface Outlet {
  readonly name: SubscriberKind;
  readonly capabilities: ChannelCapabilities;
  post(request: OutletPost): Promise<void>;
  /** Whether a post would be taken, without anybody hearing of it; rejects like `post`. */
  probe(subscriber: Subscriber): Promise<void>;
}
