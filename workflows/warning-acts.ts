import { ApplicationFailure } from '@temporalio/workflow';
import type { ProjectInput } from '../activities/warning.ts';
import { assertNever } from '../domain/assert-never.ts';
import { takeNextStep } from '../domain/escalation.ts';
import { transition, type WarningEvent } from '../domain/warning.ts';
import {
  malformedFailure,
  otherWarningFailure,
  refusedFailure,
  type By,
  type CarriedWarning,
  type DeadlinePlan,
  type WarningMessage,
  type WarningUpdate,
} from './messages.ts';
import { chainOf } from './stored-warning.ts';

/** What accompanies a change into the audit trail and the findings. */
export type Words = Pick<ProjectInput, 'by' | 'effect' | 'noteId' | 'details'>;

export const silent: Words = { by: null, effect: { kind: 'none' }, noteId: null, details: {} };

/** Refuses what cannot be done now, without a trace in the history. */
export function validate(message: WarningMessage, held: CarriedWarning | null): void {
  if (!isWellFormed(message)) {
    throw ApplicationFailure.nonRetryable('The message is not one of a warning.', malformedFailure);
  }
  if (held === null) return;
  const { warning: now } = held;
  if (message.warningId !== now.id) {
    throw ApplicationFailure.nonRetryable(
      `Warning ${now.id} is closing; warning ${message.warningId} follows it.`,
      otherWarningFailure,
    );
  }
  const { by, update } = message;
  // The number of snoozes is checked in turn, against the policy.
  const event = eventOf(by, update, { snoozeTimesMax: Infinity, next: nextStepFor(by, held) });
  const answer = transition(now, event, Date.now());
  if (answer.kind === 'refused') {
    throw ApplicationFailure.nonRetryable(
      `Warning ${now.id} cannot be changed so now: ${answer.refusal.kind}.`,
      refusedFailure,
      answer.refusal,
    );
  }
}

const updateKinds: Readonly<Record<WarningUpdate['kind'], true>> = {
  claim: true,
  release: true,
  'still-on-it': true,
  reassign: true,
  snooze: true,
  escalate: true,
  fix: true,
  'fixed-by-hand': true,
  dismiss: true,
  except: true,
};

/** Messages come from our own commands, yet perhaps from another version of them. */
function isWellFormed(message: Partial<WarningMessage> | undefined): message is WarningMessage {
  return (
    typeof message?.warningId === 'number' &&
    typeof message.by?.personCode === 'string' &&
    typeof message.update?.kind === 'string' &&
    Object.hasOwn(updateKinds, message.update.kind)
  );
}

type NextStep = Extract<WarningEvent, { kind: 'escalated-now' }>['next'];

/** The step of the chain that somebody would take now. */
export function nextStepFor(by: By, held: CarriedWarning): NextStep {
  const taken = { by: by.personCode, atMs: Date.now() };
  return takeNextStep(held.warning, chainOf(held), taken);
}

export function eventOf(
  by: By,
  update: WarningUpdate,
  policy: Pick<DeadlinePlan, 'snoozeTimesMax'> & { readonly next: NextStep },
): WarningEvent {
  const who = { by: by.personCode };
  switch (update.kind) {
    case 'claim':
      return { kind: 'claimed', ...who };
    case 'release':
      return { kind: 'released', ...who };
    case 'escalate':
      return { kind: 'escalated-now', ...who, next: policy.next };
    case 'still-on-it':
      return { kind: 'claim-confirmed', ...who };
    case 'reassign':
      return { kind: 'reassigned', ...who, to: update.toCode };
    case 'snooze':
      return {
        kind: 'snoozed',
        ...who,
        untilMs: update.untilMs,
        timesMax: policy.snoozeTimesMax,
      };
    case 'fix':
      return { kind: 'fix-started', ...who, fixId: 0 };
    case 'fixed-by-hand':
      return { kind: 'fixed-by-hand', ...who };
    case 'dismiss':
      return { kind: 'dismissed', ...who, reason: update.reason };
    case 'except':
      return { kind: 'excepted', ...who };
    default:
      return assertNever(update);
  }
}

export function wordsOf(by: By, update: WarningUpdate): Words {
  switch (update.kind) {
    case 'dismiss':
      return {
        by,
        effect: { kind: 'dismiss' },
        noteId: update.noteId,
        details: { dismissReason: update.reason },
      };
    case 'except': {
      const { untilMs, noteId } = update;
      return {
        by,
        effect: { kind: 'except', untilMs, noteId, grantedBy: by.personCode },
        noteId,
        details: { untilMs },
      };
    }
    case 'escalate':
      return { ...silent, by, noteId: update.noteId };
    case 'claim':
    case 'release':
    case 'still-on-it':
    case 'reassign':
    case 'snooze':
    case 'fix':
    case 'fixed-by-hand':
      return { ...silent, by };
    default:
      return assertNever(update);
  }
}
