import { assertNever } from './assert-never.ts';
import { automaticActor } from './automatic-fix.ts';
import type { Interval } from './deadline.ts';
import type { Escalation } from './escalation.ts';
import type { Severity } from './severity.ts';

/** Why a warning ended. */
export const closeReasons = [
  /** A fix was applied and a re-scan found nothing left. */
  'fixed',
  /** Somebody changed the CRM by hand and a re-scan found nothing left. */
  'fixed-by-hand',
  /** Ruled wrong by a person: counts against the rule's precision. */
  'not-a-conflict',
  /** Declared right until a date. */
  'excepted',
  /** A scan found nothing left and nobody had claimed a fix. */
  'gone',
] as const;
export type CloseReason = (typeof closeReasons)[number];

/** Why somebody says that a warning is wrong. */
export const dismissReasons = ['rule-wrong', 'data-wrong', 'special-customer', 'other'] as const;
export type DismissReason = (typeof dismissReasons)[number];

export type WarningState =
  /** Nobody has taken it. */
  | { readonly kind: 'open' }
  /**
   * `by` has promised to deal with it. With `answerByMs` nothing has come of it for long, and they are asked whether
   * they are still on it: without an answer by then it is open again.
   */
  | {
      readonly kind: 'claimed';
      readonly by: string;
      readonly atMs: number;
      readonly answerByMs?: number;
    }
  /** Fix `fixId` is being written to the source. */
  | { readonly kind: 'fixing'; readonly by: string; readonly fixId: number }
  /** Exactly its customers are being read and scanned again; `fixId` null when fixed by hand. */
  | { readonly kind: 'verifying'; readonly by: string; readonly fixId: number | null }
  | {
      readonly kind: 'closed';
      readonly reason: CloseReason;
      readonly by: string | null;
      readonly atMs: number;
      readonly fixId: number | null;
    };

/** A warning as its workflow holds it. People are codes, instants are epoch milliseconds. */
export interface Warning {
  readonly id: number;
  readonly fingerprint: string;
  readonly ruleCode: string;
  readonly severity: Severity;
  readonly ownerCode: string;
  readonly secondLineCode: string | null;
  readonly managerCode: string | null;
  readonly state: WarningState;
  /** How many steps of the policy's chain it has come; 0: it is with its owner. */
  readonly level: number;
  /** The steps that were taken, in order. */
  readonly escalations: readonly Escalation[];
  /** The duty whose turn made the owner; null where a person is named. */
  readonly dutyCode: string | null;
  /** The warning like it that closed not long before this one opened, and how many times in a row it has come back. */
  readonly previousId: number | null;
  readonly recurrences: number;
  readonly snoozedUntilMs: number | null;
  readonly snoozes: number;
  /** Customers with an open finding. */
  readonly customers: number;
  readonly openedAtMs: number;
  readonly claimDueAtMs: number;
  readonly closeDueAtMs: number;
  /** When its time stands still because nobody is on duty: now, or next before it has to be closed. */
  readonly pause: Interval | null;
  /** Grows by one with every change; a card shows the version it was drawn from. */
  readonly version: number;
}

export type WarningEvent =
  | { readonly kind: 'claimed'; readonly by: string }
  | { readonly kind: 'released'; readonly by: string }
  /** The claimer is asked whether they are still on it. */
  | { readonly kind: 'claim-asked'; readonly answerByMs: number }
  | { readonly kind: 'claim-confirmed'; readonly by: string }
  /** The claimer did not answer. */
  | { readonly kind: 'claim-expired' }
  | { readonly kind: 'reassigned'; readonly by: string; readonly to: string }
  | {
      readonly kind: 'snoozed';
      readonly by: string;
      readonly untilMs: number;
      readonly timesMax: number;
    }
  | { readonly kind: 'woke' }
  /** A person's fix begins; claims the warning for them if nobody has. */
  | { readonly kind: 'fix-started'; readonly by: string; readonly fixId: number }
  /** Every customer of the fix has an outcome. */
  | { readonly kind: 'fix-written' }
  | { readonly kind: 'fixed-by-hand'; readonly by: string }
  /** The re-scan is done; `customers` still have a finding. */
  | { readonly kind: 'verified'; readonly customers: number }
  | { readonly kind: 'dismissed'; readonly by: string; readonly reason: DismissReason }
  | { readonly kind: 'excepted'; readonly by: string }
  /** A scan or a fix elsewhere changed which customers are affected. */
  | { readonly kind: 'findings-changed'; readonly customers: number }
  | {
      readonly kind: 'escalated';
      readonly level: number;
      /** The steps taken now. */
      readonly escalations: readonly Escalation[];
    }
  /** Somebody takes the next step before its time; null: the chain is at its end. */
  | {
      readonly kind: 'escalated-now';
      readonly by: string;
      readonly next: { readonly level: number; readonly escalation: Escalation } | null;
    }
  /** People of steps that were taken have left; these take their places. */
  | { readonly kind: 'rerouted'; readonly escalations: readonly Escalation[] }
  /** The turn of the owner's duty has passed on. */
  | { readonly kind: 'handed-over'; readonly to: string }
  /** Deadlines and responders were worked out: when it opens, and again for a new owner. */
  | {
      readonly kind: 'planned';
      readonly secondLineCode: string | null;
      readonly managerCode: string | null;
      readonly claimDueAtMs: number;
      readonly closeDueAtMs: number;
      readonly pause: Interval | null;
    };

