import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  log,
  ParentClosePolicy,
  proxyActivities,
  rootCause,
} from '@temporalio/workflow';
import type { DeliveryActivities } from '../activities/delivery.ts';
import type { FixActivities } from '../activities/fix.ts';
import type { ScanActivities } from '../activities/scan.ts';
import {
  databaseOptions,
  deliveryOptions,
  fixWritingOptions,
  verifyingOptions,
} from './activity-options.ts';
import { whyNotWritten } from './failure-words.ts';
import { undoWorkflowId, type UndoInput } from './messages.ts';

const { beginUndo, mayUndoPart, finishUndo } = proxyActivities<FixActivities>(databaseOptions);
const { writeUndo } = proxyActivities<FixActivities>(fixWritingOptions);
const { deliver } = proxyActivities<DeliveryActivities>(deliveryOptions);
const { rescan } = proxyActivities<ScanActivities>(verifyingOptions);

/**
 * Takes a fix back where its customers still are as it left them, and looks at them again: what stands warns anew. Of a
 * batch each part by itself, what came last first.
 */
export async function undo({ fixId, by }: UndoInput): Promise<void> {
  // Undos that began before batches could be taken back have no answer.
  const begun = (await beginUndo({ fixId, by })) as BegunUndo | null;
  for (const partId of begun?.partIds ?? []) {
    await undoPart({ fixId: partId, by });
    await bringCard({ warningId: null, requestId: begun?.requestId ?? null });
  }
  let why: string | null = null;
  try {
    await writeUndo({ fixId, by });
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    why = whyNotWritten(error);
  }
  const finished = await finishUndo({ fixId, why });
  await Promise.all([rescan({ kind: 'fix', fixId }), bringCard(finished)]);
}

type BegunUndo = Awaited<ReturnType<FixActivities['beginUndo']>>;

/** What somebody takes back by itself at this moment is left to them; what fails holds up none of the others. */
async function undoPart(part: UndoInput): Promise<void> {
  if (!(await mayUndoPart({ fixId: part.fixId }))) return;
  try {
    await executeChild('undo', {
      workflowId: undoWorkflowId(part.fixId),
      args: [part],
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    if (!(error instanceof ChildWorkflowFailure) || isCancellation(error)) throw error;
    log.warn('A part of a batch was not undone.', { fixId: part.fixId, cause: rootCause(error) });
  }
}

/** Brings the card of whatever the fix belonged to up to date. */
async function bringCard(subject: Awaited<ReturnType<FixActivities['finishUndo']>>): Promise<void> {
  const { warningId, requestId } = subject;
  if (warningId !== null) await deliver({ subject: { kind: 'warning', id: warningId } });
  else if (requestId !== null) await deliver({ subject: { kind: 'request', id: requestId } });
}
