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
  const { warningId } = await finishUndo({ fixId, why });
  await Promise.all([
    rescan({ kind: 'fix', fixId }),
    warningId === null ? null : deliver({ subject: { kind: 'warning', id: warningId } }),
  ]);
}
