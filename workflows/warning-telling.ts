import type { Warning, WarningEvent } from '../domain/warning.ts';
import type { CarriedWarning, ReminderPurpose, Telling } from './messages.ts';

/** People hear of it now; what comes next is worked out when it is needed. */
export function toldNow(warning: Warning, times: number, nowMs: number): Telling {
  return { customers: warning.customers, atMs: nowMs, times, next: null };
}

/** What people know after a change: all of it where it brings them a card, otherwise no more than they knew. */
export function tellingAfter(
  telling: Telling,
  change: {
    readonly before: Warning;
    readonly after: Warning;
    readonly event: WarningEvent['kind'];
    readonly nowMs: number;
    /** Before it nobody has a card. */
    readonly firstCardAtMs: number;
  },
): Telling {
  const { before, after, event, nowMs, firstCardAtMs } = change;
  const opensAgain = before.state.kind !== 'open' && after.state.kind === 'open';
  const bringsCards = before.escalations !== after.escalations || event === 'handed-over';
  if (opensAgain || bringsCards || event === 'reassigned') {
    return toldNow(after, telling.times, nowMs);
  }
  if (nowMs < firstCardAtMs) return toldNow(after, telling.times, firstCardAtMs);
  return after.customers < telling.customers ? { ...telling, customers: after.customers } : telling;
}

/** When something is to be told anew, of a warning that nobody has taken; 0 where that is yet to be worked out. */
export function nextTellingAtMs({ warning: now, telling, plan }: CarriedWarning): number {
  if (now.state.kind !== 'open' || now.snoozedUntilMs !== null) return Infinity;
  const hasNews = now.customers > telling.customers;
  if (telling.next === null) return hasNews || plan.isRepeated === true ? 0 : Infinity;
  const { newsAtMs, repeatAtMs } = telling.next;
  return Math.min(hasNews ? newsAtMs : Infinity, repeatAtMs ?? Infinity);
}

/** What is told at an instant at which something is. */
export function tellingPurpose({ warning: now, telling }: CarriedWarning): ReminderPurpose {
  const more = now.customers - telling.customers;
  return more > 0 ? `reminder-news-${now.version}-${more}` : `reminder-repeat-${telling.times + 1}`;
}
