import { defineSearchAttributeKey } from '@temporalio/common';
import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  patched,
  proxyActivities,
  rootCause,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { AssessmentActivities } from '../activities/assessment.ts';
import type { AutomaticFixActivities } from '../activities/automatic-fix.ts';
import type { DeadlineActivities, PlanMode } from '../activities/deadlines.ts';
import type { DeliveryActivities } from '../activities/delivery.ts';
import type { FixActivities } from '../activities/fix.ts';
import type { ScanActivities } from '../activities/scan.ts';
import type { WarningActivities } from '../activities/warning.ts';
import type { PointCause } from '../domain/assessment.ts';
import { missedDeadlines, pastDeadlines } from '../domain/deadline.ts';
import { automaticActor } from '../domain/automatic-fix.ts';
import { dueLevel, takeSteps } from '../domain/escalation.ts';
import { transition, type Transition, type Warning, type WarningEvent } from '../domain/warning.ts';
import {
  databaseOptions,
  deliveryOptions,
  dryRunOptions,
  fixWritingOptions,
  verifyingOptions,
} from './activity-options.ts';
import { whyNotWritten } from './failure-words.ts';
import { createTurns } from './in-turn.ts';
import {
  findingsChangedSignal,
  lookAgainSignal,
  searchAttributeNames,
  warningUpdate,
  type By,
  type CarriedWarning,
  type ReminderPurpose,
  type UpdateResult,
  type WarningInput,
  type WarningMessage,
  type WarningUpdate,
} from './messages.ts';
import {
  chainOf,
  completeCarried,
  completePlan,
  completeWarning,
  newClaimExpiry,
} from './stored-warning.ts';
import { eventOf, nextStepFor, silent, validate, wordsOf, type Words } from './warning-acts.ts';
import { nextTellingAtMs, tellingAfter, tellingPurpose, toldNow } from './warning-telling.ts';
import {
  movedReminders,
  nextClaimStepAtMs,
  nextDeadlineAtMs,
  nextInstant,
  pastCount,
  remindedCodes,
  reminderPurpose,
  renewsClaim,
} from './warning-clock.ts';

const { readWarning, projectWarning, recordFix } =
  proxyActivities<WarningActivities>(databaseOptions);
const { planDeadlines, planClaimExpiry, planTelling } =
  proxyActivities<DeadlineActivities>(databaseOptions);
const { countPoints } = proxyActivities<AssessmentActivities>(databaseOptions);
const { giveUpFix } = proxyActivities<FixActivities>(databaseOptions);
const { tryAutomaticFix } = proxyActivities<AutomaticFixActivities>(dryRunOptions);
const { deliver, remind } = proxyActivities<DeliveryActivities>(deliveryOptions);
const { planFix, writeFix } = proxyActivities<FixActivities>(fixWritingOptions);
const { rescan } = proxyActivities<ScanActivities>(verifyingOptions);

/** A warning may live for a year: its history starts afresh after this many events. */
const historyEventsMax = 1_000;

const severityKey = defineSearchAttributeKey(searchAttributeNames.severity, 'KEYWORD');
const ownerKey = defineSearchAttributeKey(searchAttributeNames.owner, 'KEYWORD');
const stateKey = defineSearchAttributeKey(searchAttributeNames.state, 'KEYWORD');

/**
 * The life of one warning. Four things go on side by side: people's Updates and scans' signals change its state,
 * one at a time; a clock escalates and reminds; a worker writes and verifies the fix that the state names;
 * a messenger brings the state to the cards. So a chat platform that is down holds up no deadline, and a source
 * that is down holds up no click.
 */
