import type { DigestReport } from './digest.ts';
import type { AssessmentPolicy } from './assessment.ts';
import type { ChatGroup } from './chat-group.ts';
import type { Duty } from './duty.ts';
import type { Subscriber } from './event.ts';
import type { NamingPolicy } from './naming.ts';
import type { RequestTemplate } from './request-template.ts';
import { defaultCleanUp, type CleanUpPolicy } from './tag-review.ts';
import type { Role } from './person.ts';
import { defaultRetention, type RetentionPolicy } from './retention.ts';
import type { Severity } from './severity.ts';

export interface SeverityPolicy {
  readonly claimWithinMs: number;
  readonly closeWithinMs: number;
  /** `elapsed`: round the clock. `working`: only the owner's working hours count. */
  readonly clock: 'elapsed' | 'working';
  /** Its time stands still while none of those who could act is at work. */
  readonly pausesUnattended: boolean;
  /** Parts of each deadline at which the responsible person is reminded, such as 0.5 and 0.9. */
  readonly reminderFractions: readonly number[];
  /** People hear of more customers of a warning that nobody has taken no sooner than this after they last heard of it. */
  readonly newsEveryMs: number;
  /** So long after that they hear of it again without news; null: only the reminders. */
  readonly repeatEveryMs: number | null;
}

export const defaultNewsEveryMs = 4 * 3_600_000;

/** To whom an escalation step goes. */
export type EscalationTarget =
  /** The owner's; where nobody holds the place, the owner's manager. */
  | { readonly kind: 'second-line' }
  /** The owner's; where there is none, the owner's second line. */
  | { readonly kind: 'manager' }
  | { readonly kind: 'person'; readonly code: string }
  /** Everybody who has it and works here. */
  | { readonly kind: 'role'; readonly role: Role }
  /** Whoever has the turn when the step comes due. */
  | { readonly kind: 'duty'; readonly code: string }
  /** A group of a chat; where it cannot be told, the owner's manager. */
  | { readonly kind: 'group'; readonly code: string };

export interface EscalationStep {
  /** Which deadline has to be missed. */
  readonly on: 'claim-missed' | 'close-missed';
  /** How long after the deadline, on the severity's clock. */
  readonly afterMs: number;
  readonly to: EscalationTarget;
}

/** What becomes of a claim of which nothing comes, on the severity's clock. */
export interface ClaimPolicy {
  /** Without anything done by then, the claimer is asked whether they are still on it. */
  readonly expiresAfterMs: number;
  /** Without an answer by then, the warning is open again. */
  readonly answerWithinMs: number;
}

/** What of one rule and owner makes a warning of its own: nothing more, each import, each two tags, each customer. */
export const groupings = ['rule', 'import', 'tag-pair', 'customer'] as const;
export type Grouping = (typeof groupings)[number];

/** When what one scan opens comes to somebody as one card with a list instead of a card for each. */
export interface FloodPolicy {
  /** Would one scan bring one person more cards than this, they are told of all of them in one. */
  readonly cardsMax: number;
  /** Warnings of these severities come as cards of their own all the same. */
  readonly singly: readonly Severity[];
}

export interface GroupingPolicy {
  readonly by: Readonly<Record<Severity, Grouping>>;
  /** From when it opens until its first card; what is over by then is never sent. */
  readonly waitMs: number;
  /** Would one scan open more warnings than this of one rule and owner, it opens one of all their customers. */
  readonly warningsMax: number;
  readonly flood: FloodPolicy;
  /** While a customer has a finding of the rule, those of the muted rules wait. */
  readonly inhibitions: readonly {
    readonly ruleCode: string;
    readonly mutedRuleCodes: readonly string[];
  }[];
  /** A warning like one that closed within this time counts as its return. */
  readonly recurrenceWithinMs: number;
}

export interface QuietHoursPolicy {
  readonly breakThrough: readonly Severity[];
}

export interface VotingPolicy {
  /** Votes in favour that are needed. */
  readonly quorum: number;
  readonly votingWithinMs: number;
  /** People whose rejection ends the vote. */
  readonly vetoCodes: readonly string[];
  /** `members`: each has a seat. `departments`: those of one department share one, and the first of them to vote has it. */
  readonly seats: 'members' | 'departments';
  /** Whether owners of the tags and rules that would change vote on it. */
  readonly ownersVote: boolean;
  /** Decides a tie, and what has no quorum by the deadline; null: neither comes about. */
  readonly chair: { readonly code: string; readonly withinMs: number } | null;
  /** What changes more customers than this is voted on in the console only; null: nothing is. */
  readonly consoleAboveCustomers: number | null;
}

