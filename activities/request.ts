import { ApplicationFailure } from '@temporalio/activity';
import type { Database } from '../db/client.ts';
import {
  createApprovedTag,
  loadRequest,
  projectRequest,
  takeTagOutOfUse,
} from '../db/stores/requests.ts';
import { planRetag } from '../db/stores/retag.ts';
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
        after: action === 'request.voted' ? ballot : request.state.kind,
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
    request: {
      readonly requestId: number;
      readonly requesterCode: string;
      readonly nowMs: number;
    },
  ): Promise<AppliedProposal> {
    switch (proposal.kind) {
      case 'create-tag':
        await createApprovedTag(database, { ...request, proposal });
        return { kind: 'done' };
      case 'merge-tags': {
        const { fromCode, intoCode } = proposal;
        const to = { status: 'deprecated', successorCode: intoCode } as const;
        await takeTagOutOfUse(database, { ...request, code: fromCode, to });
        const retag = { kind: 'replace', code: fromCode, byCode: intoCode } as const;
        return planned({ retag, ...request });
      }
      case 'retire-tag': {
        const { code } = proposal;
        const to = { status: 'archived', successorCode: null } as const;
        await takeTagOutOfUse(database, { ...request, code, to });
        return planned({ retag: { kind: 'take-off', code }, ...request });
      }
      case 'exception': {
        const { warningId, untilMs, reason } = proposal;
        const { requesterCode } = request;
        const isGranted = await grantException({ warningId, untilMs, reason, requesterCode });
        if (!isGranted) throw cannotApply('The warning is over already.');
        return { kind: 'done' };
      }
      default:
        return assertNever(proposal);
    }
  }

  /** Lays down what happens to every customer with the tag. */
  async function planned(input: {
    readonly retag: Retag;
    readonly requestId: number;
    readonly requesterCode: string;
    readonly nowMs: number;
  }): Promise<AppliedProposal> {
    const { requestId, requesterCode: requestedBy, retag, nowMs } = input;
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

function cannotApply(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'RequestCannotBeApplied');
}
