import { eq } from 'drizzle-orm';
import type { InboxStore } from '../../bot/inbox/channel.ts';
import type { Database } from '../client.ts';
import { inboxItems } from '../schema/channels.ts';

/** The web inbox in the database. An item stands for a delivery, which must have its row; it goes with it. */
export function createInboxStore(
  database: Pick<Database, 'query'>,
  dependencies: {
    /** Epoch milliseconds. */
    readonly now: () => number;
  },
): InboxStore {
  const { query } = database;
  const { now } = dependencies;
  return {
    put: async ({ deliveryId, personCode, card }) => {
      const nowMs = now();
      await query
        .insert(inboxItems)
        .values({ deliveryId, personCode, card, postedAt: nowMs, updatedAt: nowMs })
        .onConflictDoUpdate({
          target: inboxItems.deliveryId,
          set: { card, updatedAt: nowMs },
        });
    },
    replace: async (deliveryId, card) => {
      const changed = await query
        .update(inboxItems)
        .set({ card, updatedAt: now() })
        .where(eq(inboxItems.deliveryId, deliveryId))
        .returning({ deliveryId: inboxItems.deliveryId });
      return changed.length > 0;
    },
    has: async (deliveryId) => {
      const found = await query
        .select({ deliveryId: inboxItems.deliveryId })
        .from(inboxItems)
        .where(eq(inboxItems.deliveryId, deliveryId));
      return found.length > 0;
    },
  };
}
