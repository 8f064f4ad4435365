import type { Card } from '../card.ts';
import { ChannelError, type Channel, type MessageRef } from '../channel.ts';

/** A card in somebody's web inbox. */
export interface InboxItem {
  readonly deliveryId: string;
  readonly personCode: string;
  readonly card: Card;
}

/** Where inbox items are kept. */
export interface InboxStore {
  /** Puts an item in, or its card in the place of the one that is there. */
  put(item: InboxItem): Promise<void>;
  /** False: there is no such item. */
  replace(deliveryId: string, card: Card): Promise<boolean>;
  has(deliveryId: string): Promise<boolean>;
}

/** The web inbox as a channel: always there, for everybody who works here. */
export function createInboxChannel(store: InboxStore): Channel {
  const refFor = (deliveryId: string, personCode: string): MessageRef => ({
    channel: 'inbox',
    conversation: personCode,
    message: deliveryId,
  });
  return {
    name: 'inbox',
    capabilities: {
      queued: false,
      limits: [],
      interactive: true,
      update: true,
      updateWithinMs: null,
      idempotentPost: true,
      find: true,
    },
    reaches: (person) => person.status === 'active',
    post: async ({ deliveryId, recipient, card }) => {
      await asServerFault(() => store.put({ deliveryId, personCode: recipient.code, card }));
      return refFor(deliveryId, recipient.code);
    },
    update: async (message, card) => {
      const isThere = await asServerFault(() => store.replace(message.message, card));
      if (!isThere) {
        throw new ChannelError('unreachable', `Inbox item ${message.message} is gone.`);
      }
    },
    find: async (deliveryId, recipient) => {
      const isThere = await asServerFault(() => store.has(deliveryId));
      return isThere ? refFor(deliveryId, recipient.code) : null;
    },
    // The new card takes its place by itself.
    retire: () => Promise.resolve('gone'),
    groups: null,
  };
}

async function asServerFault<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch {
    // A database error quotes the statement's parameters, which are the card.
    throw new ChannelError('server', 'The inbox could not be written; try again.');
  }
}
