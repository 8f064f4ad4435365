import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Database } from '../db/client.ts';
import { insertBatchItem } from '../db/stores/request-batches.ts';
import { beginApplication, tellRivals, type ToldRival } from '../db/stores/request-rivals.ts';
import { loadBackTest, loadRequest, projectRequest, saveBackTest } from '../db/stores/requests.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { recordWayBack } from '../db/stores/fixes.ts';
import { readKnown } from '../db/stores/known.ts';
import { goneBy } from '../domain/requests/rivals.ts';
import { prepareProposal } from '../domain/requests/registry.ts';
import type { Prepared } from '../domain/requests/request-kind.ts';
import { planRetag } from '../db/stores/retag.ts';
import { applyApprovedRule } from '../db/stores/rule-changes.ts';
import { planSplit } from '../db/stores/split.ts';
import {
  activateApprovedTag,
  changeApprovedTag,
  createApprovedTag,
  findTagTakenOut,
  splitApprovedTag,
  takeTagOutOfUse,
  type ApprovedRequest,
  type TagChangeOutcome,
} from '../db/stores/tag-changes.ts';
import { assertNever } from '../domain/assert-never.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { AttachedBackTest } from '../domain/back-test.ts';
import type { RuleDefinition } from '../domain/configuration.ts';
import type { Retag, RetagRefusal } from '../domain/retag.ts';
import type {
  NotApplied,
  RequestProgress,
  RequestProposal,
  RequestState,
  TagParts,
  TagRequest,
} from '../domain/request.ts';
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
  /** What the rule would flag; null where it names what is not there any more. */
  readonly backTest: (order: {
    readonly rule: string | RuleDefinition;
    readonly changedTag?: { readonly code: string; readonly days: Partial<TagParts> };
    readonly signal: AbortSignal;
  }) => Promise<AttachedBackTest | null>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type RequestActivities = ReturnType<typeof createRequestActivities>;

/** What is left to do once the dictionary has been changed: `retag`: fix `fixId` is planned and to be written. */
export type AppliedProposal =
  | { readonly kind: 'done' }
  | { readonly kind: 'retag'; readonly fixId: number }
  /** Each of its items is to be applied by itself. */
  | { readonly kind: 'items'; readonly count: number };

const done = { kind: 'done' } as const;

/** The rule whose findings would be others: the one asked for, or that of a tag whose days were learned. */
function testedBy(proposal: RequestProposal) {
  if (proposal.kind === 'change-rule') return { rule: proposal.after };
  if (proposal.kind !== 'change-tag' || proposal.learned === undefined) return null;
  const { code, after, learned } = proposal;
  return { rule: learned.ruleCode, changedTag: { code, days: after } };
}

