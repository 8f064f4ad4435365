import { condition, proxyActivities } from '@temporalio/workflow';
import type { DeadlineActivities } from '../activities/deadlines.ts';
import { missedDeadlines, pastDeadlines } from '../domain/deadline.ts';
import { dueLevel } from '../domain/escalation.ts';
import { databaseOptions } from './activity-options.ts';
import type { ReminderPurpose } from './messages.ts';
import { chainOf } from './stored-warning.ts';
import {
  nextClaimStepAtMs,
  nextDeadlineAtMs,
  nextInstant,
  pastCount,
  reminderPurpose,
} from './warning-clock.ts';
import { countAgainst, escalateTo, planWarning } from './warning-responsibility.ts';
import type { WarningRun } from './warning-run.ts';
import { nextTellingAtMs, tellingPurpose, toldNow } from './warning-telling.ts';

const { planClaimExpiry, planTelling } = proxyActivities<DeadlineActivities>(databaseOptions);

/** What runs that began before these were there do without; the next run has them. */
export interface Abilities {
  readonly isAssessed: boolean;
  readonly claimsRunOut: boolean;
  readonly tellsAnew: boolean;
}

/** The clock of one warning: it escalates, reminds, ends claims and counts points when their instants come. */
export function createTimekeeper(run: WarningRun, abilities: Abilities) {
  const { isAssessed, claimsRunOut, tellsAnew } = abilities;
  const { current, change, apply } = run;
  let isLookDue = false;

  function wakesAtMs(): number {
    return Math.min(
      nextInstant(current()),
      isAssessed ? nextDeadlineAtMs(current()) : Infinity,
      claimsRunOut ? nextClaimStepAtMs(current()) : Infinity,
      tellsAnew ? nextTellingAtMs(current()) : Infinity,
    );
  }

  async function keepTime(): Promise<void> {
    while (!run.isEnding()) {
      const wakeAtMs = wakesAtMs();
      const waitMs = Math.max(0, wakeAtMs - Date.now());
      const isOvertaken = () => run.isEnding() || isLookDue || wakesAtMs() !== wakeAtMs;
      if (waitMs > 0) await condition(isOvertaken, waitMs);
      if (!run.isEnding()) await run.inTurn(tick);
    }
  }

  /** Does whatever is due by now. Escalation goes on while a warning is snoozed; reminders wait for its end. */
  async function tick(): Promise<void> {
    const nowMs = Date.now();
    const { warning: now, plan: planned } = current();
    if (now.state.kind === 'closed') return;
    if (now.snoozedUntilMs !== null && now.snoozedUntilMs <= nowMs) await wake();
    if (isAssessed) await countMissed(nowMs);
    if (claimsRunOut) await watchClaim(nowMs);
    await escalateTo(run, dueLevel(current().warning, chainOf(current()), nowMs));
    takeReminders(nowMs);
    if (tellsAnew) await tellAnew(nowMs);
    if (isLookDue || planned.lookAgainAtMs <= nowMs) {
      isLookDue = false;
      await planWarning(run, 'look');
    }
  }

  /** Before the escalation that follows: whoever has it now is whoever missed it. */
  async function countMissed(nowMs: number): Promise<void> {
    for (const deadline of pastDeadlines(current().warning, nowMs)) {
      if (current().deadlinesPast.includes(deadline)) continue;
      if (missedDeadlines(current().warning, nowMs).includes(deadline)) {
        await countAgainst(run, deadline === 'claim' ? 'claim-missed' : 'close-missed');
      }
      change({ deadlinesPast: [...current().deadlinesPast, deadline] });
    }
  }

  /** Asks a claimer of whom nothing was heard for long, and takes the claim of one who does not answer. */
  async function watchClaim(nowMs: number): Promise<void> {
    const { warning: now, claimExpiry: expiry } = current();
    if (now.state.kind !== 'claimed' || expiry.kind === 'none') return;
    if (expiry.kind === 'to-plan') {
      const claim = { warningId: now.id, claimerCode: now.state.by, fromMs: expiry.fromMs };
      const planned = await planClaimExpiry(claim);
      change({
        claimExpiry: planned === null ? { kind: 'none' } : { kind: 'planned', ...planned },
      });
    } else if (now.state.answerByMs === undefined && expiry.askAtMs <= nowMs) {
      const answerByMs = nowMs + expiry.releaseAtMs - expiry.askAtMs;
      await apply({
        kind: 'claim-asked',
        answerByMs: Math.max(expiry.releaseAtMs, answerByMs),
      });
      const purpose = reminderPurpose('still', current().warning.version);
      change({ remindersToSend: [...current().remindersToSend, purpose] });
    } else if (now.state.answerByMs !== undefined && now.state.answerByMs <= nowMs) {
      await apply({ kind: 'claim-expired' });
      change({ claimExpiry: { kind: 'none' } });
    }
  }

  async function wake(): Promise<void> {
    await apply({ kind: 'woke' });
    const { heldReminder, remindersToSend } = current();
    if (heldReminder === null) return;
    change({ heldReminder: null, remindersToSend: [...remindersToSend, heldReminder] });
    rememberTold();
  }

  function rememberTold(): void {
    const { warning: now, telling } = current();
    change({ telling: toldNow(now, telling.times, Date.now()) });
  }

  /** More customers since people last heard of it, or nothing new and still nobody has taken it. */
  async function tellAnew(nowMs: number): Promise<void> {
    if (nextTellingAtMs(current()) > nowMs) return;
    const { warning: now, telling, remindersToSend } = current();
    if (telling.next === null) {
      const next = await planTelling({ warningId: now.id, fromMs: telling.atMs });
      change({ telling: { ...current().telling, next } });
      return;
    }
    const purpose = tellingPurpose(current());
    const isRepeat = now.customers <= telling.customers;
    change({
      remindersToSend: [...remindersToSend, purpose],
      telling: toldNow(now, telling.times + (isRepeat ? 1 : 0), nowMs),
    });
  }

  /** Of several reminders that came due together only the last is sent. */
  function takeReminders(nowMs: number): void {
    const { warning: now, plan: planned, remindersPast, remindersToSend } = current();
    const claim = pastCount(planned.claimReminderAtMs, nowMs);
    const close = pastCount(planned.closeReminderAtMs, nowMs);
    const isClaimNews = claim > remindersPast.claim && now.state.kind === 'open';
    const isCloseNews = close > remindersPast.close && now.closeDueAtMs > nowMs;
    const purpose: ReminderPurpose | null = isClaimNews
      ? reminderPurpose('claim', claim)
      : isCloseNews
        ? reminderPurpose('close', close)
        : null;
    change({ remindersPast: { claim, close } });
    if (purpose === null) return;
    if (now.snoozedUntilMs !== null) {
      change({ heldReminder: purpose });
      return;
    }
    change({ remindersToSend: [...remindersToSend, purpose] });
    rememberTold();
  }

  return {
    keepTime,
    /** Who is responsible may have changed. */
    lookAgain: () => {
      isLookDue = true;
    },
  };
}
