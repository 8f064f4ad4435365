import type { Database } from '../db/client.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { mayFixByItself } from '../db/stores/automatic-fixes.ts';
import { loadCalendar, loadPeople } from '../db/stores/people.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import {
  addOpenTime,
  elapsedTime,
  joinIntervals,
  reminderInstants,
  subtractIntervals,
  type Interval,
} from '../domain/deadline.ts';
import type { ChainStep } from '../domain/escalation.ts';
import type { Person } from '../domain/person.ts';
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
import { coveredIntervals, workingIntervals, type KindOfDay } from './working-time.ts';

export interface DeadlineDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** @default as China's State Council announced */
  readonly kindOfDay?: KindOfDay;
}

/**
 * new: both deadlines from when it opened. reassigned: the new owner has the whole time to claim from now, but no
 * longer to close. keep: deadlines that were shown stay; only who is responsible is worked out again.
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
    const [warning, mayFixItself, people, policy] = await Promise.all([
      loadWarning(database.query, input.warningId),
      mayFixByItself(database.query, input.warningId),
      loadPeople(database.query),
      loadPolicy(database.query),
    ]);
    if (warning === null) {
      throw lastingFailure('warning-not-found', `There is no warning ${input.warningId}.`);
    }
    const company: Company = { people, duties: policy.duties };
    const owner = people.get(warning.ownerCode) ?? null;
    const clock = await clockFor(warning, policy, company);
    const nowMs = now();
    const deadlines = deadlinesFor(warning, { policy, mode: input.mode, clock, nowMs });
    const fractions = policy.severities[warning.severity].reminderFractions;
    const reminders = (fromMs: number, untilMs: number) =>
      reminderInstants({ fromMs, untilMs }, fractions, clock(fromMs, untilMs));
    const claimFromMs = input.mode === 'reassigned' ? nowMs : warning.openedAtMs;
    return {
      ...responders(warning, owner, people),
      ...deadlines,
      claimReminderAtMs: reminders(claimFromMs, deadlines.claimDueAtMs),
      closeReminderAtMs: reminders(warning.openedAtMs, deadlines.closeDueAtMs),
      ownerHasLeft: owner === null || owner.status === 'left',
      standInCode: standInCode(owner, nowMs),
      lookAgainAtMs: nextLookAtMs(warning, company, nowMs),
      chain: chainFor(warning, { policy, deadlines, clock, company, nowMs }),
      rerouted: reroutedEscalations(warning, company, nowMs),
      handOverTo: handOverTo(warning, company, nowMs),
      mayFixItself,
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
    const [warning, people, policy] = await Promise.all([
      loadWarning(database.query, warningId),
      loadPeople(database.query),
      loadPolicy(database.query),
    ]);
    if (warning === null || policy.claim === null) return null;
    const { expiresAfterMs, answerWithinMs } = policy.claim;
    const claimed = { ...warning, ownerCode: claimerCode, dutyCode: null };
    const clock = await clockFor(claimed, policy, { people, duties: policy.duties });
    const askAtMs = dueAt(fromMs, expiresAfterMs, clock);
    return { askAtMs, releaseAtMs: dueAt(askAtMs, answerWithinMs, clock) };
  }

  /** Lays out open time for stretches of a warning: round the clock, or the hours of whoever is responsible. */
  async function clockFor(warning: Warning, policy: Policy, company: Company): Promise<Clock> {
    const { people } = company;
    const owner = people.get(warning.ownerCode);
    if (policy.severities[warning.severity].clock === 'elapsed' || owner === undefined) {
      return () => elapsedTime;
    }
    const duty = company.duties.find(({ code }) => code === warning.dutyCode);
    if (duty !== undefined) return clockOfMembers(duty.memberCodes, people);
    const cover = people.get(owner.deputyCode ?? warning.secondLineCode ?? '');
    const calendar = await loadCalendar(database.query, owner.calendarCode);
    if (calendar === null) return () => elapsedTime;
    const coverCalendar =
      cover === undefined ? null : await loadCalendar(database.query, cover.calendarCode);
    return (fromMs, untilMs) => {
      const stretch = { fromMs, untilMs };
      const own = workingIntervals(calendar, stretch, kindOfDay);
      if (coverCalendar === null) return own;
      return coveredIntervals(
        own,
        workingIntervals(coverCalendar, stretch, kindOfDay),
        owner.absences,
      );
    };
  }

  /** Time runs while anybody of a group is at work, and stands still while nobody is. */
  async function clockOfMembers(
    codes: readonly string[],
    people: ReadonlyMap<string, Person>,
  ): Promise<Clock> {
    const members = codes
      .flatMap((code) => people.get(code) ?? [])
      .filter((person) => person.status === 'active');
    const calendars = new Map(
      await Promise.all(
        [...new Set(members.map((person) => person.calendarCode))].map(
          async (code) => [code, await loadCalendar(database.query, code)] as const,
        ),
      ),
    );
    return (fromMs, untilMs) =>
      joinIntervals(
        members.flatMap((member) => {
          const calendar = calendars.get(member.calendarCode) ?? null;
          if (calendar === null) return [];
          const hours = workingIntervals(calendar, { fromMs, untilMs }, kindOfDay);
          return subtractIntervals(hours, joinIntervals(member.absences));
        }),
      );
  }

  return { planDeadlines, planClaimExpiry };
}

type Clock = (fromMs: number, untilMs: number) => readonly Interval[];

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
  if (context.mode === 'keep') return { claimDueAtMs, closeDueAtMs };
  const { claimWithinMs, closeWithinMs } = context.policy.severities[warning.severity];
  const after = (startMs: number, durationMs: number) => dueAt(startMs, durationMs, context.clock);
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

/** A calendar that never works would let a deadline never come: then the clock runs on. */
function dueAt(startMs: number, durationMs: number, clock: Clock): number {
  for (let days = horizonDaysMin; days <= horizonDaysMax; days *= 2) {
    const untilMs = startMs + durationMs + days * dayMs;
    const dueAtMs = addOpenTime(startMs, durationMs, clock(startMs, untilMs));
    if (dueAtMs !== null) return dueAtMs;
  }
  return startMs + durationMs;
}
