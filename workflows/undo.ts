import { ActivityFailure, proxyActivities } from '@temporalio/workflow';
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
import type { UndoInput } from './messages.ts';

const { beginUndo, finishUndo } = proxyActivities<FixActivities>(databaseOptions);
const { writeUndo } = proxyActivities<FixActivities>(fixWritingOptions);
const { deliver } = proxyActivities<DeliveryActivities>(deliveryOptions);
const { rescan } = proxyActivities<ScanActivities>(verifyingOptions);

/** Takes a fix back where its customers still are as it left them, and looks at them again: what stands warns anew. */
export async function undo({ fixId, by }: UndoInput): Promise<void> {
  await beginUndo({ fixId, by });
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

/** Brings the card of whatever the fix belonged to up to date. */
async function bringCard(subject: Awaited<ReturnType<FixActivities['finishUndo']>>): Promise<void> {
  const { warningId, requestId } = subject;
  if (warningId !== null) await deliver({ subject: { kind: 'warning', id: warningId } });
  else if (requestId !== null) await deliver({ subject: { kind: 'request', id: requestId } });
}
