import {
  ActivityFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  proxyActivities,
  rootCause,
} from '@temporalio/workflow';
import type { DeliveryActivities } from '../activities/delivery.ts';
import { deliveryOptions } from './activity-options.ts';
import type { WarningInput } from './messages.ts';
import { remindedCodes } from './warning-clock.ts';
import type { WarningRun } from './warning-run.ts';

const { deliver, remind } = proxyActivities<DeliveryActivities>(deliveryOptions);

/** Brings the cards and reminders of one warning. */
export function createMessenger(
  run: WarningRun,
  input: WarningInput,
  watch: {
    readonly isTryingByItself: () => boolean;
    /** Another warning waits for this workflow to end. */
    readonly isSucceeded: () => boolean;
  },
) {
  const { current, change } = run;
  const scope = new CancellationScope();

  /** Cards first, then reminders. What a platform refused for hours is given up until the next change. */
  async function bringCards(): Promise<void> {
    const isIdle = () => !current().isDeliveryDue && current().remindersToSend.length === 0;
    try {
      for (;;) {
        await condition(() => run.isEnding() || !isIdle());
        if (isIdle() || (run.isEnding() && !run.isClosed())) return;
        await waitForFirstCard();
        await run.whileUnderWay(bringNext);
      }
    } catch (error) {
      if (!isCancellation(error)) throw error;
      change({ isDeliveryDue: true });
    }
  }

  /** What is over before its first card is due is never sent; what somebody takes from the console goes out at once. */
  async function waitForFirstCard(): Promise<void> {
    await condition(() => run.isEnding() || !watch.isTryingByItself());
    const waitMs = (current().plan.firstCardAtMs ?? 0) - Date.now();
    const isTaken = () => run.isEnding() || current().warning.state.kind !== 'open';
    if (waitMs > 0) await condition(isTaken, waitMs);
  }

  async function bringNext(): Promise<void> {
    const { isDeliveryDue, remindersToSend } = current();
    const [purpose, ...later] = remindersToSend;
    const subject = { kind: 'warning', id: input.warningId } as const;
    if (isDeliveryDue) {
      change({ isDeliveryDue: false });
      await tryTo(() => deliver({ subject }));
    } else if (purpose !== undefined) {
      change({ remindersToSend: later });
      if (run.isClosed()) return;
      const personCodes = remindedCodes(current());
      await tryTo(() => remind({ subject, purpose, personCodes }));
    }
  }

  /** The last card of the warning that ended in this workflow before. */
  async function bringPredecessorsCard(): Promise<void> {
    const { predecessorId: id } = input;
    if (id === undefined) return;
    try {
      await run.whileUnderWay(() => tryTo(() => deliver({ subject: { kind: 'warning', id } })));
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
  }

  /** A closed warning whose platform is down does not keep the next one waiting; that one brings its last card. */
  async function makeRoom(): Promise<void> {
    await condition(run.isEnding);
    if (!run.isClosed()) return;
    await condition(() => watch.isSucceeded() || !run.isBringing());
    if (run.isBringing()) scope.cancel();
  }

  return {
    bringCards: () => scope.run(bringCards),
    bringPredecessorsCard: () => scope.run(bringPredecessorsCard),
    makeRoom,
  };
}

async function tryTo(bring: () => Promise<void>): Promise<void> {
  try {
    await bring();
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    log.warn('A card could not be brought.', { why: rootCause(error) });
  }
}
