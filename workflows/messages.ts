import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Deadline, Interval } from '../domain/deadline.ts';
import type { ChainStep, Escalation } from '../domain/escalation.ts';
import type { FixChoice } from '../domain/fix.ts';
import type { Ballot, VoteRefusal } from '../domain/request.ts';
import type { DismissReason, Refusal, Warning } from '../domain/warning.ts';

/** Header in which a W3C traceparent goes from a message to what its workflow does. */
export const traceHeader = 'traceparent';

/** Through which door an action came, for the audit trail. */
export type Through = 'slack' | 'feishu' | 'inbox' | 'email' | 'console' | 'api' | 'cli' | 'system';

/** Whoever acts; rights were checked by the command that sends the message. */
export interface By {
  readonly personCode: string;
  readonly through: Through;
}

export type UpdateResult =
  | { readonly kind: 'done'; readonly warning: Warning }
  /** It is already so. */
  | { readonly kind: 'unchanged'; readonly warning: Warning }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type WarningUpdate =
  | { readonly kind: 'claim' }
  | { readonly kind: 'release' }
  | { readonly kind: 'still-on-it' }
  | { readonly kind: 'reassign'; readonly toCode: string }
  | { readonly kind: 'snooze'; readonly untilMs: number }
  /** Takes the next step of the chain before its time. */
  | { readonly kind: 'escalate'; readonly noteId: number }
  | { readonly kind: 'fix'; readonly choice: FixChoice }
  | { readonly kind: 'fixed-by-hand' }
  | { readonly kind: 'dismiss'; readonly reason: DismissReason; readonly noteId: number | null }
  | { readonly kind: 'except'; readonly untilMs: number; readonly noteId: number };

/** What a person wrote stays in the database; histories carry the id of the note. */
export interface WarningMessage {
  /** A workflow that still closes the warning before must not take it for its own. */
  readonly warningId: number;
  readonly by: By;
  readonly update: WarningUpdate;
}

/**
 * What a person does to a warning. What cannot be done now is refused by the validator, without a trace in the
 * history, with failure type `refusedFailure` and the Refusal as its detail; what became impossible while it
 * waited its turn is refused as a result. A fix answers as soon as it is recorded and begun; the card tells how it went.
 */
export const warningUpdate = defineUpdate<UpdateResult, [WarningMessage]>('warning');

/** Types of failures of a rejected Update. */
export const refusedFailure = 'refused';
/** The workflow holds another warning with the same fingerprint, which is about to end. */
export const otherWarningFailure = 'other-warning';
/** The message is not one this workflow knows. */
export const malformedFailure = 'malformed';

/** A scan's news: how many customers still have an open finding. */
export const findingsChangedSignal =
  defineSignal<[{ readonly warningId: number; readonly customers: number }]>('findingsChanged');

/** People, absences or the policy changed: see again who is responsible. Deadlines that were shown stay. */
export const lookAgainSignal = defineSignal('lookAgain');

/** What starts the workflow of a warning; `carried` only when it continues as new. */
export interface WarningInput {
  readonly warningId: number;
  readonly carried?: StoredCarriedWarning;
  /** A closed warning of the same fingerprint whose last card is not out yet. */
  readonly predecessorId?: number;
}

