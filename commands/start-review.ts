import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { loadNewestReview } from '../db/stores/tag-reviews.ts';
import { reviewByHandWorkflowId, taskQueues } from '../workflows/messages.ts';
import { roleRefusal } from '../domain/department-rights.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';
import { isUnavailable } from './temporal-errors.ts';

/** Asks every owner now whether their tags are still needed; for data admins. One round at a time. */
export async function startReview(context: CommandContext, actor: Actor): Promise<CommandResult> {
  const result = await start(context, actor);
  return auditingRefusal(
    context,
    actor,
    { action: 'start', subjectKind: 'review', subjectId: 'tags' },
    result,
  );
}

async function start(context: CommandContext, { person }: Actor): Promise<CommandResult> {
  if (!person.roles.includes('data-admin')) {
    return { kind: 'refused', refusal: roleRefusal(person, 'data-admin') };
  }
  const newest = await loadNewestReview(context.database.query);
  if (newest !== null && newest.closedAtMs === null) return { kind: 'unchanged' };
  try {
    await context.temporal.workflow.start('review', {
      workflowId: reviewByHandWorkflowId(newest?.id ?? 0),
      taskQueue: taskQueues.warnings,
      args: [{ startedBy: person.code }],
    });
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { kind: 'unchanged' };
    if (isUnavailable(error)) return { kind: 'refused', refusal: { kind: 'unavailable' } };
    throw error;
  }
}