/** Why an event cannot happen now, for a person to read. */
export type Refusal =
  | { readonly kind: 'closed'; readonly by: string | null; readonly reason: CloseReason }
  | { readonly kind: 'already-claimed'; readonly by: string }
  | { readonly kind: 'not-claimed' }
  | { readonly kind: 'busy'; readonly by: string }
  | { readonly kind: 'snoozed-too-often'; readonly timesMax: number }
  | { readonly kind: 'already-yours' }
  /** Nobody is left to whom it could go. */
  | { readonly kind: 'chain-ended' };

export type Transition =
  | { readonly kind: 'accepted'; readonly warning: Warning }
  /** Nothing to do: the event says what is already so. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The one place that says which event may follow which state. Pure; `nowMs` is epoch milliseconds. */
export function transition(warning: Warning, event: WarningEvent, nowMs: number): Transition {
  const { state } = warning;
  if (state.kind === 'closed') {
    return isNews(event)
      ? { kind: 'unchanged' }
      : refuse({ kind: 'closed', by: state.by, reason: state.reason });
  }
  switch (event.kind) {
    case 'claimed':
      if (state.kind === 'open') {
        return accept(warning, {
          state: { kind: 'claimed', by: event.by, atMs: nowMs },
          snoozedUntilMs: null,
        });
      }
      return refuse(
        state.by === event.by
          ? { kind: 'already-yours' }
          : { kind: 'already-claimed', by: state.by },
      );
    case 'released':
      if (state.kind === 'open') return refuse({ kind: 'not-claimed' });
      if (state.kind !== 'claimed') return refuse({ kind: 'busy', by: state.by });
      return accept(warning, { state: { kind: 'open' } });
    case 'claim-asked':
      return state.kind === 'claimed' && state.answerByMs === undefined
        ? accept(warning, { state: { ...state, answerByMs: event.answerByMs } })
        : { kind: 'unchanged' };
    case 'claim-confirmed':
      if (state.kind === 'open') return refuse({ kind: 'not-claimed' });
      if (state.by !== event.by) return refuse({ kind: 'already-claimed', by: state.by });
      return state.kind === 'claimed' && state.answerByMs !== undefined
        ? accept(warning, { state: withoutQuestion(state) })
        : { kind: 'unchanged' };
    case 'claim-expired':
      return state.kind === 'claimed' && state.answerByMs !== undefined
        ? accept(warning, { state: { kind: 'open' } })
        : { kind: 'unchanged' };
    case 'reassigned':
      if (isBusy(state)) return refuse({ kind: 'busy', by: state.by });
      if (event.to === warning.ownerCode && state.kind === 'open') return { kind: 'unchanged' };
      return accept(warning, {
        ownerCode: event.to,
        dutyCode: null,
        state: { kind: 'open' },
        snoozedUntilMs: null,
      });
    case 'snoozed':
      if (isBusy(state)) return refuse({ kind: 'busy', by: state.by });
      if (warning.snoozes >= event.timesMax) {
        return refuse({ kind: 'snoozed-too-often', timesMax: event.timesMax });
      }
      return accept(warning, {
        snoozedUntilMs: event.untilMs,
        snoozes: warning.snoozes + 1,
        ...(state.kind === 'claimed' && state.by === event.by
          ? { state: withoutQuestion(state) }
          : {}),
      });
    case 'woke':
      return warning.snoozedUntilMs === null
        ? { kind: 'unchanged' }
        : accept(warning, { snoozedUntilMs: null });
    case 'fix-started':
      if (isBusy(state)) return refuse({ kind: 'busy', by: state.by });
      if (state.kind === 'claimed' && state.by !== event.by) {
        return refuse({ kind: 'already-claimed', by: state.by });
      }
      return accept(warning, {
        state: { kind: 'fixing', by: event.by, fixId: event.fixId },
        snoozedUntilMs: null,
      });
    case 'fix-written':
      return state.kind === 'fixing'
        ? accept(warning, { state: { kind: 'verifying', by: state.by, fixId: state.fixId } })
        : { kind: 'unchanged' };
    case 'fixed-by-hand':
      if (isBusy(state)) return refuse({ kind: 'busy', by: state.by });
      if (state.kind === 'claimed' && state.by !== event.by) {
        return refuse({ kind: 'already-claimed', by: state.by });
      }
      return accept(warning, {
        state: { kind: 'verifying', by: event.by, fixId: null },
        snoozedUntilMs: null,
      });
    case 'verified': {
      if (state.kind !== 'verifying') return { kind: 'unchanged' };
      if (event.customers > 0) {
        return accept(warning, {
          customers: event.customers,
          state:
            state.by === automaticActor
              ? { kind: 'open' }
              : { kind: 'claimed', by: state.by, atMs: nowMs },
        });
      }
      const reason = state.fixId === null ? 'fixed-by-hand' : 'fixed';
      return close(warning, { reason, by: state.by, fixId: state.fixId }, nowMs);
    }
    case 'dismissed':
      if (isBusy(state)) return refuse({ kind: 'busy', by: state.by });
      if (state.kind === 'claimed' && state.by !== event.by) {
        return refuse({ kind: 'already-claimed', by: state.by });
      }
      return close(warning, { reason: 'not-a-conflict', by: event.by, fixId: null }, nowMs);
    case 'excepted':
      if (isBusy(state)) return refuse({ kind: 'busy', by: state.by });
      if (state.kind === 'claimed' && state.by !== event.by) {
        return refuse({ kind: 'already-claimed', by: state.by });
      }
      return close(warning, { reason: 'excepted', by: event.by, fixId: null }, nowMs);
    case 'findings-changed':
      if (event.customers === warning.customers) return { kind: 'unchanged' };
      if (event.customers === 0 && !isBusy(state)) {
        return close(warning, { reason: 'gone', by: null, fixId: null }, nowMs);
      }
      return accept(warning, { customers: event.customers });
    case 'escalated':
      return event.level <= warning.level
        ? { kind: 'unchanged' }
        : accept(warning, {
            level: event.level,
            escalations: [...warning.escalations, ...event.escalations],
          });
    case 'escalated-now':
      if (isBusy(state)) return refuse({ kind: 'busy', by: state.by });
      if (event.next === null) return refuse({ kind: 'chain-ended' });
      return accept(warning, {
        level: event.next.level,
        escalations: [...warning.escalations, event.next.escalation],
      });
    case 'rerouted':
      return accept(warning, { escalations: event.escalations });
    case 'handed-over':
      return state.kind === 'open' && event.to !== warning.ownerCode
        ? accept(warning, { ownerCode: event.to })
        : { kind: 'unchanged' };
    case 'planned': {
      const { kind: _, ...plan } = event;
      const isSame =
        plan.secondLineCode === warning.secondLineCode &&
        plan.managerCode === warning.managerCode &&
        plan.claimDueAtMs === warning.claimDueAtMs &&
        plan.closeDueAtMs === warning.closeDueAtMs &&
        plan.pause?.fromMs === warning.pause?.fromMs &&
        plan.pause?.untilMs === warning.pause?.untilMs;
      return isSame ? { kind: 'unchanged' } : accept(warning, plan);
    }
    default:
      return assertNever(event);
  }
}

