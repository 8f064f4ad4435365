import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  condition,
  isCancellation,
  log,
  patched,
  proxyActivities,
  rootCause,
  setHandler,
} from '@temporalio/workflow';
import type { DeliveryActivities } from '../activities/delivery.ts';
import type { FixActivities } from '../activities/fix.ts';
import type { RequestActivities } from '../activities/request.ts';
import {
  chairsTurn,
  seatsOf,
  verdict,
  type Verdict,
  voteRefusal,
  withVote,
  type NotApplied,
  type RequestState,
  type RequestProgress,
  type Vote,
} from '../domain/request.ts';
import {
  backTestOptions,
  databaseOptions,
  deliveryOptions,
  fixWritingOptions,
  verifyingOptions,
} from './activity-options.ts';
import { whyNotWritten } from './failure-words.ts';
import { createTurns } from './in-turn.ts';
import {
  requestNewsSignal,
  voteUpdate,
  withdrawUpdate,
  type By,
  type RequestNews,
} from './messages.ts';

const { readRequest, projectRequestState, beginBatchItem, tellRivalsOf } =
  proxyActivities<RequestActivities>(databaseOptions);
const { applyRequest, recheckRequest } = proxyActivities<RequestActivities>({
  ...databaseOptions,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { ...databaseOptions.retry, nonRetryableErrorTypes: ['RequestCannotBeApplied'] },
});
const { backTestRequest } = proxyActivities<RequestActivities>(backTestOptions);
const { writeFix } = proxyActivities<FixActivities>(fixWritingOptions);
const { giveUpFix } = proxyActivities<FixActivities>(databaseOptions);
const { rescan } = proxyActivities<ScanActivities>(verifyingOptions);
const { deliver, remind } = proxyActivities<DeliveryActivities>(deliveryOptions);

/** What scanning does for a request. */
interface ScanActivities {
  rescan(scope: { readonly kind: 'fix'; readonly fixId: number }): Promise<unknown>;
}

/** Members who have not voted are reminded once, at this part of the time for voting. */
const reminderFraction = 0.5;
const system: By = { personCode: '', through: 'system' };

/**
 * A tag request from its first card to its end. Votes are updates; what was decided by the deadline counts,
 * and no quorum by then means that nothing is applied.
 */
