import type { Database } from '../db/client.ts';
import { readCurrentKnowledge, readCurrentPolicy } from '../db/stores/current-knowledge.ts';
import { mayFixByItself } from '../db/stores/automatic-fixes.ts';
import { loadCalendars } from '../db/stores/people.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import { addOpenTime, reminderInstants, type Interval } from '../domain/deadline.ts';
import type { ChainStep } from '../domain/escalation.ts';
import type { Policy } from '../domain/policy.ts';
import { standInCode } from '../domain/rights.ts';
import type { Warning } from '../domain/warning.ts';
import type { DeadlinePlan } from '../workflows/messages.ts';
import { lastingFailure } from './failure.ts';
import {
  handOverTo,
  nextLookAtMs,
  peopleOfStep,
  reroutedEscalations,
  responders,
  type Company,
} from './responders.ts';
import { clockOf, type Clock } from './warning-clock.ts';
import type { KindOfDay } from './working-time.ts';

export interface DeadlineDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** @default as China's State Council announced */
  readonly kindOfDay?: KindOfDay;
}

/**
 * new: both deadlines from when it opened. reassigned: the new owner has the whole time to claim from now, but no
 * longer to close. keep: deadlines that were shown stay, or move on where somebody's absence has since made time stand
 * still; only who is responsible is worked out again.
 */
export type PlanMode = 'new' | 'reassigned' | 'keep';

export type DeadlineActivities = ReturnType<typeof createDeadlineActivities>;

const dayMs = 86_400_000;
/** How far ahead working hours are laid out before a deadline is taken to be out of reach; first try and last. */
const horizonDaysMin = 14;
const horizonDaysMax = 448;

/** Turns calendars, holidays, time zones and absences into instants. Time-zone data changes, so workflows ask here. */
export function createDeadlineActivities(dependencies: DeadlineDependencies) {
  const { database, now, kindOfDay } = dependencies;

  async function planDeadlines(input: {
    readonly warningId: number;
    readonly mode: PlanMode;
  }): Promise<DeadlinePlan> {
    const [warning, mayFixItself, { people }, calendars, policy] = await Promise.all([
      loadWarning(database.query, input.warningId),
      mayFixByItself(database.query, input.warningId),
      readCurrentKnowledge(database),
      loadCalendars(database.query),
      readCurrentPolicy(database),
    ]);
    if (warning === null) {
      throw lastingFailure('warning-not-found', `There is no warning ${input.warningId}.`);
    }
    const company: Company = { people, duties: policy.duties };
    const owner = people.get(warning.ownerCode) ?? null;
    const { open: clock, paused } = clockOf(warning, { policy, company, calendars, kindOfDay });
    const nowMs = now();
    const deadlines = deadlinesFor(warning, { policy, mode: input.mode, clock, nowMs });
    const fractions = policy.severities[warning.severity].reminderFractions;
    const reminders = (fromMs: number, untilMs: number) =>
      reminderInstants({ fromMs, untilMs }, fractions, clock(fromMs, untilMs));
    const pause = nextPause(paused, { warning, nowMs, untilMs: deadlines.closeDueAtMs });
    const claimFromMs = input.mode === 'reassigned' ? nowMs : warning.openedAtMs;
    return {
      ...responders(warning, owner, people),
      ...deadlines,
      claimReminderAtMs: reminders(claimFromMs, deadlines.claimDueAtMs),
      closeReminderAtMs: reminders(warning.openedAtMs, deadlines.closeDueAtMs),
      ownerHasLeft: owner === null || owner.status === 'left',
      standInCode: standInCode(owner, nowMs),
      pause,
      lookAgainAtMs: Math.min(nextLookAtMs(warning, company, nowMs), pause?.untilMs ?? Infinity),
      chain: chainFor(warning, { policy, deadlines, clock, company, nowMs }),
      rerouted: reroutedEscalations(warning, company, nowMs),
      handOverTo: handOverTo(warning, company, nowMs),
      mayFixItself,
      isRepeated: policy.severities[warning.severity].repeatEveryMs !== null,
      firstCardAtMs: warning.openedAtMs + policy.grouping.waitMs,
      snoozeTimesMax: policy.snooze.timesMax,
    };
  }

  /** When a claimer is asked whether they are still on it, and when their claim ends without an answer. */
  async function planClaimExpiry(input: {
    readonly warningId: number;
    readonly claimerCode: string;
    readonly fromMs: number;
  }): Promise<{ readonly askAtMs: number; readonly releaseAtMs: number } | null> {
    const { warningId, claimerCode, fromMs } = input;
    const [warning, { people }, calendars, policy] = await Promise.all([
      loadWarning(database.query, warningId),
      readCurrentKnowledge(database),
      loadCalendars(database.query),
      readCurrentPolicy(database),
    ]);
    if (warning === null || policy.claim === null) return null;
    const { expiresAfterMs, answerWithinMs } = policy.claim;
    const claimed = { ...warning, ownerCode: claimerCode, dutyCode: null };
    const company: Company = { people, duties: policy.duties };
    const { open: clock } = clockOf(claimed, { policy, company, calendars, kindOfDay });
    const askAtMs = dueAt(fromMs, expiresAfterMs, clock);
    return { askAtMs, releaseAtMs: dueAt(askAtMs, answerWithinMs, clock) };
  }

  /**
   * When people may hear that a warning has more customers, and when they hear of it again without, counted from when
   * they last heard of it, on its severity's clock.
   */
  async function planTelling(input: {
    readonly warningId: number;
    readonly fromMs: number;
  }): Promise<{ readonly newsAtMs: number; readonly repeatAtMs: number | null }> {
    const { warningId, fromMs } = input;
    const [warning, { people }, calendars, policy] = await Promise.all([
      loadWarning(database.query, warningId),
      readCurrentKnowledge(database),
      loadCalendars(database.query),
      readCurrentPolicy(database),
    ]);
    if (warning === null) {
      throw lastingFailure('warning-not-found', `There is no warning ${warningId}.`);
    }
    const { newsEveryMs, repeatEveryMs } = policy.severities[warning.severity];
    const company: Company = { people, duties: policy.duties };
    const { open: clock } = clockOf(warning, { policy, company, calendars, kindOfDay });
    return {
      newsAtMs: dueAt(fromMs, newsEveryMs, clock),
      repeatAtMs: repeatEveryMs === null ? null : dueAt(fromMs, repeatEveryMs, clock),
    };
  }

  return { planDeadlines, planClaimExpiry, planTelling };
}