type BusyState = Extract<WarningState, { kind: 'fixing' | 'verifying' }>;

function isBusy(state: WarningState): state is BusyState {
  return state.kind === 'fixing' || state.kind === 'verifying';
}

function withoutQuestion({ by, atMs }: Extract<WarningState, { kind: 'claimed' }>): WarningState {
  return { kind: 'claimed', by, atMs };
}

/** What the system says, as against what a person does. */
function isNews(event: WarningEvent): boolean {
  return (
    event.kind === 'findings-changed' ||
    event.kind === 'escalated' ||
    event.kind === 'rerouted' ||
    event.kind === 'handed-over' ||
    event.kind === 'planned' ||
    event.kind === 'claim-asked' ||
    event.kind === 'claim-expired' ||
    event.kind === 'woke' ||
    event.kind === 'verified' ||
    event.kind === 'fix-written'
  );
}

function accept(warning: Warning, change: Partial<Warning>): Transition {
  return { kind: 'accepted', warning: { ...warning, ...change, version: warning.version + 1 } };
}

function close(
  warning: Warning,
  end: { reason: CloseReason; by: string | null; fixId: number | null },
  nowMs: number,
): Transition {
  return accept(warning, {
    customers: end.reason === 'not-a-conflict' || end.reason === 'excepted' ? warning.customers : 0,
    state: { kind: 'closed', ...end, atMs: nowMs },
    snoozedUntilMs: null,
  });
}

function refuse(refusal: Refusal): Transition {
  return { kind: 'refused', refusal };
}