/** What a request's workflow needs done outside of it. */
export function createRequestActivities(dependencies: RequestDependencies) {
  const { database, grantException, backTest, now } = dependencies;

  async function readRequest(input: { readonly requestId: number }): Promise<RequestProgress> {
    const found = await loadRequest(database.query, input.requestId);
    if (found === null) throw notFound(input.requestId);
    return progressOf(found);
  }

  async function projectRequestState(input: {
    readonly request: RequestProgress;
    readonly noteId: number | null;
    readonly by: By;
    readonly action: string;
    readonly before: RequestState;
  }): Promise<void> {
    const { request, noteId, by, action, before } = input;
    if (request.state.kind === 'applied') await recordWayBackOfBatch(request.id);
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

  /** Attaches what a rule that is asked for would flag. Says whether there is anything new to show. */
  async function backTestRequest(input: { readonly requestId: number }): Promise<boolean> {
    const { requestId } = input;
    const found = await loadRequest(database.query, requestId);
    const asked = found === null ? null : testedBy(found.proposal);
    if (asked === null) return false;
    if ((await loadBackTest(database.query, requestId)) !== null) return true;
    const { cancellationSignal: signal } = Context.current();
    const tested = await whileAlive(() => backTest({ ...asked, signal }));
    if (tested === null) return false;
    await saveBackTest(database.query, requestId, tested);
    return true;
  }

  /**
   * Holds what was approved against what is there now and what was applied meanwhile, before anything is changed.
   * Throws where it no longer fits.
   */
  async function recheckRequest(input: { readonly requestId: number }): Promise<void> {
    const found = await loadRequest(database.query, input.requestId);
    if (found === null) throw notFound(input.requestId);
    // Of a batch each item is held against what is there when its turn comes.
    if (found.proposal.kind === 'batch') return;
    const first = await beginApplication(database, found, now());
    if (first !== null) throw cannotApply({ kind: 'rival-first', requestId: first.id });
    // The committee knew the name; a convention that came later does not undo its approval.
    const known = { ...(await readKnown(database)), naming: null };
    const prepared = prepareProposal(found.proposal, known);
    const why = whyNotAnyMore(found.proposal, prepared);
    if (why !== null) throw cannotApply(why);
    const changed = await findTagTakenOut(database.query, {
      tagCodes: goneBy(found.proposal),
      sinceMs: found.createdAtMs,
    });
    if (changed !== null) throw cannotApply({ kind: 'tag-changed', code: changed });
  }

  /**
   * Writes on requests that cannot come true together with one that has ended what became of it. Whoever asked for them
   * is to hear of it.
   */
  async function tellRivalsOf(input: {
    readonly requestId: number;
  }): Promise<readonly ToldRival[]> {
    const ended = await loadRequest(database.query, input.requestId);
    if (ended === null) throw notFound(input.requestId);
    return tellRivals(database, { ended, nowMs: now() });
  }

  /** An item of an approved batch, to be applied by itself; repeated calls answer with the one that is there. */
  async function beginBatchItem(input: {
    readonly requestId: number;
    readonly index: number;
  }): Promise<RequestProgress> {
    const batch = await loadRequest(database.query, input.requestId);
    if (batch === null) throw notFound(input.requestId);
    const item = await insertBatchItem(database, { batch, index: input.index, nowMs: now() });
    return progressOf(item);
  }

  /** Changes the dictionary as approved; repeated calls are harmless. Says what is left to do on customers. */
  async function applyRequest(input: { readonly requestId: number }): Promise<AppliedProposal> {
    const found = await loadRequest(database.query, input.requestId);
    if (found === null) throw notFound(input.requestId);
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
        return doneWithWayBack(request);
      case 'change-tag': {
        expectDone(await changeApprovedTag(database, request, proposal), proposal);
        const { code, before, after } = proposal;
        return before.name === undefined || after.name === undefined
          ? doneWithWayBack(request)
          : planned(request, { kind: 'rename', code, from: before.name, to: after.name });
      }
      case 'activate-tag':
        expectDone(await activateApprovedTag(database, request, proposal), proposal);
        return doneWithWayBack(request);
      case 'change-rule':
        if (!(await applyApprovedRule(database, request, proposal))) {
          throw cannotApply({ kind: 'rule-changed', code: proposal.after.code });
        }
        return doneWithWayBack(request);
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
        return replaces
          ? planned(request, { kind: 'replace-by-successor', code })
          : doneWithWayBack(request);
      }
      case 'retire-tag': {
        const { code } = proposal;
        const to = { status: 'archived', successorCode: null } as const;
        await takeTagOutOfUse(database, request, { code, to });
        return planned(request, { kind: 'take-off', code });
      }
      case 'split-tag': {
        expectDone(await splitApprovedTag(database, request, proposal), proposal);
        const { code, criterion, met, unmet } = proposal;
        const requestedBy = request.requesterCode;
        const parts = { code, criterion, metCode: met.code, unmetCode: unmet.code };
        const fixId = await planSplit(database, { ...request, ...parts, requestedBy });
        if (fixId === null) throw cannotApply({ kind: 'tag-gone', code });
        return { kind: 'retag', fixId };
      }
      case 'batch':
        return { kind: 'items', count: proposal.items.length };
      case 'exception': {
        const { warningId, untilMs, reason } = proposal;
        const { requesterCode } = request;
        const isGranted = await grantException({ warningId, untilMs, reason, requesterCode });
        if (!isGranted) throw cannotApply({ kind: 'warning-over', warningId });
        return done;
      }
      default:
        return assertNever(proposal);
    }
  }

  /** What changed no customer can be taken back as long as what did. */
  async function doneWithWayBack(request: ApprovedRequest): Promise<AppliedProposal> {
    const { requestId, requesterCode: requestedBy, nowMs } = request;
    const { fix } = await loadPolicy(database.query);
    const undoUntilMs = nowMs + fix.undoWithinMs;
    await recordWayBack(database.query, { requestId, requestedBy, undoUntilMs }, nowMs);
    return done;
  }

  /** A batch can be taken back as a whole, counted from when the last of it came into force. */
  async function recordWayBackOfBatch(requestId: number): Promise<void> {
    const found = await loadRequest(database.query, requestId);
    if (found?.proposal.kind !== 'batch') return;
    await doneWithWayBack({ requestId, requesterCode: found.requesterCode, nowMs: now() });
  }

  /** Lays down what happens to every customer with the tag. */
  async function planned(request: ApprovedRequest, retag: Retag): Promise<AppliedProposal> {
    const { requestId, requesterCode: requestedBy, nowMs } = request;
    const plan = await planRetag(database, { requestId, requestedBy, retag, nowMs });
    if (plan.kind === 'planned') return { kind: 'retag', fixId: plan.fixId };
    throw cannotApply(whyNotRetagged(plan));
  }

  return {
    readRequest,
    projectRequestState,
    backTestRequest,
    recheckRequest,
    tellRivalsOf,
    beginBatchItem,
    applyRequest,
  };
}

