import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  condition,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { DeliveryActivities } from '../activities/delivery.ts';
import type { RequestActivities } from '../activities/request.ts';
import {
  verdict,
  voteRefusal,
  type RequestState,
  type RequestProgress,
  type Vote,
} from '../domain/request.ts';
import { voteUpdate, withdrawUpdate, type By } from './messages.ts';

const { readRequest, projectRequestState } = proxyActivities<RequestActivities>({
  startToCloseTimeout: '30 seconds',
});
const { applyRequest } = proxyActivities<RequestActivities>({
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '2 minutes',
  retry: { nonRetryableErrorTypes: ['RequestCannotBeApplied'] },
});
const { deliver, remind } = proxyActivities<DeliveryActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '90 seconds',
});

/** Members who have not voted are reminded once, at this part of the time for voting. */
const reminderFraction = 0.5;
const system: By = { personCode: '', through: 'system' };

/**
 * A tag request from its first card to its end. Votes are updates; what was decided by the deadline counts,
 * and no quorum by then means that nothing is applied.
 */
export async function request(input: { readonly requestId: number }): Promise<void> {
  const subject = { kind: 'request', id: input.requestId } as const;
  let current: RequestProgress | null = null;

  // Handlers stand before anything is awaited: a vote may come with the very first task.
  setHandler(voteUpdate, async (by, { ballot, noteId }) => {
    const before = await loaded();
    const refusal = voteRefusal(before, { by: by.personCode, ballot });
    if (refusal !== null) return { kind: 'refused', refusal };
    const cast: Vote = { by: by.personCode, ballot, comment: '', atMs: Date.now() };
    const others = before.votes.filter((earlier) => earlier.by !== cast.by);
    await move(before, { votes: [...others, cast] }, { by, action: 'request.voted', noteId });
    return { kind: 'done' };
  });
  setHandler(withdrawUpdate, async (by) => {
    const before = await loaded();
    if (before.state.kind !== 'voting') {
      return { kind: 'refused', refusal: { kind: 'voting-over' } };
    }
    const state: RequestState = { kind: 'withdrawn', atMs: Date.now() };
    await move(before, { state }, { by, action: 'request.withdrawn' });
    return { kind: 'done' };
  });

  current = await readRequest(input);
  await deliver({ subject });
  await collectVotes();
  await settle(await loaded());
  await deliver({ subject });
  await condition(allHandlersFinished);

  async function loaded(): Promise<RequestProgress> {
    await condition(() => current !== null);
    if (current === null) throw new Error('The request was not read.');
    return current;
  }

  async function move(
    before: RequestProgress,
    change: Partial<Pick<RequestProgress, 'state' | 'votes'>>,
    record: { readonly by: By; readonly action: string; readonly noteId?: number | null },
  ): Promise<RequestProgress> {
    const next = { ...before, ...change, version: before.version + 1 };
    current = next;
    await projectRequestState({ request: next, before: before.state, noteId: null, ...record });
    return next;
  }

  /** Until the votes decide, the requester withdraws, or the time is over; each vote shows on every card. */
  async function collectVotes(): Promise<void> {
    let hasReminded = false;
    for (;;) {
      const shown = await loaded();
      if (shown.state.kind !== 'voting' || verdict(shown) !== 'open') return;
      if (Date.now() >= shown.dueAtMs) return;
      const wakeAtMs = hasReminded ? shown.dueAtMs : remindAtMs(shown);
      const hasChanged = await condition(
        () => current?.version !== shown.version,
        Math.max(1, wakeAtMs - Date.now()),
      );
      if (hasChanged) {
        await deliver({ subject });
      } else if (!hasReminded) {
        hasReminded = true;
        await remindSilent(shown);
      }
    }
  }

  async function remindSilent(shown: RequestProgress): Promise<void> {
    const voted = new Set(shown.votes.map((cast) => cast.by));
    const personCodes = shown.memberCodes.filter((code) => !voted.has(code));
    await remind({ subject, purpose: 'reminder-vote', personCodes });
  }

  async function settle(decided: RequestProgress): Promise<void> {
    if (decided.state.kind !== 'voting') return;
    const result = verdict(decided);
    const atMs = Date.now();
    if (result === 'open') {
      await move(
        decided,
        { state: { kind: 'expired', atMs } },
        { by: system, action: 'request.expired' },
      );
    } else if (result === 'approved') {
      const applying = await move(
        decided,
        { state: { kind: 'applying' } },
        { by: system, action: 'request.approved' },
      );
      await deliver({ subject });
      await applyApproved(applying);
    } else {
      const reason = result === 'vetoed' ? 'veto' : 'votes';
      await move(
        decided,
        { state: { kind: 'rejected', atMs, reason } },
        { by: system, action: 'request.rejected' },
      );
    }
  }

  async function applyApproved(applying: RequestProgress): Promise<void> {
    try {
      await applyRequest({ requestId: applying.id });
      const state: RequestState = { kind: 'applied', atMs: Date.now() };
      await move(applying, { state }, { by: system, action: 'request.applied' });
    } catch (error) {
      const detail = whyNotApplied(error);
      if (detail === null) throw error;
      const state: RequestState = { kind: 'failed', atMs: Date.now(), detail };
      await move(applying, { state }, { by: system, action: 'request.failed' });
    }
  }
}

function remindAtMs({ createdAtMs, dueAtMs }: RequestProgress): number {
  return createdAtMs + (dueAtMs - createdAtMs) * reminderFraction;
}

/** What the activity said where applying can never succeed; null for anything else. */
function whyNotApplied(error: unknown): string | null {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  return cause instanceof ApplicationFailure && cause.type === 'RequestCannotBeApplied'
    ? cause.message
    : null;
}
