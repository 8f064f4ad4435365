import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  ParentClosePolicy,
  patched,
  proxyActivities,
  setHandler,
  startChild,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { ScanActivities } from '../activities/scan.ts';
import type { SyncActivities } from '../activities/sync.ts';
import { isSourceFailure } from '../domain/source-failure.ts';
import { candidatesWorkflowId, joinScanUpdate, taskQueues, type ScanInput } from './messages.ts';

/** A step whose worker died is missed after this time and done again elsewhere. */
const heartbeatTimeout = '20 seconds';

const { beginScan, planScan, finishScan, abandonScan } = proxyActivities<ScanActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout,
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});
const { listSources } = proxyActivities<SyncActivities>({ startToCloseTimeout: '1 minute' });

/** A source that stays away this often fails the scan; the schedule tries again. */
const { syncSource } = proxyActivities<SyncActivities>({
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute', maximumAttempts: 5 },
});

const { scanShard } = proxyActivities<ScanActivities>({
  taskQueue: taskQueues.threads,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 10 },
});

const finishing = {
  startToCloseTimeout: '1 hour',
  heartbeatTimeout,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 10 },
} satisfies ActivityOptions;
const { countChanges } = proxyActivities<ScanActivities>({
  ...finishing,
  taskQueue: taskQueues.threads,
});
const { reconcile } = proxyActivities<ScanActivities>(finishing);

const { announce } = proxyActivities<ScanActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout,
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Shards that workers may take at the same time: as many as all their threads, in the largest installation. */
const shardsAtOnce = 256;
/** Of scans that earlier versions began. */
const shardsAtOnceBefore = 8;

export interface ScanOutcome {
  readonly scanId: number;
  readonly findingsOpen: number;
  readonly findingsNew: number;
  readonly findingsGone: number;
  readonly warningsOpened: number;
}

/**
 * One scan: reads every source into the mirror, scans what changed or all of it in shards, makes the findings what is
 * so, and opens or tells the warnings. A failed or cancelled scan is recorded as such and leaves the findings as they
 * were, unless it had come to reconciling them.
 */
export async function scan(input: ScanInput): Promise<ScanOutcome> {
  let recordedId: number | null = null;
  setHandler(joinScanUpdate, async () => {
    await condition(() => recordedId !== null);
    return { scanId: recordedId ?? 0 };
  });
  const { scanId } = await beginScan(input);
  recordedId = scanId;
  try {
    await readSources(input);
    const plan = await planScan({ scanId });
    const isCounted = plan.coversAll === false && patched('counts-beside-shards');
    await Promise.all([scanShards(scanId, plan), isCounted ? countChanges({ scanId }) : null]);
    const counts = await reconcile(isCounted ? { scanId, isCounted } : { scanId });
    const { opened } = await announce({ scanId });
    await finishScan({ scanId });
    if (input.kind === 'full' && patched('candidates-by-themselves')) await lookForCandidates();
    return {
      scanId,
      findingsOpen: counts.open,
      findingsNew: counts.new,
      findingsGone: counts.gone,
      warningsOpened: opened,
    };
  } catch (error) {
    const end = isCancellation(error)
      ? ({ state: 'cancelled', error: null } as const)
      : ({ state: 'failed', error: inWords(error) } as const);
    await CancellationScope.nonCancellable(() => abandonScan({ scanId, ...end }));
    throw error;
  }
}

async function readSources(input: ScanInput): Promise<void> {
  for (const sourceCode of await listSources()) {
    await syncSource({ sourceCode, kind: input.kind });
  }
}

async function scanShards(
  scanId: number,
  { shards, nowSeconds }: { readonly shards: number; readonly nowSeconds: number },
): Promise<void> {
  let next = 0;
  async function scanOneAfterAnother(): Promise<void> {
    while (next < shards) {
      const shard = next;
      next += 1;
      await scanShard({ scanId, shard, nowSeconds });
    }
  }
  const isMany = shards > shardsAtOnceBefore && patched('shards-by-threads');
  const lanes = Math.min(shards, isMany ? shardsAtOnce : shardsAtOnceBefore);
  await Promise.all(Array.from({ length: lanes }, scanOneAfterAnother));
}

/**
 * A full scan has counted everything, so what a person should decide about the dictionary is found anew: by itself, so
 * that neither the scan nor whoever asks for the next one waits for it or fails with it.
 */
async function lookForCandidates(): Promise<void> {
  try {
    await startChild('candidates', {
      workflowId: candidatesWorkflowId,
      args: [],
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Failures of the sources say what to do; what others say might hold data, so only the step is named. */
function inWords(error: unknown): string {
  if (!(error instanceof ActivityFailure)) return 'The scan failed.';
  const { cause, activityType } = error;
  const isReading = activityType === 'syncSource' || activityType === 'listSources';
  if (isReading && cause instanceof ApplicationFailure && isSourceFailure(cause.type)) {
    return cause.message;
  }
  return `The step ${activityType} failed. The worker's log says why.`;
}
