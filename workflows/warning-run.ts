import { defineSearchAttributeKey } from '@temporalio/common';
import { proxyActivities, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { WarningActivities } from '../activities/warning.ts';
import { transition, type Transition, type Warning, type WarningEvent } from '../domain/warning.ts';
import { databaseOptions } from './activity-options.ts';
import { createTurns } from './in-turn.ts';
import { searchAttributeNames, type CarriedWarning, type WarningInput } from './messages.ts';
import { completeCarried, completeWarning, newClaimExpiry } from './stored-warning.ts';
import { silent, type Words } from './warning-acts.ts';
import { renewsClaim } from './warning-clock.ts';
import { tellingAfter, toldNow } from './warning-telling.ts';

const { readWarning, projectWarning } = proxyActivities<WarningActivities>(databaseOptions);

/** A warning may live for a year: its history starts afresh after this many events. */
const historyEventsMax = 1_000;

const severityKey = defineSearchAttributeKey(searchAttributeNames.severity, 'KEYWORD');
const ownerKey = defineSearchAttributeKey(searchAttributeNames.owner, 'KEYWORD');
const stateKey = defineSearchAttributeKey(searchAttributeNames.state, 'KEYWORD');

/** What the parts of one run of a warning share: its state, and the turns in which it changes. */
export interface WarningRun {
  /** One after another, in the order they came. */
  readonly inTurn: ReturnType<typeof createTurns>;
  /** Null until the warning was read. */
  readonly held: () => CarriedWarning | null;
  readonly begin: () => Promise<void>;
  readonly current: () => CarriedWarning;
  readonly change: (part: Partial<CarriedWarning>) => void;
  /** Only in turn. Moves the warning on and writes it down; every caller of this sees the state it left. */
  readonly apply: (event: WarningEvent, words?: Words) => Promise<Transition>;
  readonly isClosed: () => boolean;
  /**
   * Whether this run comes to its end: the warning is closed, or its history is long enough and nothing is under
   * way. Nothing is begun any more then.
   */
  readonly isEnding: () => boolean;
  readonly isBringing: () => boolean;
  readonly whileUnderWay: <T>(work: () => Promise<T>) => Promise<T>;
}

export function createWarningRun(input: WarningInput): WarningRun {
  let held: CarriedWarning | null = completeCarried(input.carried, Date.now());
  let underWay = 0;

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

  return {
    inTurn: createTurns(),
    held: () => held,
    async begin() {
      if (held === null) held = await read(input.warningId);
      show(current().warning);
    },
    current,
    change,
    async apply(event, words = silent) {
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
    },
    isClosed,
    isEnding() {
      const { continueAsNewSuggested, historyLength } = workflowInfo();
      const isLong = continueAsNewSuggested || historyLength > historyEventsMax;
      return isClosed() || (isLong && underWay === 0);
    },
    isBringing: () => underWay > 0 || current().isDeliveryDue,
    async whileUnderWay(work) {
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
      }
    },
  };
}

async function read(warningId: number): Promise<CarriedWarning> {
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

/** For an engineer who looks into the Temporal UI. */
function show({ severity, ownerCode, state }: Warning): void {
  upsertSearchAttributes([
    { key: severityKey, value: severity },
    { key: ownerKey, value: ownerCode },
    { key: stateKey, value: state.kind },
  ]);
}