export interface DeadlinePlan {
  readonly secondLineCode: string | null;
  readonly managerCode: string | null;
  readonly claimDueAtMs: number;
  readonly closeDueAtMs: number;
  readonly pause: Interval | null;
  /** In order. */
  readonly claimReminderAtMs: readonly number[];
  readonly closeReminderAtMs: readonly number[];
  readonly ownerHasLeft: boolean;
  /** Who stands in for an owner who is away now. */
  readonly standInCode: string | null;
  /** When somebody's absence begins or ends, or a day from now: who is responsible is worked out again. */
  readonly lookAgainAtMs: number;
  /** The policy's steps for this warning, in order; `chainOf` reads them. */
  readonly chain?: readonly ChainStep[];
  /** What an older version planned instead: steps at the deadlines themselves. */
  readonly escalation?: readonly {
    readonly on: 'claim-missed' | 'close-missed';
    readonly to: 'second-line' | 'manager';
  }[];
  /** The steps taken, where people of them have left and others take their places. */
  readonly rerouted: readonly Escalation[] | null;
  /** Who has the turn of the owner's duty now, where that is somebody else. */
  readonly handOverTo: string | null;
  readonly snoozeTimesMax: number;
  /** Before it only what somebody has taken shows a card; absent in a plan of an older version. */
  readonly firstCardAtMs?: number;
  /** The rule may try to resolve it by itself; absent in a plan of an older version. */
  readonly mayFixItself?: boolean;
  /** While nobody takes it, people are told of it again and again; absent in a plan of an older version. */
  readonly isRepeated?: boolean;
}

/**
 * Names of reminders that delivery knows; the number is that of the policy's fraction, of `still` the warning's version,
 * of `repeat` how often it was repeated, of `news` the version and how many more customers it has.
 */
export type ReminderPurpose =
  | `reminder-${'claim' | 'close' | 'still' | 'repeat'}-${number}`
  | `reminder-news-${number}-${number}`;

/** What people last heard of a warning, and when they hear of it again while nobody takes it. */
export interface Telling {
  /** Customers then, or fewer where some went since. */
  readonly customers: number;
  readonly atMs: number;
  /** How often it was repeated. */
  readonly times: number;
  /** Null: not worked out yet. */
  readonly next: { readonly newsAtMs: number; readonly repeatAtMs: number | null } | null;
}

export type ClaimExpiry =
  /** Nobody has claimed it, or claims do not run out. */
  | { readonly kind: 'none' }
  /** The claimer has just acted. */
  | { readonly kind: 'to-plan'; readonly fromMs: number }
  | { readonly kind: 'planned'; readonly askAtMs: number; readonly releaseAtMs: number };

/** Everything a warning's workflow knows, to go on in a fresh history. */
export interface CarriedWarning {
  readonly warning: Warning;
  readonly plan: DeadlinePlan;
  /** Deadlines of the present owner's turn that have passed, missed or kept. */
  readonly deadlinesPast: readonly Deadline[];
  readonly claimExpiry: ClaimExpiry;
  readonly telling: Telling;
  /** How many reminders of each deadline are past, sent or not. */
  readonly remindersPast: { readonly claim: number; readonly close: number };
  /** The latest reminder that fell into a snooze. */
  readonly heldReminder: ReminderPurpose | null;
  readonly remindersToSend: readonly ReminderPurpose[];
  readonly isDeliveryDue: boolean;
}

/** What an older version may have left in a history; `stored-warning.ts` completes it. */
export type StoredWarning = Omit<
  Warning,
  'escalations' | 'dutyCode' | 'previousId' | 'recurrences' | 'pause'
> &
  Partial<Pick<Warning, 'escalations' | 'dutyCode' | 'previousId' | 'recurrences' | 'pause'>>;
export type StoredDeadlinePlan = Omit<DeadlinePlan, 'rerouted' | 'handOverTo' | 'pause'> &
  Partial<Pick<DeadlinePlan, 'rerouted' | 'handOverTo' | 'pause'>>;
export type StoredCarriedWarning = Omit<
  CarriedWarning,
  'warning' | 'plan' | 'deadlinesPast' | 'claimExpiry' | 'telling'
> & {
  readonly telling?: Telling;
  readonly claimExpiry?: ClaimExpiry;
  readonly deadlinesPast?: readonly Deadline[];
  readonly warning: StoredWarning;
  readonly plan: StoredDeadlinePlan;
};

/** What starts the workflow that takes a fix back. */
export interface UndoInput {
  readonly fixId: number;
  readonly by: By;
}

