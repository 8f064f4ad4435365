import { and, asc, eq, isNotNull, lt, or } from 'drizzle-orm';
import type { DeliveryPurpose, DeliverySubject, MessageRef } from '../../bot/channel.ts';
import type { ChannelName } from '../../domain/person.ts';
import { deliveries } from '../schema/channels.ts';
import type { Queryable } from './audit.ts';

export type Delivery = typeof deliveries.$inferSelect;

export interface Addressee {
  readonly purpose: DeliveryPurpose;
  readonly channel: ChannelName;
  readonly recipientCode: string;
}

/** Makes a row for each addressee that has none yet. */
export async function ensureDeliveries(
  database: Queryable,
  input: {
    readonly subject: DeliverySubject;
    readonly addressees: readonly Addressee[];
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
        createdAt: input.nowMs,
        updatedAt: input.nowMs,
      })),
    )
    .onConflictDoNothing();
}

/** Every delivery of a subject, in the order they were made. */
export async function listDeliveries(
  database: Queryable,
  subject: DeliverySubject,
): Promise<readonly Delivery[]> {
  return database
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.subjectKind, subject.kind), eq(deliveries.subjectId, subject.id)))
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

export async function recordPosted(
  database: Queryable,
  input: {
    readonly id: string;
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
      error: null,
      updatedAt: input.nowMs,
    })
    .where(eq(deliveries.id, input.id));
}

/** `state` posting: what became of it is unknown; pending: it certainly did not arrive; failed: given up. */
export async function recordNotPosted(
  database: Queryable,
  input: {
    readonly id: string;
    readonly state: 'pending' | 'posting' | 'failed';
    readonly error: string;
    readonly nowMs: number;
  },
): Promise<void> {
  await database
    .update(deliveries)
    .set({ state: input.state, error: input.error, updatedAt: input.nowMs })
    .where(eq(deliveries.id, input.id));
}

/** Forgets where a card stands that can no longer be changed, so that a new one is posted in its place. */
export async function replaceMessage(
  database: Queryable,
  input: { readonly id: string; readonly nowMs: number },
): Promise<void> {
  await database
    .update(deliveries)
    .set({ state: 'pending', message: null, shownVersion: null, updatedAt: input.nowMs })
    .where(eq(deliveries.id, input.id));
}