export interface ExceptionPolicy {
  /** Exceptions that end later than this many days from now are a tag request to the committee. */
  readonly daysMax: number;
  /** So many days before an exception ends, whoever it is up to hears of it; 0: nobody does. */
  readonly remindDays: number;
}

export const defaultExceptionRemindDays = 7;

/** When what people decided speaks against a rule. */
export interface LearningPolicy {
  /** A rule that is surely right in a smaller share of its warnings is brought before the committee; 0: none is. */
  readonly precisionFloor: number;
  /** After the committee decided about such a rule, it is not asked again for so long. */
  readonly quietMs: number;
}

export const defaultLearning: LearningPolicy = { precisionFloor: 0.7, quietMs: 30 * 86_400_000 };

export const defaultVoting = {
  seats: 'members',
  ownersVote: true,
  chair: null,
  consoleAboveCustomers: null,
} as const satisfies Partial<VotingPolicy>;

/**
 * What models may be asked in a day of UTC, by all processes together. A question is at most 2 names and definitions of
 * 500 characters in two languages and 400 tokens of answer, a text at most 1,000 characters, so that counts bound the bill.
 */
export interface ModelPolicy {
  /** Opinions of a language model on candidates. */
  readonly questionsPerDay: number;
  /** Names and definitions given to a model of meaning. */
  readonly textsPerDay: number;
}

export const defaultModels: ModelPolicy = { questionsPerDay: 200, textsPerDay: 20_000 };

export interface Policy {
  readonly severities: Readonly<Record<Severity, SeverityPolicy>>;
  /** In the order in which they come due; each step adds people to those before. */
  readonly escalation: readonly EscalationStep[];
  readonly duties: readonly Duty[];
  /** null: claims stay until they are given up. */
  readonly claim: ClaimPolicy | null;
  readonly grouping: GroupingPolicy;
  /** Cards of these severities reach people in their quiet hours too. */
  readonly quietHours: QuietHoursPolicy;
  readonly snooze: { readonly longestMs: number; readonly timesMax: number };
  readonly fix: {
    readonly undoWithinMs: number;
    /** Customers written to the source in one call. */
    readonly batchCustomers: number;
  };
  readonly exceptions: ExceptionPolicy;
  readonly voting: VotingPolicy;
  readonly learning: LearningPolicy;
  readonly models: ModelPolicy;
  /** null: tags may have any name. */
  readonly naming: NamingPolicy | null;
  readonly cleanUp: CleanUpPolicy;
  readonly requestTemplates: readonly RequestTemplate[];
  /** Points of the monthly assessment; null: none are counted. */
  readonly assessment: AssessmentPolicy | null;
  readonly digest: {
    /** 1 is Monday. */
    readonly weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7;
    /** 0–23, in each reader's own time zone. */
    readonly hour: number;
    readonly roles: readonly Role[];
    /** What a group hears of everybody's warnings; none where it is not given. */
    readonly report?: DigestReport;
  };
  /** Groups in chat that people may have their warnings in. */
  readonly groups: readonly ChatGroup[];
  /** Groups and other systems that are told of events. */
  readonly subscribers: readonly Subscriber[];
  readonly scans: {
    /** Cron expressions with their time zone: every customer again from the source, and only what changed. */
    readonly fullCron: string;
    readonly incrementalCron: string;
    readonly timeZone: string;
  };
  /** The audit trail, warnings, fixes, requests and votes are kept for ever. */
  readonly retention: RetentionPolicy;
}

export const defaultGrouping: GroupingPolicy = {
  by: { high: 'rule', medium: 'rule', low: 'rule' },
  waitMs: 0,
  warningsMax: 20,
  flood: { cardsMax: 10, singly: ['high'] },
  inhibitions: [],
  recurrenceWithinMs: 14 * 86_400_000,
};

export const defaultQuietHours: QuietHoursPolicy = { breakThrough: ['high'] };

