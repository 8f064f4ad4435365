import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { FixChoice } from '../domain/fix.ts';
import type { Ballot, TagRequest, VoteRefusal } from '../domain/request.ts';
import type { DismissReason, Refusal, Warning } from '../domain/warning.ts';

/** Through which door an action came, for the audit trail. */
export type Through = 'slack' | 'feishu' | 'inbox' | 'console' | 'api' | 'cli' | 'system';

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
  | { readonly kind: 'reassign'; readonly toCode: string }
  | { readonly kind: 'snooze'; readonly untilMs: number }
  | { readonly kind: 'fix'; readonly choice: FixChoice }
  | { readonly kind: 'fixed-by-hand' }
  | { readonly kind: 'dismiss'; readonly reason: DismissReason; readonly comment: string }
  | { readonly kind: 'except'; readonly untilMs: number; readonly reason: string }
  | { readonly kind: 'comment'; readonly text: string };

/**
 * Everything a person does to a warning. Refusals are results, not failures: the second of two clickers hears
 * who was first. A fix answers as soon as it is recorded and begun; the card tells how it went.
 */
export const warningUpdate = defineUpdate<UpdateResult, [By, WarningUpdate]>('warning');

/** A scan's news: how many customers still have an open finding. */
export const findingsChangedSignal =
  defineSignal<[{ readonly customers: number }]>('findingsChanged');

export type VoteResult =
  | { readonly kind: 'done'; readonly request: TagRequest }
  | { readonly kind: 'refused'; readonly refusal: VoteRefusal };

export const voteUpdate = defineUpdate<
  VoteResult,
  [By, { readonly ballot: Ballot; readonly comment: string }]
>('vote');

export const withdrawUpdate = defineUpdate<VoteResult, [By]>('withdraw');

/** One workflow per warning while it is open: a warning cannot open twice. */
export function warningWorkflowId(fingerprint: string): string {
  return `warning/${fingerprint}`;
}

export function requestWorkflowId(requestId: number): string {
  return `request/${requestId}`;
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
}
