import type { AssessmentTotals } from './assessment.ts';
import type { Locale } from './locale.ts';
import type { RequestProposal, RequestState } from './request.ts';
import { severities, type Severity } from './severity.ts';
import type { CloseReason } from './warning.ts';

/** What groups and other systems can be told of. */
export const eventKinds = [
  'warning.opened',
  'warning.claimed',
  'warning.escalated',
  'warning.closed',
  'request.decided',
  'digest.created',
  'report.daily',
  'report.monthly',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** webhook: another system. dingtalk, wecom: a group's robot. */
export const subscriberKinds = ['webhook', 'dingtalk', 'wecom'] as const;
export type SubscriberKind = (typeof subscriberKinds)[number];

/** A system or group that is told of events. Addresses and secrets stay in the environment, under these names. */
export interface Subscriber {
  readonly code: string;
  readonly kind: SubscriberKind;
  readonly urlVariable: string;
  /** Null: what is sent is not signed. */
  readonly secretVariable: string | null;
  readonly events: readonly EventKind[];
  /** Of warnings, only those of these severities. */
  readonly severities: readonly Severity[];
  /** Of what a group reads. */
  readonly locale: Locale;
}

/** Ids, codes, counts and states as they were when it happened; never a customer's data. */
export type EventBody =
  | ({ readonly kind: 'warning.opened' } & WarningFacts)
  | ({ readonly kind: 'warning.claimed' } & WarningFacts & { readonly by: string | null })
  | ({ readonly kind: 'warning.escalated' } & WarningFacts & {
        /** People who have it now besides those before. */
        readonly to: readonly string[];
        /** Who escalated it before its time; absent where a deadline was missed. */
        readonly by?: string;
      })
  | ({ readonly kind: 'warning.closed' } & WarningFacts & {
        readonly by: string | null;
        readonly reason: CloseReason | null;
      })
  /** Instead of one message each, where a scan opens more than a group can take. */
  | {
      readonly kind: 'warnings.opened';
      readonly bySeverity: Readonly<Record<Severity, number>>;
      /** The worst of them. */
      readonly warnings: readonly WarningFacts[];
    }
  | {
      readonly kind: 'request.decided';
      readonly requestId: number;
      readonly proposal: RequestProposal['kind'];
      readonly outcome: Extract<RequestState['kind'], 'rejected' | 'expired'> | 'approved';
      readonly requesterCode: string;
    }
  | {
      readonly kind: 'digest.created';
      readonly digestId: number;
      readonly readerCode: string;
      readonly departmentCode: string;
      readonly fromMs: number;
      readonly untilMs: number;
      readonly bySeverity: CountsBySeverity;
    }
  | {
      readonly kind: 'report.daily';
      /** YYYY-MM-DD in the policy's time zone: the day on which it was made. */
      readonly day: string;
      readonly fromMs: number;
      readonly untilMs: number;
      readonly bySeverity: CountsBySeverity;
    }
  /** A month of the assessment. */
  | ({
      readonly kind: 'report.monthly';
      /** Such as 2026-11. */
      readonly month: string;
      /** Only where the policy names people in reports. */
      readonly persons?: readonly { readonly personCode: string; readonly points: number }[];
    } & AssessmentTotals);

export interface WarningFacts {
  readonly warningId: number;
  readonly ruleCode: string;
  readonly severity: Severity;
  readonly ownerCode: string;
  /** With an open finding. */
  readonly customers: number;
  readonly openedAtMs: number;
  readonly claimDueAtMs: number;
  readonly closeDueAtMs: number;
}

export type CountsBySeverity = Readonly<
  Record<
    Severity,
    {
      readonly open: number;
      readonly opened: number;
      readonly closed: number;
      readonly overdue: number;
    }
  >
>;

export interface Event {
  readonly id: number;
  /** Unique everywhere, so that whoever gets it twice can tell. */
  readonly key: string;
  readonly atMs: number;
  readonly body: EventBody;
}

/** What people in a group want to hear: what is bad, what got stuck, and the numbers. */
const groupEvents: readonly EventKind[] = [
  'warning.opened',
  'warning.escalated',
  'digest.created',
  'report.daily',
  'report.monthly',
];

/** What a subscriber hears of where nothing else is said. */
export function usualEvents(kind: SubscriberKind): readonly EventKind[] {
  return kind === 'webhook' ? eventKinds : groupEvents;
}

export function usualSeverities(kind: SubscriberKind): readonly Severity[] {
  return kind === 'webhook' ? ['high', 'medium', 'low'] : ['high'];
}

/** Environment variables that a group's robot is found under where nothing else is said; webhooks name their own. */
export const usualVariables = {
  dingtalk: { url: 'DINGTALK_WEBHOOK', secret: 'DINGTALK_SECRET' },
  wecom: { url: 'WECOM_WEBHOOK', secret: null },
} as const;

/** A robot that is there by its environment variable alone. */
export function usualSubscriber(kind: keyof typeof usualVariables): Subscriber {
  return {
    code: kind,
    kind,
    urlVariable: usualVariables[kind].url,
    secretVariable: usualVariables[kind].secret,
    events: usualEvents(kind),
    severities: usualSeverities(kind),
    locale: 'zh-CN',
  };
}

export function wantsEvent(subscriber: Subscriber, body: EventBody): boolean {
  // It stands for those that the subscriber would have got one by one.
  if (body.kind === 'warnings.opened') return false;
  if (!subscriber.events.includes(body.kind)) return false;
  return !('severity' in body) || subscriber.severities.includes(body.severity);
}

/** Whether people read it, who want few messages; a system takes every event. */
export function isGroup({ kind }: Pick<Subscriber, 'kind'>): boolean {
  return kind !== 'webhook';
}

/** Messages about opened warnings that a group gets of one scan; more come as one. */
const openedMax = 3;
const worstMax = 5;

/** What of some opened warnings a group is told one by one, or all of them in one message. */
export function gatherOpened(
  opened: readonly WarningFacts[],
): { readonly kind: 'each' } | { readonly kind: 'together'; readonly body: EventBody } {
  if (opened.length <= openedMax) return { kind: 'each' };
  const count = (severity: Severity) => opened.filter((one) => one.severity === severity).length;
  const worstFirst = [...opened].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) || b.customers - a.customers,
  );
  return {
    kind: 'together',
    body: {
      kind: 'warnings.opened',
      bySeverity: { high: count('high'), medium: count('medium'), low: count('low') },
      warnings: worstFirst.slice(0, worstMax),
    },
  };
}
