import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import {
  joinScanUpdate,
  scanWorkflowId,
  taskQueues,
  type ScanInput,
} from '../workflows/messages.ts';
import { roleRefusal } from '../domain/department-rights.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { madeBy, recordMadeBy } from './made.ts';
import { auditingRefusal } from './refused.ts';
import { isNotRunning, isUnavailable } from './temporal-errors.ts';

/** A scan is recorded at once where a worker is there. */
const answerTimeoutMs = 10_000;
/** The scan that was to be joined may end meanwhile. */
const attemptsMax = 3;

/**
 * Starts a scan, for data admins; only one runs at a time, so a scan that runs already is joined (`unchanged`).
 * Answers as soon as it is recorded.
 */
export async function startScan(
  context: CommandContext,
  actor: Actor,
  input: { readonly kind: 'full' | 'incremental' },
): Promise<CommandResult<{ readonly scanId: number }>> {
  const result = await begin(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    { action: 'start', subjectKind: 'scan', subjectId: input.kind },
    result,
  );
}

async function begin(
  context: CommandContext,
  actor: Actor,
  input: { readonly kind: 'full' | 'incremental' },
): Promise<CommandResult<{ readonly scanId: number }>> {
  const { person, through, actId } = actor;
  if (person.status !== 'active' || !person.roles.includes('data-admin')) {
    return { kind: 'refused', refusal: roleRefusal(person, 'data-admin') };
  }
  const scan: ScanInput = {
    kind: input.kind,
    requestedBy: person.code,
    through,
    ...(actId === undefined ? {} : { actId }),
  };
  const { query } = context.database;
  const before = await madeBy(query, actor);
  if (before !== null) return { kind: 'done', scanId: Number(before) };
  const deadlineMs = Date.now() + answerTimeoutMs;
  try {
    const result = await context.temporal.withDeadline(deadlineMs, () =>
      startOrJoin(context, scan),
    );
    // The scan notes who began it; whoever joined is noted here.
    if (result.kind === 'unchanged') await recordMadeBy(query, actor, String(result.scanId));
    return result;
  } catch (error) {
    if (isUnavailable(error)) return { kind: 'refused', refusal: { kind: 'unavailable' } };
    throw error;
  }
}

async function startOrJoin(
  context: CommandContext,
  scan: ScanInput,
): Promise<CommandResult<{ readonly scanId: number }>> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const isNew = await startIfNoneRuns(context, scan);
    const handle = context.temporal.workflow.getHandle(scanWorkflowId);
    try {
      const { scanId } = await handle.executeUpdate(joinScanUpdate);
      return { kind: isNew ? 'done' : 'unchanged', scanId };
    } catch (error) {
      if (!isNotRunning(error)) throw error;
    }
  }
  return { kind: 'refused', refusal: { kind: 'unavailable' } };
}

async function startIfNoneRuns(context: CommandContext, scan: ScanInput): Promise<boolean> {
  try {
    await context.temporal.workflow.start('scan', {
      workflowId: scanWorkflowId,
      taskQueue: taskQueues.scans,
      args: [scan],
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