export async function warning(input: WarningInput): Promise<void> {
  const inTurn = createTurns();
  /** Runs that began before these were there end without; the next run has them. */
  const isAssessed = patched('assessment');
  const claimsRunOut = patched('claim-expiry');
  const tellsAnew = patched('telling');
  let held: CarriedWarning | null = completeCarried(input.carried, Date.now());
  let successorId: number | null = null;
  let newestCustomers: number | null = null;
  let isLookDue = false;
  /** The rule is to try by itself, or is at it. */
  let isAutomaticDue = false;
  let underWay = 0;

  setHandler(
    warningUpdate,
    async (message) => {
      await condition(() => held !== null);
      return inTurn(() => act(message));
    },
    { validator: (message) => validate(message, held) },
  );
  setHandler(findingsChangedSignal, async (news) => {
    // A warning that opened while this one was closing; it has the same workflow id and needs the next run.
    if (news.warningId !== input.warningId) {
      successorId = news.warningId;
      return;
    }
    newestCustomers = news.customers;
    await condition(() => held !== null);
    await inTurn(takeNews);
  });
  setHandler(lookAgainSignal, () => {
    isLookDue = true;
  });

  if (held === null) held = await begin(input.warningId);
  show(current().warning);
  if (input.carried === undefined && !isClosed()) {
    await inTurn(async () => {
      await plan('begin');
      if (isAssessed && current().warning.recurrences > 0) await count('recurred');
    });
  }
  isAutomaticDue = input.carried === undefined && mayFixItself();

  const messenger = new CancellationScope();
  await Promise.all([
    keepTime(),
    workOnFix(),
    messenger.run(bringCards),
    messenger.run(() => bringCardOf(input.predecessorId)),
    makeRoom(),
  ]);
  await condition(allHandlersFinished);
  if (!isClosed()) {
    await continueAsNew<typeof warning>({ warningId: input.warningId, carried: current() });
  }
  if (successorId !== null) {
    const predecessor = current().isDeliveryDue ? { predecessorId: input.warningId } : {};
    await continueAsNew<typeof warning>({ warningId: successorId, ...predecessor });
  }

  function current(): CarriedWarning {
    if (held === null) throw new Error(`Warning ${input.warningId} is not loaded.`);
    return held;
  }

  function change(part: Partial<CarriedWarning>): void {
    held = { ...current(), ...part };
  }

  function isClosed(): boolean {
    return current().warning.state.kind === 'closed';
  }

  /**
   * Whether this run comes to its end: the warning is closed, or its history is long enough and nothing is under
   * way. Once true it stays true, since nothing is begun any more.
   */
  function isEnding(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    const isLong = continueAsNewSuggested || historyLength > historyEventsMax;
    return isClosed() || (isLong && underWay === 0);
  }

  async function whileUnderWay<T>(work: () => Promise<T>): Promise<T> {
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  }

  /** Only in turn. Moves the warning on and writes it down; every caller of this sees the state it left. */
  async function apply(event: WarningEvent, words: Words = silent): Promise<Transition> {
    const before = current().warning;
    const answer = transition(before, event, Date.now());
    if (answer.kind !== 'accepted') return answer;
    await projectWarning({ before, after: answer.warning, event: event.kind, ...words });
    const nowMs = Date.now();
    change({
      warning: answer.warning,
      isDeliveryDue: true,
      ...(renewsClaim(event) ? { claimExpiry: newClaimExpiry(answer.warning, nowMs) } : {}),
      telling: tellingAfter(current().telling, {
        before,
        after: answer.warning,
        event: event.kind,
        nowMs,
        firstCardAtMs: current().plan.firstCardAtMs ?? 0,
      }),
    });
    show(answer.warning);
    return answer;
  }

  async function act({ by, update }: WarningMessage): Promise<UpdateResult> {
    const event =
      update.kind === 'fix'
        ? await fixEvent(by, update)
        : eventOf(by, update, { ...current().plan, next: nextStepFor(by, current()) });
    const answer = await apply(event, wordsOf(by, update));
    if (answer.kind === 'refused') return answer;
    if (answer.kind === 'accepted' && event.kind === 'reassigned') await plan('reassigned');
    const { warning: now } = current();
    return { kind: answer.kind === 'accepted' ? 'done' : 'unchanged', warning: now };
  }

  /** The fix is recorded before the state can name it; one that may not begin is not recorded. */
  async function fixEvent(
    by: By,
    update: Extract<WarningUpdate, { kind: 'fix' }>,
  ): Promise<WarningEvent> {
    const { warning: now } = current();
    const wanted = { kind: 'fix-started', by: by.personCode, fixId: 0 } as const;
    if (transition(now, wanted, Date.now()).kind === 'refused') return wanted;
    const { fixId } = await recordFix({
      warningId: now.id,
      planKey: `warning/${now.id}/${now.version}`,
      choice: update.choice,
      requestedBy: by.personCode,
    });
    return { ...wanted, fixId };
  }

  async function takeNews(): Promise<void> {
    if (newestCustomers === null) return;
    const customers = newestCustomers;
    newestCustomers = null;
    const answer = await apply({ kind: 'findings-changed', customers });
    if (answer.kind === 'accepted' && mayFixItself()) isAutomaticDue = true;
  }

  /** Works out who is responsible and until when; an owner who left is replaced by the second line at once. */
  async function plan(why: 'begin' | 'reassigned' | 'look'): Promise<void> {
    const { warning: now } = current();
    const answer = await planDeadlines({ warningId: now.id, mode: planMode(why, now) });
    const next = completePlan(answer);
    const isNewTurn = why === 'reassigned';
    change({
      plan: why === 'look' ? { ...next, ...movedReminders(current(), next) } : next,
      isDeliveryDue: true,
      ...(isNewTurn
        ? {
            remindersPast: { ...current().remindersPast, claim: 0 },
            deadlinesPast: current().deadlinesPast.filter((deadline) => deadline !== 'claim'),
          }
        : {}),
    });
    await apply({
      kind: 'planned',
      secondLineCode: next.secondLineCode,
      managerCode: next.managerCode,
      claimDueAtMs: next.claimDueAtMs,
      closeDueAtMs: next.closeDueAtMs,
      pause: next.pause,
    });
    if (next.rerouted !== null) await apply({ kind: 'rerouted', escalations: next.rerouted });
    if (next.handOverTo !== null) {
      const handOver = await apply({ kind: 'handed-over', to: next.handOverTo });
      if (handOver.kind === 'accepted') await plan('look');
    } else if (next.ownerHasLeft) {
      await escalateTo(1);
    }
  }

  async function escalateTo(level: number): Promise<void> {
    const { warning: now } = current();
    if (level <= now.level) return;
    const escalations = takeSteps(now, chainOf(current()), { level, atMs: Date.now() });
    await apply({ kind: 'escalated', level, escalations });
  }

  function wakesAtMs(): number {
    return Math.min(
      nextInstant(current()),
      isAssessed ? nextDeadlineAtMs(current()) : Infinity,
      claimsRunOut ? nextClaimStepAtMs(current()) : Infinity,
      tellsAnew ? nextTellingAtMs(current()) : Infinity,
    );
  }

  async function keepTime(): Promise<void> {
    while (!isEnding()) {
      const wakeAtMs = wakesAtMs();
      const waitMs = Math.max(0, wakeAtMs - Date.now());
      const isOvertaken = () => isEnding() || isLookDue || wakesAtMs() !== wakeAtMs;
      if (waitMs > 0) await condition(isOvertaken, waitMs);
      if (!isEnding()) await inTurn(tick);
    }
  }

  /** Does whatever is due by now. Escalation goes on while a warning is snoozed; reminders wait for its end. */
  async function tick(): Promise<void> {
    const nowMs = Date.now();
    const { warning: now, plan: planned } = current();
    if (now.state.kind === 'closed') return;
    if (now.snoozedUntilMs !== null && now.snoozedUntilMs <= nowMs) await wake();
    if (isAssessed) await countMissed(nowMs);
    if (claimsRunOut) await watchClaim(nowMs);
    await escalateTo(dueLevel(current().warning, chainOf(current()), nowMs));
    takeReminders(nowMs);
    if (tellsAnew) await tellAnew(nowMs);
    if (isLookDue || planned.lookAgainAtMs <= nowMs) {
      isLookDue = false;
      await plan('look');
    }
  }

  /** Before the escalation that follows: whoever has it now is whoever missed it. */
  async function countMissed(nowMs: number): Promise<void> {
    for (const deadline of pastDeadlines(current().warning, nowMs)) {
      if (current().deadlinesPast.includes(deadline)) continue;
      if (missedDeadlines(current().warning, nowMs).includes(deadline)) {
        await count(deadline === 'claim' ? 'claim-missed' : 'close-missed');
      }
      change({ deadlinesPast: [...current().deadlinesPast, deadline] });
    }
  }

  /** Asks a claimer of whom nothing was heard for long, and takes the claim of one who does not answer. */
  async function watchClaim(nowMs: number): Promise<void> {
    const { warning: now, claimExpiry: expiry } = current();
    if (now.state.kind !== 'claimed' || expiry.kind === 'none') return;
    if (expiry.kind === 'to-plan') {
      const claim = { warningId: now.id, claimerCode: now.state.by, fromMs: expiry.fromMs };
      const planned = await planClaimExpiry(claim);
      change({
        claimExpiry: planned === null ? { kind: 'none' } : { kind: 'planned', ...planned },
      });
    } else if (now.state.answerByMs === undefined && expiry.askAtMs <= nowMs) {
      const answerByMs = nowMs + expiry.releaseAtMs - expiry.askAtMs;
      await apply({
        kind: 'claim-asked',
        answerByMs: Math.max(expiry.releaseAtMs, answerByMs),
      });
      const purpose = reminderPurpose('still', current().warning.version);
      change({ remindersToSend: [...current().remindersToSend, purpose] });
    } else if (now.state.answerByMs !== undefined && now.state.answerByMs <= nowMs) {
      await apply({ kind: 'claim-expired' });
      change({ claimExpiry: { kind: 'none' } });
    }
  }

  async function count(cause: PointCause): Promise<void> {
    const { id: warningId, state, ownerCode, openedAtMs, ...due } = current().warning;
    const instants = {
      'claim-missed': due.claimDueAtMs,
      'close-missed': due.closeDueAtMs,
      recurred: openedAtMs,
    };
    const claimer = 'by' in state ? state.by : null;
    const responsibleCode = claimer ?? ownerCode;
    await countPoints({ warningId, cause, atMs: instants[cause], responsibleCode });
  }

  async function wake(): Promise<void> {
    await apply({ kind: 'woke' });
    const { heldReminder, remindersToSend } = current();
    if (heldReminder === null) return;
    change({ heldReminder: null, remindersToSend: [...remindersToSend, heldReminder] });
    rememberTold();
  }

  function rememberTold(): void {
    const { warning: now, telling } = current();
    change({ telling: toldNow(now, telling.times, Date.now()) });
  }

  /** More customers since people last heard of it, or nothing new and still nobody has taken it. */
  async function tellAnew(nowMs: number): Promise<void> {
    if (nextTellingAtMs(current()) > nowMs) return;
    const { warning: now, telling, remindersToSend } = current();
    if (telling.next === null) {
      const next = await planTelling({ warningId: now.id, fromMs: telling.atMs });
      change({ telling: { ...current().telling, next } });
      return;
    }
    const purpose = tellingPurpose(current());
    const isRepeat = now.customers <= telling.customers;
    change({
      remindersToSend: [...remindersToSend, purpose],
      telling: toldNow(now, telling.times + (isRepeat ? 1 : 0), nowMs),
    });
  }

  /** Of several reminders that came due together only the last is sent. */
  function takeReminders(nowMs: number): void {
    const { warning: now, plan: planned, remindersPast, remindersToSend } = current();
    const claim = pastCount(planned.claimReminderAtMs, nowMs);
    const close = pastCount(planned.closeReminderAtMs, nowMs);
    const isClaimNews = claim > remindersPast.claim && now.state.kind === 'open';
    const isCloseNews = close > remindersPast.close && now.closeDueAtMs > nowMs;
    const purpose: ReminderPurpose | null = isClaimNews
      ? reminderPurpose('claim', claim)
      : isCloseNews
        ? reminderPurpose('close', close)
        : null;
    change({ remindersPast: { claim, close } });
    if (purpose === null) return;
    if (now.snoozedUntilMs !== null) {
      change({ heldReminder: purpose });
      return;
    }
    change({ remindersToSend: [...remindersToSend, purpose] });
    rememberTold();
  }

  /** Writes and verifies the fix that the state names, as often as the state names one. */
  async function workOnFix(): Promise<void> {
    for (;;) {
      await condition(() => isEnding() || isBusy(current().warning) || isAutomaticDue);
      if (isEnding()) return;
      if (!isBusy(current().warning)) {
        await whileUnderWay(fixByItself);
        continue;
      }
      const { state } = current().warning;
      if (state.kind === 'fixing') await whileUnderWay(() => write(state.fixId));
      else await whileUnderWay(verify);
    }
  }

  /** Only where nobody has taken it: whoever has decides. */
  function mayFixItself(): boolean {
    const { warning: now, plan: planned } = current();
    return planned.mayFixItself === true && now.state.kind === 'open';
  }

  async function fixByItself(): Promise<void> {
    try {
      const { decision } = await tryAutomaticFix({ warningId: current().warning.id });
      change({ isDeliveryDue: true });
      if (decision === 'fix') await inTurn(beginAutomaticFix);
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      log.warn('A rule could not try by itself.', { why: rootCause(error) });
    } finally {
      isAutomaticDue = false;
    }
  }

  async function beginAutomaticFix(): Promise<void> {
    if (!mayFixItself()) return;
    const { id: warningId, version } = current().warning;
    const { fixId } = await recordFix({
      warningId,
      planKey: `warning/${warningId}/${version}`,
      choice: { kind: 'recommended' },
      requestedBy: automaticActor,
    });
    await apply({ kind: 'fix-started', by: automaticActor, fixId });
  }

  async function write(fixId: number): Promise<void> {
    try {
      await planFix({ fixId });
      await writeFix({ fixId });
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      await giveUpFix({ fixId, why: whyNotWritten(error) });
    }
    await inTurn(() => apply({ kind: 'fix-written' }));
  }

  /** Where the source cannot be asked until an admin acts, the warning goes back as it was. */
  async function verify(): Promise<void> {
    const { warning: now } = current();
    let left = now.customers;
    try {
      ({ customers: left } = await rescan({ kind: 'warning', warningId: now.id }));
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      log.warn('A fix could not be verified.', { warningId: now.id, why: rootCause(error) });
      left = Math.max(left, 1);
    }
    await inTurn(() => apply({ kind: 'verified', customers: left }));
  }

  /** Cards first, then reminders. What a platform refused for hours is given up until the next change. */
  async function bringCards(): Promise<void> {
    const isIdle = () => !current().isDeliveryDue && current().remindersToSend.length === 0;
    try {
      for (;;) {
        await condition(() => isEnding() || !isIdle());
        if (isIdle() || (isEnding() && !isClosed())) return;
        await waitForFirstCard();
        await whileUnderWay(bringNext);
      }
    } catch (error) {
      if (!isCancellation(error)) throw error;
      change({ isDeliveryDue: true });
    }
  }

  /** What is over before its first card is due is never sent; what somebody takes from the console goes out at once. */
  async function waitForFirstCard(): Promise<void> {
    await condition(() => isEnding() || !isAutomaticDue);
    const waitMs = (current().plan.firstCardAtMs ?? 0) - Date.now();
    const isTaken = () => isEnding() || current().warning.state.kind !== 'open';
    if (waitMs > 0) await condition(isTaken, waitMs);
  }

  async function bringNext(): Promise<void> {
    const { isDeliveryDue, remindersToSend } = current();
    const [purpose, ...later] = remindersToSend;
    if (isDeliveryDue) {
      change({ isDeliveryDue: false });
      await tryTo(() => deliver({ subject: subjectOf(input.warningId) }));
    } else if (purpose !== undefined) {
      change({ remindersToSend: later });
      if (isClosed()) return;
      const personCodes = remindedCodes(current());
      await tryTo(() => remind({ subject: subjectOf(input.warningId), purpose, personCodes }));
    }
  }

  /** A closed warning whose platform is down does not keep the next one waiting; that one brings its last card. */
  async function makeRoom(): Promise<void> {
    const isBringing = () => underWay > 0 || current().isDeliveryDue;
    await condition(isEnding);
    if (!isClosed()) return;
    await condition(() => successorId !== null || !isBringing());
    if (isBringing()) messenger.cancel();
  }

  /** The last card of the warning that ended in this workflow before. */
  async function bringCardOf(warningId: number | undefined): Promise<void> {
    if (warningId === undefined) return;
    try {
      await whileUnderWay(() => tryTo(() => deliver({ subject: subjectOf(warningId) })));
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
  }
}

function subjectOf(id: number) {
  return { kind: 'warning', id } as const;
}

async function begin(warningId: number): Promise<CarriedWarning> {
  const opened = completeWarning(await readWarning({ warningId }));
  return {
    warning: opened,
    plan: {
      secondLineCode: opened.secondLineCode,
      managerCode: opened.managerCode,
      claimDueAtMs: opened.claimDueAtMs,
      closeDueAtMs: opened.closeDueAtMs,
      pause: opened.pause,
      claimReminderAtMs: [],
      closeReminderAtMs: [],
      ownerHasLeft: false,
      standInCode: null,
      lookAgainAtMs: Number.MAX_SAFE_INTEGER,
      rerouted: null,
      handOverTo: null,
      snoozeTimesMax: 0,
    },
    deadlinesPast: [],
    claimExpiry: newClaimExpiry(opened, Date.now()),
    telling: toldNow(opened, 0, Date.now()),
    remindersPast: { claim: 0, close: 0 },
    heldReminder: null,
    remindersToSend: [],
    isDeliveryDue: true,
  };
}

/** Deadlines are made once; a workflow that was lost and started again keeps those that people saw. */
function planMode(why: 'begin' | 'reassigned' | 'look', opened: Warning): PlanMode {
  if (why === 'reassigned') return 'reassigned';
  return why === 'begin' && opened.version === 1 ? 'new' : 'keep';
}

function isBusy({ state }: Warning): boolean {
  return state.kind === 'fixing' || state.kind === 'verifying';
}

/** For an engineer who looks into the Temporal UI. */
function show({ severity, ownerCode, state }: Warning): void {
  upsertSearchAttributes([
    { key: severityKey, value: severity },
    { key: ownerKey, value: ownerCode },
    { key: stateKey, value: state.kind },
  ]);
}

async function tryTo(bring: () => Promise<void>): Promise<void> {
  try {
    await bring();
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    log.warn('A card could not be brought.', { why: rootCause(error) });
  }
}