/** When each step of the policy comes due for this warning, and whom it would reach. */
function chainFor(
  warning: Warning,
  context: {
    readonly policy: Policy;
    readonly deadlines: Pick<DeadlinePlan, 'claimDueAtMs' | 'closeDueAtMs'>;
    readonly clock: Clock;
    readonly company: Company;
    readonly nowMs: number;
  },
): readonly ChainStep[] {
  const { policy, deadlines, clock, company, nowMs } = context;
  return policy.escalation.map(({ on, afterMs, to }) => {
    const deadlineMs = on === 'claim-missed' ? deadlines.claimDueAtMs : deadlines.closeDueAtMs;
    const dueAtMs = afterMs === 0 ? deadlineMs : dueAt(deadlineMs, afterMs, clock);
    return {
      on: on === 'claim-missed' ? 'claim' : 'close',
      dueAtMs,
      to,
      personCodes: peopleOfStep(to, { warning, company, atMs: Math.max(nowMs, dueAtMs) }),
    };
  });
}

function deadlinesFor(
  warning: Warning,
  context: {
    readonly policy: Policy;
    readonly mode: PlanMode;
    readonly clock: Clock;
    readonly nowMs: number;
  },
): Pick<DeadlinePlan, 'claimDueAtMs' | 'closeDueAtMs'> {
  const { claimDueAtMs, closeDueAtMs } = warning;
  const severity = context.policy.severities[warning.severity];
  const { claimWithinMs, closeWithinMs } = severity;
  const after = (startMs: number, durationMs: number) => dueAt(startMs, durationMs, context.clock);
  if (context.mode === 'keep') {
    const later = (shownMs: number, withinMs: number) =>
      severity.pausesUnattended && shownMs > context.nowMs
        ? Math.max(shownMs, after(warning.openedAtMs, withinMs))
        : shownMs;
    return {
      claimDueAtMs: later(claimDueAtMs, claimWithinMs),
      closeDueAtMs: later(closeDueAtMs, closeWithinMs),
    };
  }
  return context.mode === 'new'
    ? {
        claimDueAtMs: after(warning.openedAtMs, claimWithinMs),
        closeDueAtMs: after(warning.openedAtMs, closeWithinMs),
      }
    : {
        claimDueAtMs: Math.min(
          after(context.nowMs, claimWithinMs),
          Math.max(closeDueAtMs, context.nowMs),
        ),
        closeDueAtMs,
      };
}

/** The pause that it is in, or the next one that begins before `untilMs`; null where there is none. */
function nextPause(
  paused: Clock,
  { warning, nowMs, untilMs }: { warning: Warning; nowMs: number; untilMs: number },
): Interval | null {
  // From where it opened, so that a pause has one beginning whenever one looks; beyond the deadline, so that one
  // that lies across it does not seem to end there.
  const lookMs = horizonDaysMin * dayMs;
  const stretches = paused(Math.max(warning.openedAtMs, nowMs - lookMs), nowMs + lookMs);
  const next = stretches.find((pause) => pause.untilMs > nowMs);
  return next === undefined || next.fromMs >= untilMs ? null : next;
}

/** A calendar that never works would let a deadline never come: then the clock runs on. */
function dueAt(startMs: number, durationMs: number, clock: Clock): number {
  for (let days = horizonDaysMin; days <= horizonDaysMax; days *= 2) {
    const untilMs = startMs + durationMs + days * dayMs;
    const dueAtMs = addOpenTime(startMs, durationMs, clock(startMs, untilMs));
    if (dueAtMs !== null) return dueAtMs;
  }
  return startMs + durationMs;
}
