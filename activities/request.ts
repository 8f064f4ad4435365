import { ApplicationFailure } from '@temporalio/activity';
import type { Database } from '../db/client.ts';
import { loadRequest, projectRequest } from '../db/stores/requests.ts';
import { planRetag } from '../db/stores/retag.ts';
import { applyApprovedRule } from '../db/stores/rule-changes.ts';
import { planSplit } from '../db/stores/split.ts';
import {
  changeApprovedTag,
  createApprovedTag,
  splitApprovedTag,
  takeTagOutOfUse,
  type ApprovedRequest,
  type TagChangeOutcome,
} from '../db/stores/tag-changes.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { Retag, RetagRefusal } from '../domain/retag.ts';
import type { RequestProgress, RequestProposal, RequestState } from '../domain/request.ts';
import type { By } from '../workflows/messages.ts';
import { whileAlive } from './heartbeat.ts';

export interface RequestDependencies {
  readonly database: Database;
  /** Declares a warning right until a date, as the committee approved; false: the warning is over. */
  readonly grantException: (exception: {
    readonly warningId: number;
    readonly untilMs: number;
    readonly reason: string;
    readonly requesterCode: string;
  }) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type RequestActivities = ReturnType<typeof createRequestActivities>;

/** What is left to do once the dictionary has been changed: `retag`: fix `fixId` is planned and to be written. */
export type AppliedProposal =
  | { readonly kind: 'done' }
  | { readonly kind: 'retag'; readonly fixId: number };

const done = { kind: 'done' } as const;

/** What a request's workflow needs done outside of it. */
export function createRequestActivities({ database, grantException, now }: RequestDependencies) {
  async function readRequest(input: { readonly requestId: number }): Promise<RequestProgress> {
    const found = await loadRequest(database.query, input.requestId);
    if (found === null) {
      const message = `There is no request ${input.requestId}.`;
      throw ApplicationFailure.nonRetryable(message, 'RequestNotFound');
    }
    const { proposal: _, reason: __, ...progress } = found;
    return { ...progress, votes: progress.votes.map((vote) => ({ ...vote, comment: '' })) };
  }

  async function projectRequestState(input: {
    readonly request: RequestProgress;
    readonly noteId: number | null;
    readonly by: By;
    readonly action: string;
    readonly before: RequestState;
  }): Promise<void> {
    const { request, noteId, by, action, before } = input;
    const ballot = request.votes.find((vote) => vote.by === by.personCode)?.ballot ?? null;
    await projectRequest(database, {
      request,
      noteId,
      nowMs: now(),
      audit: {
        actorCode: by.personCode === '' ? null : by.personCode,
        through: by.through,
        action,
        subjectKind: 'request',
        subjectId: String(request.id),
        before: before.kind,
        after: by.personCode !== '' && ballot !== null ? ballot : request.state.kind,
      },
    });
  }

  /** Changes the dictionary as approved; repeated calls are harmless. Says what is left to do on customers. */
  async function applyRequest(input: { readonly requestId: number }): Promise<AppliedProposal> {
    const found = await loadRequest(database.query, input.requestId);
    if (found === null) throw cannotApply(`There is no request ${input.requestId}.`);
    const { id: requestId, requesterCode, proposal } = found;
    return whileAlive(() => applyProposal(proposal, { requestId, requesterCode, nowMs: now() }));
  }

  async function applyProposal(
    proposal: RequestProposal,
    request: ApprovedRequest,
  ): Promise<AppliedProposal> {
    switch (proposal.kind) {
      case 'create-tag':
        await createApprovedTag(database, request, proposal);
        return done;
      case 'change-tag': {
        expectDone(await changeApprovedTag(database, request, proposal));
        const { code, before, after } = proposal;
        return before.name === undefined || after.name === undefined
          ? done
          : planned(request, { kind: 'rename', code, from: before.name, to: after.name });
      }
      case 'change-rule':
        if (!(await applyApprovedRule(database, request, proposal))) {
          throw cannotApply('The rule was changed meanwhile.');
        }
        return done;
      case 'merge-tags': {
        const { fromCode, intoCode } = proposal;
        const to = { status: 'deprecated', successorCode: intoCode } as const;
        await takeTagOutOfUse(database, request, { code: fromCode, to });
        return planned(request, { kind: 'replace', code: fromCode, byCode: intoCode });
      }
      case 'deprecate-tag': {
        const { code, successorCode, replaces } = proposal;
        const to = { status: 'deprecated', successorCode } as const;
        await takeTagOutOfUse(database, request, { code, to });
        return replaces ? planned(request, { kind: 'replace-by-successor', code }) : done;
      }
      case 'retire-tag': {
        const { code } = proposal;
        const to = { status: 'archived', successorCode: null } as const;
        await takeTagOutOfUse(database, request, { code, to });
        return planned(request, { kind: 'take-off', code });
      }
      case 'split-tag': {
        expectDone(await splitApprovedTag(database, request, proposal));
        const { code, criterion, met, unmet } = proposal;
        const requestedBy = request.requesterCode;
        const parts = { code, criterion, metCode: met.code, unmetCode: unmet.code };
        const fixId = await planSplit(database, { ...request, ...parts, requestedBy });
        if (fixId === null) throw cannotApply('The tag is no longer in the dictionary.');
        return { kind: 'retag', fixId };
      }
      case 'exception': {
        const { warningId, untilMs, reason } = proposal;
        const { requesterCode } = request;
        const isGranted = await grantException({ warningId, untilMs, reason, requesterCode });
        if (!isGranted) throw cannotApply('The warning is over already.');
        return done;
      }
      default:
        return assertNever(proposal);
    }
  }

  /** Lays down what happens to every customer with the tag. */
  async function planned(request: ApprovedRequest, retag: Retag): Promise<AppliedProposal> {
    const { requestId, requesterCode: requestedBy, nowMs } = request;
    const plan = await planRetag(database, { requestId, requestedBy, retag, nowMs });
    if (plan.kind === 'planned') return { kind: 'retag', fixId: plan.fixId };
    throw cannotApply(whyNotRetagged(plan));
  }

  return { readRequest, projectRequestState, applyRequest };
}

function whyNotRetagged(refusal: RetagRefusal): string {
  switch (refusal.kind) {
    case 'unknown-tag':
      return `The tag "${refusal.code}" is no longer in the dictionary.`;
    case 'no-successor':
      return `The tag "${refusal.code}" is out of use and has no successor.`;
    case 'successors-in-a-circle':
      return `Tags succeed each other in a circle: ${refusal.codes.join(' → ')}.`;
    default:
      return assertNever(refusal);
  }
}

function expectDone(outcome: TagChangeOutcome): void {
  switch (outcome) {
    case 'done':
      return;
    case 'not-found':
      throw cannotApply('The tag is no longer in the dictionary.');
    case 'changed-meanwhile':
      throw cannotApply('The tag was changed meanwhile.');
    default:
      assertNever(outcome);
  }
}

function cannotApply(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'RequestCannotBeApplied');
}
