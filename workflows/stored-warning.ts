import { pastDeadlines } from '../domain/deadline.ts';
import type { ChainStep } from '../domain/escalation.ts';
import type { Warning } from '../domain/warning.ts';
import type {
  CarriedWarning,
  ClaimExpiry,
  DeadlinePlan,
  StoredCarriedWarning,
  StoredDeadlinePlan,
  StoredWarning,
} from './messages.ts';
import { toldNow } from './warning-telling.ts';

/** What was missed before points were counted is not counted afterwards. */
export function completeCarried(
  stored: StoredCarriedWarning | undefined,
  nowMs: number,
): CarriedWarning | null {
  if (stored === undefined) return null;
  const warning = completeWarning(stored.warning);
  const deadlinesPast = stored.deadlinesPast ?? pastDeadlines(warning, nowMs);
  const claimExpiry = stored.claimExpiry ?? newClaimExpiry(warning, nowMs);
  const telling = stored.telling ?? toldNow(warning, 0, nowMs);
  const plan = completePlan(stored.plan);
  return { ...stored, warning, plan, deadlinesPast, claimExpiry, telling };
}

/** A claim whose claimer has acted now; a snooze that they asked for counts as their doing until it ends. */
export function newClaimExpiry(warning: Warning, nowMs: number): ClaimExpiry {
  return warning.state.kind === 'claimed'
    ? { kind: 'to-plan', fromMs: Math.max(nowMs, warning.snoozedUntilMs ?? 0) }
    : { kind: 'none' };
}

export function completeWarning(stored: StoredWarning): Warning {
  return {
    ...stored,
    escalations: stored.escalations ?? [],
    dutyCode: stored.dutyCode ?? null,
    previousId: stored.previousId ?? null,
    recurrences: stored.recurrences ?? 0,
    pause: stored.pause ?? null,
  };
}

export function completePlan(stored: StoredDeadlinePlan): DeadlinePlan {
  return {
    ...stored,
    pause: stored.pause ?? null,
    rerouted: stored.rerouted ?? null,
    handOverTo: stored.handOverTo ?? null,
  };
}

/** Before chains had any length, their steps came at the deadlines and went to the second line or the manager. */
export function chainOf({
  warning,
  plan,
}: Pick<CarriedWarning, 'warning' | 'plan'>): readonly ChainStep[] {
  if (plan.chain !== undefined) return plan.chain;
  const { secondLineCode, managerCode } = warning;
  return (plan.escalation ?? []).map(({ on, to }) => {
    const inPlace =
      to === 'second-line' ? (secondLineCode ?? managerCode) : (managerCode ?? secondLineCode);
    return {
      on: on === 'claim-missed' ? 'claim' : 'close',
      dueAtMs: on === 'claim-missed' ? warning.claimDueAtMs : warning.closeDueAtMs,
      to: { kind: to },
      personCodes: inPlace === null ? [] : [inPlace],
    };
  });
}
