import { announcementCard } from '../../bot/cards/announcement.ts';
import type { Card } from '../../bot/card.ts';
import type { CountsBySeverity, EventBody, WarningFacts } from '../../domain/event.ts';
import type { Locale } from '../../domain/locale.ts';
import { sampleNowMs, samplePeople, samplePublicUrl, sampleRule, sampleTags } from './views.ts';
import { buildTag } from './builders.ts';

const hourMs = 3_600_000;

const facts: WarningFacts = {
  warningId: 12,
  ruleCode: sampleRule.code,
  severity: 'high',
  ownerCode: 'li-lei',
  customers: 37,
  openedAtMs: sampleNowMs,
  claimDueAtMs: sampleNowMs + 2 * hourMs,
  closeDueAtMs: sampleNowMs + 24 * hourMs,
};

const bySeverity: CountsBySeverity = {
  high: { open: 3, opened: 1, closed: 2, overdue: 1 },
  medium: { open: 12, opened: 5, closed: 7, overdue: 0 },
  low: { open: 40, opened: 9, closed: 4, overdue: 2 },
};
const span = { fromMs: sampleNowMs - 24 * hourMs, untilMs: sampleNowMs };

/** One of each kind of event; tsc fails where one is missing. */
const bodies: { readonly [K in EventBody['kind']]: Extract<EventBody, { readonly kind: K }> } = {
  'warning.opened': { kind: 'warning.opened', ...facts },
  'warnings.opened': {
    kind: 'warnings.opened',
    bySeverity: { high: 2, medium: 30, low: 0 },
    warnings: [facts, { ...facts, warningId: 13, severity: 'medium', customers: 210 }],
  },
  'warning.claimed': { kind: 'warning.claimed', ...facts, by: 'li-lei' },
  'warning.escalated': { kind: 'warning.escalated', ...facts, to: ['han-meimei'] },
  'warning.closed': { kind: 'warning.closed', ...facts, by: 'li-lei', reason: 'fixed' },
  'request.decided': {
    kind: 'request.decided',
    requestId: 5,
    proposal: 'create-tag',
    outcome: 'approved',
    requesterCode: 'zhou-jie',
  },
  'digest.created': {
    kind: 'digest.created',
    digestId: 8,
    readerCode: 'zhao-min',
    departmentCode: 'sales',
    ...span,
    bySeverity,
  },
  'report.daily': { kind: 'report.daily', day: '2026-11-22', ...span, bySeverity },
  'report.monthly': {
    kind: 'report.monthly',
    month: '2026-10',
    points: 9,
    people: 2,
    contested: 1,
    byCause: { 'claim-missed': 4, 'close-missed': 5, recurred: 0 },
    persons: [
      { personCode: 'li-lei', points: 7 },
      { personCode: 'han-meimei', points: 2 },
    ],
  },
};

/** What groups are told by robots, by the kind of event. */
export function announcementSamples(locale: Locale): Readonly<Record<string, Card>> {
  const name = { 'zh-CN': '销售部', en: 'Sales' };
  const context = {
    dictionary: {
      tags: Object.values(sampleTags).map((tag) => buildTag(tag)),
      relations: [],
      attributes: [],
      rules: [sampleRule],
    },
    people: samplePeople,
    departments: new Map([
      ['sales', { code: 'sales', name, parentCode: null, calendarCode: null }],
    ]),
    timeZone: 'Asia/Shanghai',
    subscriber: { locale },
    publicUrl: samplePublicUrl,
    nowMs: sampleNowMs,
  };
  const early: EventBody = { ...bodies['warning.escalated'], by: 'li-lei' };
  return {
    ...Object.fromEntries(
      Object.values(bodies).map((body) => [body.kind, announcementCard(body, context)]),
    ),
    'warning.escalated, before its time': announcementCard(early, context),
    'warning.escalated, before its time, to a group': announcementCard(
      { ...early, to: [] },
      context,
    ),
  };
}