/** A policy as an older version may have stored it. */
export type StoredPolicy = Omit<
  Policy,
  | 'severities'
  | 'escalation'
  | 'duties'
  | 'groups'
  | 'grouping'
  | 'subscribers'
  | 'quietHours'
  | 'assessment'
  | 'retention'
  | 'claim'
  | 'voting'
  | 'learning'
  | 'models'
  | 'naming'
  | 'cleanUp'
  | 'requestTemplates'
  | 'exceptions'
> & {
  readonly exceptions: Pick<ExceptionPolicy, 'daysMax'> & Partial<ExceptionPolicy>;
  readonly cleanUp?: CleanUpPolicy;
  readonly requestTemplates?: readonly RequestTemplate[];
  readonly naming?: NamingPolicy | null;
  readonly learning?: LearningPolicy;
  readonly models?: ModelPolicy;
  readonly voting: Pick<VotingPolicy, 'quorum' | 'votingWithinMs' | 'vetoCodes'> &
    Partial<VotingPolicy>;
  readonly severities: Readonly<
    Record<
      Severity,
      Omit<SeverityPolicy, 'pausesUnattended' | 'newsEveryMs' | 'repeatEveryMs'> &
        Partial<Pick<SeverityPolicy, 'pausesUnattended' | 'newsEveryMs' | 'repeatEveryMs'>>
    >
  >;
  readonly claim?: ClaimPolicy | null;
  readonly assessment?:
    | (Omit<AssessmentPolicy, 'namesInReports'> & Partial<AssessmentPolicy>)
    | null;
  readonly quietHours?: QuietHoursPolicy;
  readonly retention?: Partial<RetentionPolicy>;
  readonly grouping?: Partial<GroupingPolicy>;
  readonly duties?: readonly Duty[];
  readonly groups?: readonly ChatGroup[];
  readonly subscribers?: readonly Subscriber[];
  readonly escalation: readonly {
    readonly on: EscalationStep['on'];
    readonly afterMs?: number;
    readonly to: EscalationTarget | 'second-line' | 'manager';
  }[];
};

/** What an older version did not say is as it was then. */
export function completePolicy(stored: StoredPolicy): Policy {
  return {
    ...stored,
    severities: {
      high: completeSeverity(stored.severities.high),
      medium: completeSeverity(stored.severities.medium),
      low: completeSeverity(stored.severities.low),
    },
    duties: stored.duties ?? [],
    groups: stored.groups ?? [],
    subscribers: stored.subscribers ?? [],
    quietHours: stored.quietHours ?? defaultQuietHours,
    assessment:
      stored.assessment === undefined || stored.assessment === null
        ? null
        : { namesInReports: false, ...stored.assessment },
    retention: { ...defaultRetention, ...stored.retention },
    claim: stored.claim ?? null,
    voting: { ...defaultVoting, ...stored.voting },
    exceptions: { remindDays: defaultExceptionRemindDays, ...stored.exceptions },
    learning: stored.learning ?? defaultLearning,
    models: stored.models ?? defaultModels,
    naming: stored.naming ?? null,
    cleanUp: stored.cleanUp ?? defaultCleanUp,
    requestTemplates: stored.requestTemplates ?? [],
    grouping: { ...defaultGrouping, ...stored.grouping },
    escalation: stored.escalation.map(({ on, afterMs, to }) => ({
      on,
      afterMs: afterMs ?? 0,
      to: typeof to === 'string' ? { kind: to } : to,
    })),
  };
}

function completeSeverity(stored: StoredPolicy['severities'][Severity]): SeverityPolicy {
  return {
    ...stored,
    pausesUnattended: stored.pausesUnattended ?? false,
    newsEveryMs: stored.newsEveryMs ?? defaultNewsEveryMs,
    repeatEveryMs: stored.repeatEveryMs ?? null,
  };
}

/** When a calendar's people work, as written in people.yaml. */
export interface WorkingCalendar {
  readonly code: string;
  readonly timeZone: string;
  /** Weekday 1 (Monday) to 7 → working hours as minutes since midnight, half-open. */
  readonly week: Readonly<Record<1 | 2 | 3 | 4 | 5 | 6 | 7, readonly MinuteRange[]>>;
  /** Whose public holidays (and make-up working days) apply; null: none. */
  readonly holidays: 'CN' | null;
}

export interface MinuteRange {
  readonly fromMinute: number;
  readonly untilMinute: number;
}
