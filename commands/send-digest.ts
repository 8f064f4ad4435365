import type { DigestPeriod } from '../domain/digest.ts';
import { temporalConfig } from '../temporal.config.ts';
import { digestWorkflowId, shownDigestWorkflowId } from '../workflows/messages.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { madeBy } from './made.ts';
import { auditingRefusal } from './refused.ts';
import { isUnavailable } from './temporal-errors.ts';

/**
 * Makes the actor's digest of the last day, week or month now and sends it to them, or only makes it, to be read where
 * it was asked for. For managers and data admins.
 */
export async function sendDigest(
  context: CommandContext,
  actor: Actor,
  input: {
    /** @default what the actor chose, else the week */
    readonly every?: DigestPeriod;
    /** @default true */
    readonly isSent?: boolean;
  } = {},
): Promise<CommandResult<{ readonly digestId: number }>> {
  const result = await makeDigest(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    {
      action: input.isSent === false ? 'show' : 'send',
      subjectKind: 'digest',
      subjectId: actor.person.code,
    },
    result,
  );
}

async function makeDigest(
  context: CommandContext,
  actor: Actor,
  { every, isSent = true }: { readonly every?: DigestPeriod; readonly isSent?: boolean },
): Promise<CommandResult<{ readonly digestId: number }>> {
  const { person, through, actId } = actor;
  if (!person.roles.includes('manager') && !person.roles.includes('data-admin')) {
    return { kind: 'refused', refusal: { kind: 'role-needed', role: 'manager' } };
  }
  const before = await madeBy(context.database.query, actor);
  if (before !== null) return { kind: 'done', digestId: Number(before) };
  try {
    const made = await context.temporal.workflow.execute('digest', {
      workflowId: isSent ? digestWorkflowId(person.code) : shownDigestWorkflowId(person.code),
      // A second asker waits for the digest that is being made.
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: temporalConfig.taskQueues.warnings,
      args: [
        {
          personCode: person.code,
          ...(every === undefined ? {} : { every }),
          ...(isSent ? {} : { isSent }),
          ...(actId === undefined ? {} : { act: { through, actId } }),
        },
      ],
    });
    const [digestId] = made as readonly number[];
    return digestId === undefined
      ? { kind: 'refused', refusal: { kind: 'unavailable' } }
      : { kind: 'done', digestId };
  } catch (error) {
    if (isUnavailable(error)) return { kind: 'refused', refusal: { kind: 'unavailable' } };
    throw error;
  }
}
