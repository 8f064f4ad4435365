import { lt } from 'drizzle-orm';
import type { ActingChannelName } from '../../domain/person.ts';
import { inboundEvents } from '../schema/channels.ts';
import type { Queryable } from './audit.ts';

/** Platforms repeat and attackers replay within minutes: doors refuse what is older than five. */
const keptMs = 2 * 86_400_000;

/** Records an event of a platform; false: it was recorded before. */
export async function acceptEventOnce(
  database: Queryable,
  event: { readonly channel: ActingChannelName; readonly eventKey: string },
  nowMs: number,
): Promise<boolean> {
  const inserted = await database
    .insert(inboundEvents)
    .values({ ...event, receivedAt: nowMs })
    .onConflictDoNothing()
    .returning({ eventKey: inboundEvents.eventKey });
  return inserted.length > 0;
}

/** Forgets events that are too old to come again. */
export async function forgetOldEvents(database: Queryable, nowMs: number): Promise<void> {
  await database.delete(inboundEvents).where(lt(inboundEvents.receivedAt, nowMs - keptMs));
}
