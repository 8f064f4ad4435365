import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import { findPerson } from '../db/stores/people.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import { permission, standInCode, type WarningAction } from '../domain/rights.ts';
import type { Refusal, Warning } from '../domain/warning.ts';
import {
  otherWarningFailure,
  refusedFailure,
  taskQueues,
  warningUpdate,
  warningWorkflowId,
  type By,
  type WarningMessage,
  type WarningUpdate,
} from '../workflows/messages.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal, auditRefusal, type Attempt } from './refused.ts';
import { isBrokenOff, isNotRunning, isUnavailable } from './temporal-errors.ts';

/** A click that is not answered by then is told to try again; it may still take effect, once. */
const answerTimeoutMs = 10_000;
/** The workflow may be gone, or busy closing the warning before this one. */
const attemptsMax = 3;
const attemptPauseMs = 500;

export type WarningResult = CommandResult<{ readonly warning: Warning }>;

/**
 * Sends what a person wants done to a warning's workflow, if they may. `prepare` makes the update once it is known
 * that they may; it can refuse. A warning that lost its workflow gets it back. Refused attempts are audited.
 */
export async function changeWarning(
  context: CommandContext,
  actor: Actor,
  input: {
    readonly warningId: number;
    readonly action: WarningAction;
    readonly prepare: (warning: Warning) => Promise<Prepared> | Prepared;
  },
): Promise<WarningResult> {
  const found = await findChangeable(context, actor, input);
  if (found.kind === 'refused') return found;
  const prepared = await input.prepare(found.warning);
  const result =
    prepared.kind === 'refused'
      ? prepared
      : await sendToWarning(
          context,
          { personCode: actor.person.code, through: actor.through },
          found.warning,
          prepared.update,
          actor.actId,
        );
  return auditingRefusal(context, actor, attemptOf(input), result);
}

export type Prepared =
  | { readonly kind: 'update'; readonly update: WarningUpdate }
  | { readonly kind: 'refused'; readonly refusal: CommandRefusal };

/** The warning, if it exists and the actor may do this to it; otherwise the refusal, audited. */
export async function findChangeable(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number; readonly action: WarningAction },
): Promise<
  | { readonly kind: 'found'; readonly warning: Warning }
  | { readonly kind: 'refused'; readonly refusal: CommandRefusal }
> {
  const { database } = context;
  const warning = await loadWarning(database.query, input.warningId);
  if (warning === null) {
    const id = String(input.warningId);
    const refusal = { kind: 'not-found', what: 'warning', id } as const;
    await auditRefusal(context, actor, attemptOf(input), refusal);
    return { kind: 'refused', refusal };
  }
  const owner = await findPerson(database.query, warning.ownerCode);
  const deputyCode = standInCode(owner, context.now());
  const may = permission(actor.person, warning, input.action, {
    deputyCode,
    owner: owner ?? undefined,
  });
  if (may.kind === 'allowed') return { kind: 'found', warning };
  await auditRefusal(context, actor, attemptOf(input), may);
  return { kind: 'refused', refusal: may };
}

function attemptOf(input: { readonly warningId: number; readonly action: WarningAction }): Attempt {
  return { action: input.action, subjectKind: 'warning', subjectId: String(input.warningId) };
}

/**
 * Sends an update whose sender's right to it is known; its workflow is restarted where it was lost. Under one
 * `actId` Temporal takes it once and gives every repetition the first one's answer.
 */
export async function sendToWarning(
  context: CommandContext,
  by: By,
  warning: Warning,
  update: WarningUpdate,
  actId?: string,
): Promise<WarningResult> {
  const message = { warningId: warning.id, by, update };
  const deadlineMs = Date.now() + answerTimeoutMs;
  try {
    return await context.temporal.withDeadline(deadlineMs, () =>
      deliver(context, warning, message, actId),
    );
  } catch (error) {
    if (isUnavailable(error)) return { kind: 'refused', refusal: { kind: 'unavailable' } };
    throw error;
  }
}

async function deliver(
  context: CommandContext,
  warning: Warning,
  message: WarningMessage,
  actId: string | undefined,
): Promise<WarningResult> {
  const handle = context.temporal.workflow.getHandle(warningWorkflowId(warning.fingerprint));
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    try {
      return await handle.executeUpdate(warningUpdate, {
        args: [message],
        ...(actId === undefined ? {} : { updateId: actId }),
      });
    } catch (error) {
      const refusal = refusalOf(error) ?? (await restart(context, warning, error));
      if (refusal !== null) return { kind: 'refused', refusal };
    }
  }
  return { kind: 'refused', refusal: { kind: 'unavailable' } };
}

/** Makes ready for another attempt, or tells that the warning has closed meanwhile. Throws what it cannot mend. */
async function restart(
  context: CommandContext,
  warning: Warning,
  error: unknown,
): Promise<Refusal | null> {
  if (isOtherWarning(error) || isBrokenOff(error)) {
    await new Promise((resolve) => setTimeout(resolve, attemptPauseMs));
    return null;
  }
  if (!isNotRunning(error)) throw error;
  const now = await loadWarning(context.database.query, warning.id);
  if (now !== null && now.state.kind === 'closed') {
    return { kind: 'closed', by: now.state.by, reason: now.state.reason };
  }
  await startWarningWorkflow(context, warning);
  return null;
}

/** Starts a warning's workflow, or finds the one that runs. */
export async function startWarningWorkflow(
  context: CommandContext,
  warning: Pick<Warning, 'id' | 'fingerprint'>,
): Promise<void> {
  await context.temporal.workflow.start('warning', {
    workflowId: warningWorkflowId(warning.fingerprint),
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue: taskQueues.warnings,
    args: [{ warningId: warning.id }],
  });
}

/** The refusal that the workflow's validator threw. */
function refusalOf(error: unknown): Refusal | null {
  const failure = failureOf(error);
  if (failure?.type !== refusedFailure) return null;
  const [refusal] = failure.details ?? [];
  return isRefusal(refusal) ? refusal : null;
}

function isOtherWarning(error: unknown): boolean {
  return failureOf(error)?.type === otherWarningFailure;
}

function failureOf(error: unknown): ApplicationFailure | null {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
  return cause instanceof ApplicationFailure ? cause : null;
}

function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