export async function request(input: { readonly requestId: number }): Promise<void> {
  const subject = { kind: 'request', id: input.requestId } as const;
  /** Written in the order in which it happened, or a later version would hide an earlier one. */
  const inTurn = createTurns();
  let hasFigures = false;
  let current: RequestProgress | null = null;
  /** What cards are drawn from: the newest state that stands in the database. */
  let written: RequestProgress | null = null;
  const toTell: RequestNews[] = [];

  // Handlers stand before anything is awaited: a vote may come with the very first task.
  setHandler(voteUpdate, async (by, { ballot, noteId, inPlaceOf }) => {
    const before = await loaded();
    const place = inPlaceOf === undefined ? {} : { inPlaceOf };
    const atMs = Date.now();
    const refusal = voteRefusal(before, { by: by.personCode, ballot, atMs, ...place });
    if (refusal !== null) return { kind: 'refused', refusal };
    const cast: Vote = { by: by.personCode, ballot, comment: '', atMs, ...place };
    const { state } = before;
    const isChairs = state.kind === 'voting' && state.chair !== undefined;
    await move(
      before,
      {
        votes: isChairs
          ? [...before.votes.filter((vote) => vote.by !== cast.by), cast]
          : withVote(before, cast),
        ...(isChairs ? { state: { ...state, decided: true } } : {}),
      },
      { by, action: isChairs ? 'request.chair-decided' : 'request.voted', noteId },
    );
    return { kind: 'done' };
  });
  setHandler(requestNewsSignal, (news) => {
    toTell.push(news);
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
  written = current;
  await Promise.all([decide(), bringCards(), attachBackTest()]);
  await condition(allHandlersFinished);

  async function decide(): Promise<void> {
    await collectVotes();
    await settle(await loaded());
    if (patched('rivals')) await attempt(tellRivals);
  }

  /** Who asked for what cannot come true any more, or can again, hears at once and not only after the vote. */
  async function tellRivals(): Promise<void> {
    for (const told of await tellRivalsOf(input)) {
      await remind({
        subject: { kind: 'request', id: told.requestId },
        purpose: `rival-${told.messageId}`,
        personCodes: [told.requesterCode],
      });
    }
  }

  /** The figures of a rule come to the cards when they are there; the vote does not wait for them. */
  async function attachBackTest(): Promise<void> {
    if (!patched('back-test')) return;
    await attempt(async () => {
      hasFigures = await backTestRequest({ requestId: input.requestId });
    });
  }

  /** Keeps the cards current beside the vote, so that a chat platform that is down holds up no deadline. */
  async function bringCards(): Promise<void> {
    let shown: RequestProgress | null = null;
    for (;;) {
      await condition(() => written !== shown || toTell.length > 0 || hasFigures);
      const news = toTell.shift();
      if (news !== undefined) {
        await attempt(() => remind({ subject, ...news }));
        continue;
      }
      shown = written;
      hasFigures = false;
      await attempt(() => deliver({ subject }));
      const isOver = shown?.state.kind !== 'voting' && shown?.state.kind !== 'applying';
      if (isOver && written === shown) return;
    }
  }

  async function loaded(): Promise<RequestProgress> {
    await condition(() => current !== null);
    if (current === null) throw new Error('The request was not read.');
    return current;
  }

  async function move(
    before: RequestProgress,
    change: Partial<Pick<RequestProgress, 'state' | 'votes' | 'dueAtMs'>>,
    record: { readonly by: By; readonly action: string; readonly noteId?: number | null },
  ): Promise<RequestProgress> {
    const next = { ...before, ...change, version: before.version + 1 };
    current = next;
    const state = before.state;
    await inTurn(() =>
      projectRequestState({ request: next, before: state, noteId: null, ...record }),
    );
    written = next;
    return next;
  }

  /** Until the votes decide, the requester withdraws, or the time is over. */
  async function collectVotes(): Promise<void> {
    let hasReminded = false;
    for (;;) {
      const shown = await loaded();
      if (shown.state.kind !== 'voting' || verdictOn(shown) !== 'open') return;
      const isOver = Date.now() >= shown.dueAtMs;
      const turn = chairsTurn(shown, isOver);
      if (turn !== null) {
        await askChair(shown, turn);
        hasReminded = true;
        continue;
      }
      if (isOver) return;
      const wakeAtMs = hasReminded ? shown.dueAtMs : remindAtMs(shown);
      const hasChanged = await condition(
        () => current?.version !== shown.version,
        Math.max(1, wakeAtMs - Date.now()),
      );
      if (!hasChanged && !hasReminded) {
        hasReminded = true;
        await attempt(() => remindSilent(shown));
      }
    }
  }

  /** What the members could not decide is the chair's, until a deadline of its own. */
  async function askChair(shown: RequestProgress, chair: 'tie' | 'time-out'): Promise<void> {
    const { terms } = shown;
    const withinMs = terms?.chair?.withinMs ?? 0;
    await move(
      shown,
      { state: { kind: 'voting', chair }, dueAtMs: Date.now() + withinMs },
      { by: system, action: 'request.chair-asked' },
    );
    const personCodes =
      terms?.chair === undefined || terms.chair === null ? [] : [terms.chair.code];
    await attempt(() => remind({ subject, purpose: 'reminder-vote', personCodes }));
  }

  async function remindSilent(shown: RequestProgress): Promise<void> {
    const voted = new Set(shown.votes.map((cast) => cast.inPlaceOf ?? cast.by));
    const personCodes = seatsOf(shown)
      .filter((seat) => !seat.personCodes.some((code) => voted.has(code)))
      .flatMap((seat) => seat.personCodes);
    await remind({ subject, purpose: 'reminder-vote', personCodes });
  }

  async function settle(decided: RequestProgress): Promise<void> {
    if (decided.state.kind !== 'voting') return;
    const result = verdictOn(decided);
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
      await applyApproved(applying);
    } else {
      const isChairs = decided.state.chair !== undefined;
      const reason = isChairs ? 'chair' : result === 'vetoed' ? 'veto' : 'votes';
      await move(
        decided,
        { state: { kind: 'rejected', atMs, reason } },
        { by: system, action: 'request.rejected' },
      );
    }
  }

  async function applyApproved(applying: RequestProgress): Promise<void> {
    const state = await applied(applying.id);
    await move(applying, { state }, { by: system, action: `request.${state.kind}` });
  }
}

function verdictOn(progress: RequestProgress): Verdict {
  return verdict(progress, { deputiesVeto: patched('deputy-veto') });
}

type AppliedState = Extract<RequestState, { kind: 'applied' | 'failed' }>;

/** Carries out what was approved, unless what is there now refuses it. */
async function applied(requestId: number): Promise<AppliedState> {
  try {
    if (patched('recheck')) await recheckRequest({ requestId });
    const left = await applyRequest({ requestId });
    if (left.kind === 'retag') await retag(left.fixId);
    if (left.kind === 'items') return await appliedItems(requestId, left.count);
    return { kind: 'applied', atMs: Date.now() };
  } catch (error) {
    const failure = whyNotApplied(error);
    if (failure === null) throw error;
    return { kind: 'failed', atMs: Date.now(), ...failure };
  }
}

/** Each by itself, in its turn: what one of them cannot do holds up none of the others. */
async function appliedItems(requestId: number, count: number): Promise<AppliedState> {
  let some = false;
  for (let index = 0; index < count; index += 1) {
    const item = await beginBatchItem({ requestId, index });
    const state = item.state.kind === 'applying' ? await applied(item.id) : item.state;
    some = some || state.kind === 'applied';
    await projectRequestState({
      request: { ...item, state, version: item.version + 1 },
      before: item.state,
      noteId: null,
      by: system,
      action: `request.item-${state.kind}`,
    });
  }
  const atMs = Date.now();
  if (some) return { kind: 'applied', atMs };
  const why = { kind: 'no-item-applied' } as const;
  return { kind: 'failed', atMs, detail: 'None of its items could be applied.', why };
}

/** What delivery gave up is written down there, with the reason; the vote goes on. */
async function attempt(bring: () => Promise<void>): Promise<void> {
  try {
    await bring();
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    log.warn('A step beside the vote failed.', { cause: rootCause(error) });
  }
}

/**
 * Writes the planned change to every customer, then looks again at exactly those. Whom a source does not take stays as
 * they are, and the outcome says why.
 */
async function retag(fixId: number): Promise<void> {
  try {
    await writeFix({ fixId });
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    await giveUpFix({ fixId, why: whyNotWritten(error) });
  }
  await rescan({ kind: 'fix', fixId });
}

function remindAtMs({ createdAtMs, dueAtMs }: RequestProgress): number {
  return createdAtMs + (dueAtMs - createdAtMs) * reminderFraction;
}

/** What the activity said where applying can never succeed; null for anything else. */
function whyNotApplied(
  error: unknown,
): { readonly detail: string; readonly why?: NotApplied } | null {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'RequestCannotBeApplied') {
    return null;
  }
  // What the activity gave along; a failure that an older worker wrote has none.
  const why = cause.details?.[0] as NotApplied | undefined;
  return { detail: cause.message, ...(why === undefined ? {} : { why }) };
}
