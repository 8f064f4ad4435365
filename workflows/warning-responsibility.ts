import { proxyActivities } from '@temporalio/workflow';
import type { AssessmentActivities } from '../activities/assessment.ts';
import type { DeadlineActivities, PlanMode } from '../activities/deadlines.ts';
import type { PointCause } from '../domain/assessment.ts';
import { takeSteps } from '../domain/escalation.ts';
import type { Warning } from '../domain/warning.ts';
import { databaseOptions } from './activity-options.ts';
import { chainOf, completePlan } from './stored-warning.ts';
import { movedReminders } from './warning-clock.ts';
import type { WarningRun } from './warning-run.ts';

const { planDeadlines } = proxyActivities<DeadlineActivities>(databaseOptions);
const { countPoints } = proxyActivities<AssessmentActivities>(databaseOptions);

export type WhyPlanned = 'begin' | 'reassigned' | 'look';

/** Works out who is responsible and until when; an owner who left is replaced by the second line at once. */
export async function planWarning(run: WarningRun, why: WhyPlanned): Promise<void> {
  const { warning: now } = run.current();
  const answer = await planDeadlines({ warningId: now.id, mode: planMode(why, now) });
  const next = completePlan(answer);
  const isNewTurn = why === 'reassigned';
  run.change({
    plan: why === 'look' ? { ...next, ...movedReminders(run.current(), next) } : next,
    isDeliveryDue: true,
    ...(isNewTurn
      ? {
          remindersPast: { ...run.current().remindersPast, claim: 0 },
          deadlinesPast: run.current().deadlinesPast.filter((deadline) => deadline !== 'claim'),
        }
      : {}),
  });
  await run.apply({
    kind: 'planned',
    secondLineCode: next.secondLineCode,
    managerCode: next.managerCode,
    claimDueAtMs: next.claimDueAtMs,
    closeDueAtMs: next.closeDueAtMs,
    pause: next.pause,
  });
  if (next.rerouted !== null) await run.apply({ kind: 'rerouted', escalations: next.rerouted });
  if (next.handOverTo !== null) {
    const handOver = await run.apply({ kind: 'handed-over', to: next.handOverTo });
    if (handOver.kind === 'accepted') await planWarning(run, 'look');
  } else if (next.ownerHasLeft) {
    await escalateTo(run, 1);
  }
}

/** Deadlines are made once; a workflow that was lost and started again keeps those that people saw. */
function planMode(why: WhyPlanned, opened: Warning): PlanMode {
  if (why === 'reassigned') return 'reassigned';
  return why === 'begin' && opened.version === 1 ? 'new' : 'keep';
}

/** Takes the steps of the chain up to a level; harmless where they were taken. */
export async function escalateTo(run: WarningRun, level: number): Promise<void> {
  const { warning: now } = run.current();
  if (level <= now.level) return;
  const escalations = takeSteps(now, chainOf(run.current()), { level, atMs: Date.now() });
  await run.apply({ kind: 'escalated', level, escalations });
}

/** Points of the assessment, for whoever has the warning now. */
export async function countAgainst(run: WarningRun, cause: PointCause): Promise<void> {
  const { id: warningId, state, ownerCode, openedAtMs, ...due } = run.current().warning;
  const instants = {
    'claim-missed': due.claimDueAtMs,
    'close-missed': due.closeDueAtMs,
    recurred: openedAtMs,
  };
  const claimer = 'by' in state ? state.by : null;
  const responsibleCode = claimer ?? ownerCode;
  await countPoints({ warningId, cause, atMs: instants[cause], responsibleCode });
}
