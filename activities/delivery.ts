import { ApplicationFailure } from '@temporalio/activity';
import type { DeliveryPurpose, DeliverySubject } from '../bot/channel.ts';
import { announceQueue, listQueued, queueUpdates } from '../db/stores/deliveries.ts';
import { queueLogLines } from '../db/stores/group-log.ts';
import {
  findAudience,
  findPrivateAudience,
  queueAudience,
  type AudienceDependencies,
} from '../delivery/audience.ts';
import { createSender, type SenderDependencies } from '../delivery/sender.ts';

export type DeliveryDependencies = AudienceDependencies & Pick<SenderDependencies, 'drawCard'>;

export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

/**
 * Settles who should have a card and puts that into the queue, from which the dispatcher brings it (delivery/). What
 * needs no queue, which is the inbox, is brought here and now.
 */
export function createDeliveryActivities(dependencies: DeliveryDependencies) {
  const { database, channels, now } = dependencies;
  const sender = createSender(dependencies);

  /** A card for whoever should have one and has none; every card of the subject is brought up to date. */
  async function deliver(input: {
    readonly subject: DeliverySubject;
    /** Whoever asked for it waits for it, also in quiet hours. @default false */
    readonly isAskedFor?: boolean;
  }): Promise<void> {
    const { subject, isAskedFor = false } = input;
    const audience = await findAudience(dependencies, subject);
    const { rank } = audience;
    const urgent = audience.urgent || isAskedFor;
    await database.query.transaction(async (transaction) => {
      const nowMs = now();
      await queueUpdates(transaction, { subject, rank, nowMs });
      await queueAudience(transaction, { subject, audience: { ...audience, urgent }, nowMs });
      if (subject.kind === 'warning')
        await queueLogLines(transaction, { warningId: subject.id, nowMs });
      await announceQueue(transaction);
    });
    await bringAtOnce(subject);
  }

  /** One private reminder to each of these people; once per purpose and person, never updated. */
  async function remind(input: {
    readonly subject: DeliverySubject;
    readonly purpose: DeliveryPurpose;
    readonly personCodes: readonly string[];
  }): Promise<void> {
    const { subject, purpose } = input;
    const readers = input.personCodes.map((code) => ({ purpose, code }));
    const audience = await findPrivateAudience(dependencies, subject, readers);
    await database.query.transaction(async (transaction) => {
      await queueAudience(transaction, { subject, audience, nowMs: now() });
      await announceQueue(transaction);
    });
    await bringAtOnce(subject);
  }

  async function bringAtOnce(subject: DeliverySubject): Promise<void> {
    let problem: string | null = null;
    for (const channel of channels.values()) {
      if (channel.capabilities.queued) continue;
      for (const delivery of await listQueued(database.query, subject, channel.name)) {
        const outcome = await sender.bring(delivery);
        if (outcome.kind === 'later') problem ??= outcome.message;
      }
    }
    if (problem !== null) {
      throw ApplicationFailure.create({ message: problem, type: 'DeliveryPostponed' });
    }
  }

  return { deliver, remind };
}
