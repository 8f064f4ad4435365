import { logLine } from '../../bot/cards/log-line.ts';
import type { HistoryEntry } from '../../bot/views.ts';
import type { Locale } from '../../domain/locale.ts';
import { sampleNowMs, samplePeople, samplePerson } from './views.ts';

function entry(action: string, actorCode: string | null, after: unknown = {}): HistoryEntry {
  return { atMs: sampleNowMs, actorCode, through: 'slack', action, before: null, after };
}

const entries = {
  claimed: entry('warning.claimed', 'han-meimei', { state: 'claimed' }),
  commented: entry('warning.commented', 'han-meimei', { comment: '先看前 10 位' }),
  'escalated by itself': entry('warning.escalated', null, { level: 1, escalatedTo: 'han-meimei' }),
  'handed over': entry('warning.reassigned', 'li-lei', { ownerCode: 'lin-tao' }),
  closed: entry('warning.closed', 'han-meimei', { reason: 'fixed' }),
} as const;

/** What stands in the thread below a group's card, by what happened. */
export function lineSamples(locale: Locale): Readonly<Record<string, string>> {
  const reader = { ...samplePerson('li-lei'), locale };
  return Object.fromEntries(
    Object.entries(entries).map(([title, one]) => [
      title,
      logLine(one, { people: samplePeople, groups: [] }, reader),
    ]),
  );
}