export type VoteResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly refusal: VoteRefusal };

/** A comment stays in the database; histories carry the id of its note. */
export const voteUpdate = defineUpdate<
  VoteResult,
  [
    By,
    {
      readonly ballot: Ballot;
      readonly noteId: number | null;
      /** The absent member for whom a deputy votes. */
      readonly inPlaceOf?: string;
    },
  ]
>('vote');

/** Something was said about a request, or contradicts it: these people are to hear it, under a delivery's purpose. */
export interface RequestNews {
  readonly purpose: `${'question' | 'answer' | 'rival'}-${number}`;
  readonly personCodes: readonly string[];
}

export const requestNewsSignal = defineSignal<[RequestNews]>('news');

/** Every question of a review is answered. */
export const reviewAnsweredSignal = defineSignal('answered');

/** Of a review that a data admin starts after the one with this id. */
export function reviewByHandWorkflowId(newestReviewId: number): string {
  return `review/after/${newestReviewId}`;
}

export const withdrawUpdate = defineUpdate<VoteResult, [By]>('withdraw');

/** Custom search attributes, all keywords. */
export const searchAttributeNames = {
  severity: 'TagwardenSeverity',
  owner: 'TagwardenOwner',
  state: 'TagwardenState',
} as const;

export const taskQueues = {
  /** Warnings, requests, digests and what people click: must answer at once. */
  warnings: 'tagwarden-warnings',
  /** Scans and what they wait for, reading sources and writing fixes: may be busy for long. */
  scans: 'tagwarden-scans',
  /** What keeps a scanning thread busy. A worker takes as much at a time as it has threads, and leaves the rest to others. */
  threads: 'tagwarden-threads',
} as const;

/** One workflow per warning while it is open: a warning cannot open twice. */
export function warningWorkflowId(fingerprint: string): string {
  return `warning/${fingerprint}`;
}

export function requestWorkflowId(requestId: number): string {
  return `request/${requestId}`;
}

/** A table of tags is taken in once at a time. */
export function tagImportWorkflowId(importId: number): string {
  return `tag-import/${importId}`;
}

export interface TagImportInput {
  readonly importId: number;
  readonly rows: 'all' | 'good';
  readonly by: By;
}

/** Somebody wants a table not to be taken in after all. */
export const stopTagImportSignal = defineSignal<[By]>('stopTagImport');

/** One digest of a person is made at a time. */
export function digestWorkflowId(personCode: string): string {
  return `digest/${personCode}`;
}

/** Of a digest that is made to be read where it was asked for, and sent to nobody. */
export function shownDigestWorkflowId(personCode: string): string {
  return `digest/${personCode}/shown`;
}

/** One for each contest and each decision. */
export function pointsWorkflowId(pointsId: number, state: string): string {
  return `points/${pointsId}/${state}`;
}

export function undoWorkflowId(fixId: number): string {
  return `undo/${fixId}`;
}

/** Only one scan runs at a time; a second asker joins it. */
export const scanWorkflowId = 'scan';

export interface ScanInput {
  readonly kind: 'full' | 'incremental';
  /** Person code; null: the schedule. */
  readonly requestedBy: string | null;
  /** @default system */
  readonly through?: Through;
  /** Stands for the act that asked, so that done again after a crash it starts no second one. @default none */
  readonly actId?: string;
}

/** One look over the dictionary at a time. */
export const candidatesWorkflowId = 'candidates';

/** Waits until the running scan is recorded and answers its id: how a second asker joins it. */
export const joinScanUpdate = defineUpdate<{ readonly scanId: number }>('joinScan');

/** Customers to be read from their source and scanned again at once. */
export type RescanScope =
  | { readonly kind: 'warning'; readonly warningId: number }
  | { readonly kind: 'fix'; readonly fixId: number }
  | { readonly kind: 'customers'; readonly customerIds: readonly number[] };
