import { describe, expect, test } from 'vitest';
import { transition, type Warning, type WarningEvent } from '../../domain/warning.ts';
import { buildWarning } from '../support/builders.ts';

const nowMs = Date.UTC(2026, 10, 22, 2);

const states: Readonly<Record<string, Warning['state']>> = {
  open: { kind: 'open' },
  claimed: { kind: 'claimed', by: 'li-lei', atMs: nowMs - 1 },
  fixing: { kind: 'fixing', by: 'li-lei', fixId: 7 },
  verifying: { kind: 'verifying', by: 'li-lei', fixId: 7 },
  'by hand': { kind: 'verifying', by: 'li-lei', fixId: null },
  closed: { kind: 'closed', reason: 'fixed', by: 'li-lei', atMs: nowMs - 1, fixId: 7 },
};

const toSecondLine = {
  to: { kind: 'second-line' },
  personCodes: ['han-meimei'],
  atMs: nowMs,
} as const;

/** What each event leads to in each state; a refusal stands as its kind with an exclamation mark. */
const table: readonly [string, WarningEvent, Readonly<Record<string, string>>][] = [
  [
    'escalate now',
    { kind: 'escalated-now', by: 'li-lei', next: { level: 1, escalation: toSecondLine } },
    {
      open: 'open',
      claimed: 'claimed',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'escalate beyond the end',
    { kind: 'escalated-now', by: 'li-lei', next: null },
    {
      open: '!chain-ended',
      claimed: '!chain-ended',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'claim by the claimer',
    { kind: 'claimed', by: 'li-lei' },
    {
      open: 'claimed',
      claimed: '!already-yours',
      fixing: '!already-yours',
      verifying: '!already-yours',
      'by hand': '!already-yours',
      closed: '!closed',
    },
  ],
  [
    'claim by another',
    { kind: 'claimed', by: 'han-meimei' },
    {
      open: 'claimed',
      claimed: '!already-claimed',
      fixing: '!already-claimed',
      verifying: '!already-claimed',
      'by hand': '!already-claimed',
      closed: '!closed',
    },
  ],
  [
    'release',
    { kind: 'released', by: 'li-lei' },
    {
      open: '!not-claimed',
      claimed: 'open',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'reassign',
    { kind: 'reassigned', by: 'li-lei', to: 'han-meimei' },
    {
      open: 'open',
      claimed: 'open',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'reassign to the owner it has',
    { kind: 'reassigned', by: 'li-lei', to: 'person-1' },
    {
      open: 'unchanged',
      claimed: 'open',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'snooze',
    { kind: 'snoozed', by: 'li-lei', untilMs: nowMs + 1, timesMax: 1 },
    {
      open: 'open',
      claimed: 'claimed',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'snooze once more than allowed',
    { kind: 'snoozed', by: 'li-lei', untilMs: nowMs + 1, timesMax: 0 },
    {
      open: '!snoozed-too-often',
      claimed: '!snoozed-too-often',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'wake when not snoozed',
    { kind: 'woke' },
    {
      open: 'unchanged',
      claimed: 'unchanged',
      fixing: 'unchanged',
      verifying: 'unchanged',
      'by hand': 'unchanged',
      closed: 'unchanged',
    },
  ],
  [
    'fix by the claimer',
    { kind: 'fix-started', by: 'li-lei', fixId: 8 },
    {
      open: 'fixing',
      claimed: 'fixing',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'fix by another',
    { kind: 'fix-started', by: 'han-meimei', fixId: 8 },
    {
      open: 'fixing',
      claimed: '!already-claimed',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'fix written',
    { kind: 'fix-written' },
    {
      open: 'unchanged',
      claimed: 'unchanged',
      fixing: 'verifying',
      verifying: 'unchanged',
      'by hand': 'unchanged',
      closed: 'unchanged',
    },
  ],
  [
    'fixed by hand',
    { kind: 'fixed-by-hand', by: 'li-lei' },
    {
      open: 'verifying',
      claimed: 'verifying',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'fixed by hand by another',
    { kind: 'fixed-by-hand', by: 'han-meimei' },
    {
      open: 'verifying',
      claimed: '!already-claimed',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'verified with nothing left',
    { kind: 'verified', customers: 0 },
    {
      open: 'unchanged',
      claimed: 'unchanged',
      fixing: 'unchanged',
      verifying: 'closed fixed',
      'by hand': 'closed fixed-by-hand',
      closed: 'unchanged',
    },
  ],
  [
    'verified with some left',
    { kind: 'verified', customers: 3 },
    {
      open: 'unchanged',
      claimed: 'unchanged',
      fixing: 'unchanged',
      verifying: 'claimed',
      'by hand': 'claimed',
      closed: 'unchanged',
    },
  ],
  [
    'dismiss',
    { kind: 'dismissed', by: 'li-lei', reason: 'rule-wrong' },
    {
      open: 'closed not-a-conflict',
      claimed: 'closed not-a-conflict',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'dismiss what another claimed',
    { kind: 'dismissed', by: 'han-meimei', reason: 'rule-wrong' },
    {
      open: 'closed not-a-conflict',
      claimed: '!already-claimed',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'except',
    { kind: 'excepted', by: 'li-lei' },
    {
      open: 'closed excepted',
      claimed: 'closed excepted',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'except what another claimed',
    { kind: 'excepted', by: 'han-meimei' },
    {
      open: 'closed excepted',
      claimed: '!already-claimed',
      fixing: '!busy',
      verifying: '!busy',
      'by hand': '!busy',
      closed: '!closed',
    },
  ],
  [
    'findings change',
    { kind: 'findings-changed', customers: 5 },
    {
      open: 'open',
      claimed: 'claimed',
      fixing: 'fixing',
      verifying: 'verifying',
      'by hand': 'verifying',
      closed: 'unchanged',
    },
  ],
  [
    'findings are as they were',
    { kind: 'findings-changed', customers: 37 },
    {
      open: 'unchanged',
      claimed: 'unchanged',
      fixing: 'unchanged',
      verifying: 'unchanged',
      'by hand': 'unchanged',
      closed: 'unchanged',
    },
  ],
  [
    'findings gone',
    { kind: 'findings-changed', customers: 0 },
    {
      open: 'closed gone',
      claimed: 'closed gone',
      fixing: 'fixing',
      verifying: 'verifying',
      'by hand': 'verifying',
      closed: 'unchanged',
    },
  ],
  [
    'escalate',
    { kind: 'escalated', level: 1, escalations: [] },
    {
      open: 'open',
      claimed: 'claimed',
      fixing: 'fixing',
      verifying: 'verifying',
      'by hand': 'verifying',
      closed: 'unchanged',
    },
  ],
  [
    'reroute',
    { kind: 'rerouted', escalations: [] },
    {
      open: 'open',
      claimed: 'claimed',
      fixing: 'fixing',
      verifying: 'verifying',
      'by hand': 'verifying',
      closed: 'unchanged',
    },
  ],
  [
    'change shifts',
    { kind: 'handed-over', to: 'person-9' },
    {
      open: 'open',
      claimed: 'unchanged',
      fixing: 'unchanged',
      verifying: 'unchanged',
      'by hand': 'unchanged',
      closed: 'unchanged',
    },
  ],
  [
    'plan',
    {
      kind: 'planned',
      secondLineCode: 'person-9',
      managerCode: null,
      claimDueAtMs: nowMs,
      closeDueAtMs: nowMs,
      pause: null,
    },
    {
      open: 'open',
      claimed: 'claimed',
      fixing: 'fixing',
      verifying: 'verifying',
      'by hand': 'verifying',
      closed: 'unchanged',
    },
  ],
];

describe.each(table)('%s', (_name, event, expected) => {
  test.each(Object.entries(states))('when %s', (stateName, state) => {
    const warning = buildWarning({ state, ownerCode: 'person-1', customers: 37 });
    expect(outcome(warning, event)).toBe(expected[stateName]);
  });
});

function outcome(warning: Warning, event: WarningEvent): string {
  const answer = transition(warning, event, nowMs);
  if (answer.kind === 'refused') return `!${answer.refusal.kind}`;
  if (answer.kind === 'unchanged') return 'unchanged';
  expect(answer.warning.version).toBe(warning.version + 1);
  const { state } = answer.warning;
  return state.kind === 'closed' ? `closed ${state.reason}` : state.kind;
}

test('a snooze ends when somebody claims, fixes, reports or wakes it', () => {
  const snoozed = buildWarning({ snoozedUntilMs: nowMs + 1, snoozes: 1 });
  const events: readonly WarningEvent[] = [
    { kind: 'claimed', by: 'li-lei' },
    { kind: 'fix-started', by: 'li-lei', fixId: 1 },
    { kind: 'fixed-by-hand', by: 'li-lei' },
    { kind: 'woke' },
  ];
  for (const event of events) {
    const answer = transition(snoozed, event, nowMs);
    expect(answer).toMatchObject({ kind: 'accepted', warning: { snoozedUntilMs: null } });
  }
});

test('what is left after a fix goes back to the person who fixed', () => {
  const warning = buildWarning({ state: { kind: 'verifying', by: 'li-lei', fixId: 7 } });
  expect(transition(warning, { kind: 'verified', customers: 3 }, nowMs)).toMatchObject({
    kind: 'accepted',
    warning: { customers: 3, state: { kind: 'claimed', by: 'li-lei' } },
  });
});

test('a level is never lowered', () => {
  const warning = buildWarning({ level: 2 });
  const lower = { kind: 'escalated', level: 1, escalations: [] } as const;
  expect(transition(warning, lower, nowMs).kind).toBe('unchanged');
});
