import { nextStepAtMs } from '../domain/escalation.ts';
import type { WarningEvent } from '../domain/warning.ts';
import type { CarriedWarning, DeadlinePlan, ReminderPurpose } from './messages.ts';
import { chainOf } from './stored-warning.ts';

/** The next instant at which the clock has something to do. Epoch milliseconds. */
export function nextInstant(carried: CarriedWarning): number {
  const { warning: now, plan, remindersPast } = carried;
  const { claimReminderAtMs, closeReminderAtMs } = plan;
  return Math.min(
    plan.lookAgainAtMs,
    now.snoozedUntilMs ?? Infinity,
    claimReminderAtMs[remindersPast.claim] ?? Infinity,
    closeReminderAtMs[remindersPast.close] ?? Infinity,
    nextStepAtMs(now, chainOf(carried)) ?? Infinity,
  );
}

/** The next deadline of those that are not known to be past. Epoch milliseconds. */
export function nextDeadlineAtMs({ warning: now, deadlinesPast }: CarriedWarning): number {
  return Math.min(
    deadlinesPast.includes('claim') ? Infinity : now.claimDueAtMs,
    deadlinesPast.includes('close') ? Infinity : now.closeDueAtMs,
  );
}

/** When something becomes of a claim next; 0 where that is yet to be planned. Epoch milliseconds. */
export function nextClaimStepAtMs({ warning: now, claimExpiry }: CarriedWarning): number {
  const { state } = now;
  if (state.kind !== 'claimed' || claimExpiry.kind === 'none') return Infinity;
  return claimExpiry.kind === 'to-plan' ? 0 : (state.answerByMs ?? claimExpiry.askAtMs);
}

/** Whether an event is something the claimer did, so that their claim begins anew. */
export function renewsClaim(event: WarningEvent): boolean {
  const { kind } = event;
  return (
    kind === 'claimed' || kind === 'claim-confirmed' || kind === 'snoozed' || kind === 'verified'
  );
}

/** The reminders of deadlines that stay are those that were planned; of a deadline that moved on, those still to come move. */
export function movedReminders(
  { warning: now, plan, remindersPast }: CarriedWarning,
  next: DeadlinePlan,
): Pick<DeadlinePlan, 'claimReminderAtMs' | 'closeReminderAtMs'> {
  const moved = (planned: readonly number[], newly: readonly number[], past: number) => [
    ...planned.slice(0, past),
    ...newly.slice(past),
  ];
  return {
    claimReminderAtMs:
      next.claimDueAtMs === now.claimDueAtMs
        ? plan.claimReminderAtMs
        : moved(plan.claimReminderAtMs, next.claimReminderAtMs, remindersPast.claim),
    closeReminderAtMs:
      next.closeDueAtMs === now.closeDueAtMs
        ? plan.closeReminderAtMs
        : moved(plan.closeReminderAtMs, next.closeReminderAtMs, remindersPast.close),
  };
}

/** How many instants are past. */
export function pastCount(instants: readonly number[], nowMs: number): number {
  return instants.filter((atMs) => atMs <= nowMs).length;
}

/** The name under which delivery knows reminder number `past` (from 1) of a deadline. */
export function reminderPurpose(about: 'claim' | 'close' | 'still', past: number): ReminderPurpose {
  return `reminder-${about}-${past}`;
}

/** Whoever has it now: the claimer, otherwise whom it was last escalated to, otherwise owner and stand-in. */
export function remindedCodes({ warning: now, plan }: CarriedWarning): readonly string[] {
  if (now.state.kind === 'claimed') return [now.state.by];
  // Nobody of a group is reminded in private.
  const last = now.escalations.findLast((step) => step.personCodes.length > 0);
  if (last !== undefined) return last.personCodes;
  return plan.standInCode === null ? [now.ownerCode] : [now.ownerCode, plan.standInCode];
}
