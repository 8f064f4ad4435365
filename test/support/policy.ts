import { defaultCleanUp } from '../../domain/tag-review.ts';
import {
  defaultGrouping,
  defaultQuietHours,
  defaultLearning,
  defaultModels,
  defaultVoting,
  type Policy,
} from '../../domain/policy.ts';
import { defaultRetention } from '../../domain/retention.ts';

const hourMs = 3_600_000;

/** High: 2 h to claim and 24 h to close, round the clock; the milder ones in working time. */
export function buildPolicy(overrides: Partial<Policy> = {}): Policy {
  const reminders = { reminderFractions: [0.5, 0.9], newsEveryMs: 4 * hourMs, repeatEveryMs: null };
  return {
    severities: {
      high: {
        claimWithinMs: 2 * hourMs,
        closeWithinMs: 24 * hourMs,
        clock: 'elapsed',
        pausesUnattended: false,
        ...reminders,
      },
      medium: {
        claimWithinMs: 8 * hourMs,
        closeWithinMs: 40 * hourMs,
        clock: 'working',
        pausesUnattended: false,
        ...reminders,
      },
      low: {
        claimWithinMs: 16 * hourMs,
        closeWithinMs: 80 * hourMs,
        clock: 'working',
        pausesUnattended: false,
        ...reminders,
      },
    },
    escalation: [
      { on: 'claim-missed', afterMs: 0, to: { kind: 'second-line' } },
      { on: 'close-missed', afterMs: 0, to: { kind: 'manager' } },
    ],
    duties: [],
    grouping: defaultGrouping,
    quietHours: defaultQuietHours,
    snooze: { longestMs: 72 * hourMs, timesMax: 2 },
    fix: { undoWithinMs: 168 * hourMs, batchCustomers: 200 },
    exceptions: { daysMax: 30, remindDays: 7 },
    learning: defaultLearning,
    models: defaultModels,
    naming: null,
    cleanUp: defaultCleanUp,
    requestTemplates: [],
    voting: { quorum: 3, votingWithinMs: 48 * hourMs, vetoCodes: [], ...defaultVoting },
    assessment: null,
    claim: null,
    digest: { weekday: 1, hour: 9, roles: ['manager'] },
    groups: [],
    subscribers: [],
    scans: {
      fullCron: '0 2 * * *',
      incrementalCron: '*/10 * * * *',
      timeZone: 'Asia/Shanghai',
    },
    retention: defaultRetention,
    ...overrides,
  };
}