/** What was changed meanwhile is told by name; anything else as it would be told to whoever asked for it now. */
function whyNotAnyMore(
  proposal: RequestProposal,
  prepared: Prepared<RequestProposal>,
): NotApplied | null {
  if (prepared.kind === 'faulty') {
    const { fault } = prepared;
    // All of it is so already: nothing is left to do, and nothing stands in the way.
    const isSo = fault.kind === 'invalid' && fault.field === 'change';
    return isSo ? null : { kind: 'no-longer-fits', fault };
  }
  const now = prepared.proposal;
  if (canonicalJson(beforeOf(now)) === canonicalJson(beforeOf(proposal))) return null;
  return proposal.kind === 'change-rule'
    ? { kind: 'rule-changed', code: proposal.after.code }
    : { kind: 'tag-changed', code: 'code' in proposal ? proposal.code : '' };
}

function beforeOf(proposal: RequestProposal): unknown {
  return 'before' in proposal ? proposal.before : null;
}

/** Without anybody's words. */
function progressOf(request: TagRequest): RequestProgress {
  const { proposal: _, reason: __, ...progress } = request;
  return { ...progress, votes: progress.votes.map((vote) => ({ ...vote, comment: '' })) };
}

function whyNotRetagged(refusal: RetagRefusal): NotApplied {
  return refusal.kind === 'unknown-tag' ? { kind: 'tag-gone', code: refusal.code } : refusal;
}

function expectDone(outcome: TagChangeOutcome, { code }: { readonly code: string }): void {
  switch (outcome) {
    case 'done':
      return;
    case 'not-found':
      throw cannotApply({ kind: 'tag-gone', code });
    case 'changed-meanwhile':
      throw cannotApply({ kind: 'tag-changed', code });
    default:
      assertNever(outcome);
  }
}

/** The reason goes along with the failure, so that cards and pages can say it in their reader's language. */
function cannotApply(why: NotApplied): ApplicationFailure {
  return ApplicationFailure.nonRetryable(detailOf(why), 'RequestCannotBeApplied', why);
}

function detailOf(why: NotApplied): string {
  switch (why.kind) {
    case 'tag-gone':
      return `The tag "${why.code}" is no longer in the dictionary.`;
    case 'tag-changed':
      return `The tag "${why.code}" was changed meanwhile.`;
    case 'rule-changed':
      return `The rule "${why.code}" was changed meanwhile.`;
    case 'no-successor':
      return `The tag "${why.code}" is out of use and has no successor.`;
    case 'successors-in-a-circle':
      return `Tags succeed each other in a circle: ${why.codes.join(' → ')}.`;
    case 'no-item-applied':
      return 'None of its items could be applied.';
    case 'no-longer-fits':
      return `What is there now refuses it: ${JSON.stringify(why.fault)}`;
    case 'rival-first':
      return `Request ${why.requestId} was applied first; the two cannot both come true.`;
    case 'warning-over':
      return `Warning ${why.warningId} is over already.`;
    default:
      return assertNever(why);
  }
}

function notFound(requestId: number): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`There is no request ${requestId}.`, 'RequestNotFound');
}
