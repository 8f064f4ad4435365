import {
  ActivityFailure,
  condition,
  isCancellation,
  log,
  proxyActivities,
  rootCause,
} from '@temporalio/workflow';
import type { AutomaticFixActivities } from '../activities/automatic-fix.ts';
import type { FixActivities } from '../activities/fix.ts';
import type { ScanActivities } from '../activities/scan.ts';
import type { WarningActivities } from '../activities/warning.ts';
import { automaticActor } from '../domain/automatic-fix.ts';
import { transition, type Warning, type WarningEvent } from '../domain/warning.ts';
import {
  databaseOptions,
  dryRunOptions,
  fixWritingOptions,
  verifyingOptions,
} from './activity-options.ts';
import { whyNotWritten } from './failure-words.ts';
import type { By, WarningUpdate } from './messages.ts';
import type { WarningRun } from './warning-run.ts';

const { recordFix } = proxyActivities<WarningActivities>(databaseOptions);
const { giveUpFix } = proxyActivities<FixActivities>(databaseOptions);
const { tryAutomaticFix } = proxyActivities<AutomaticFixActivities>(dryRunOptions);
const { planFix, writeFix } = proxyActivities<FixActivities>(fixWritingOptions);
const { rescan } = proxyActivities<ScanActivities>(verifyingOptions);

/** Writes and verifies the fixes of one warning, people's and those that its rule makes by itself. */
export function createFixer(run: WarningRun) {
  const { current, change, apply } = run;
  /** The rule is to try by itself, or is at it. */
  let isAutomaticDue = false;

  /** Writes and verifies the fix that the state names, as often as the state names one. */
  async function workOnFix(): Promise<void> {
    for (;;) {
      await condition(() => run.isEnding() || isBusy(current().warning) || isAutomaticDue);
      if (run.isEnding()) return;
      if (!isBusy(current().warning)) {
        await run.whileUnderWay(fixByItself);
        continue;
      }
      const { state } = current().warning;
      if (state.kind === 'fixing') await run.whileUnderWay(() => write(state.fixId));
      else await run.whileUnderWay(verify);
    }
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

  /** Only where nobody has taken it: whoever has decides. */
  function mayFixItself(): boolean {
    const { warning: now, plan: planned } = current();
    return planned.mayFixItself === true && now.state.kind === 'open';
  }

  async function fixByItself(): Promise<void> {
    try {
      const { decision } = await tryAutomaticFix({ warningId: current().warning.id });
      change({ isDeliveryDue: true });
      if (decision === 'fix') await run.inTurn(beginAutomaticFix);
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
    await run.inTurn(() => apply({ kind: 'fix-written' }));
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
    await run.inTurn(() => apply({ kind: 'verified', customers: left }));
  }

  return {
    workOnFix,
    fixEvent,
    /** The rule tries by itself where it may. */
    considerAutomaticFix: () => {
      if (mayFixItself()) isAutomaticDue = true;
    },
    isTryingByItself: () => isAutomaticDue,
  };
}

function isBusy({ state }: Warning): boolean {
  return state.kind === 'fixing' || state.kind === 'verifying';
}
