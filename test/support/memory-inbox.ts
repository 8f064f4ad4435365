import type { InboxItem, InboxStore } from '../../bot/inbox/channel.ts';

export interface MemoryInbox extends InboxStore {
  readonly items: Map<string, InboxItem>;
}

/** An inbox that lasts as long as the test. */
export function createMemoryInbox(): MemoryInbox {
  const items = new Map<string, InboxItem>();
  return {
    items,
    put: async (item) => {
      items.set(item.deliveryId, item);
    },
    replace: async (deliveryId, card) => {
      const item = items.get(deliveryId);
      if (item === undefined) return false;
      items.set(deliveryId, { ...item, card });
      return true;
    },
    has: async (deliveryId) => items.has(deliveryId),
  };
}
