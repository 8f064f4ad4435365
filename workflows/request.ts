import {
  ActivityFailure,
  ApplicationFailure,
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
  let current = await readRequest(input);
  const subject = { kind: 'request', id: current.id } as const;

  async function move(
    change: Partial<Pick<RequestProgress, 'state' | 'votes'>>,
    by: By,
    action: string,
    noteId: number | null = null,
  ): Promise<void> {
    const next = { ...current, ...change, version: current.version + 1 };
    const before = current.state;
    current = next;
    await projectRequestState({ request: next, by, action, before, noteId });
  }

  setHandler(voteUpdate, async (by, { ballot, noteId }) => {
    const refusal = voteRefusal(current, { by: by.personCode, ballot });
    if (refusal !== null) return { kind: 'refused', refusal };
    const vote: Vote = { by: by.personCode, ballot, comment: '', atMs: Date.now() };
    const others = current.votes.filter((earlier) => earlier.by !== vote.by);
    await move({ votes: [...others, vote] }, by, 'request.voted', noteId);
    return { kind: 'done' };
  });
  setHandler(withdrawUpdate, async (by) => {
    if (current.state.kind !== 'voting') {
      return { kind: 'refused', refusal: { kind: 'voting-over' } };
    }
    await move({ state: { kind: 'withdrawn', atMs: Date.now() } }, by, 'request.withdrawn');
    return { kind: 'done' };
  });

  await deliver({ subject });
  await collectVotes();
  await settle();
  await deliver({ subject });

  /** Until the votes decide, the requester withdraws, or the time is over; each vote shows on every card. */
  async function collectVotes(): Promise<void> {
    let hasReminded = false;
    while (current.state.kind === 'voting' && verdict(current) === 'open') {
      const shown = current.version;
      const remindAtMs =
        current.createdAtMs + (current.dueAtMs - current.createdAtMs) * reminderFraction;
      const wakeAtMs = hasReminded ? current.dueAtMs : Math.min(remindAtMs, current.dueAtMs);
      const changed = await condition(
        () => current.version !== shown,
        Math.max(1, wakeAtMs - Date.now()),
      );
      if (changed) {
        await deliver({ subject });
        continue;
      }
      if (Date.now() >= current.dueAtMs) return;
      hasReminded = true;
      await remindSilent();
    }
  }

  async function remindSilent(): Promise<void> {
    const voted = new Set(current.votes.map((cast) => cast.by));
    const silent = current.memberCodes.filter((code) => !voted.has(code));
    await remind({ subject, purpose: 'reminder-vote', personCodes: silent });
  }

  async function settle(): Promise<void> {
    if (current.state.kind !== 'voting') return;
    const decided = verdict(current);
    if (decided === 'open') {
      await move({ state: { kind: 'expired', atMs: Date.now() } }, system, 'request.expired');
      return;
    }
    if (decided !== 'approved') {
      const reason = decided === 'vetoed' ? 'veto' : 'votes';
      const state: RequestState = { kind: 'rejected', atMs: Date.now(), reason };
      await move({ state }, system, 'request.rejected');
      return;
    }
    await move({ state: { kind: 'applying' } }, system, 'request.approved');
    await deliver({ subject });
    await applyApproved();
  }

  async function applyApproved(): Promise<void> {
    try {
      await applyRequest({ requestId: current.id });
      await move({ state: { kind: 'applied', atMs: Date.now() } }, system, 'request.applied');
    } catch (error) {
      const detail = whyNotApplied(error);
      if (detail === null) throw error;
      const state: RequestState = { kind: 'failed', atMs: Date.now(), detail };
      await move({ state }, system, 'request.failed');
    }
  }
}

/** What the activity said where applying can never succeed; null for anything else. */
function whyNotApplied(error: unknown): string | null {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  return cause instanceof ApplicationFailure && cause.type === 'RequestCannotBeApplied'
    ? cause.message
    : null;
}
