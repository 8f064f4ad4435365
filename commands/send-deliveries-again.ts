import { appendAudit } from '../db/stores/audit.ts';
import { announceQueue } from '../db/stores/deliveries.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { queueAgain } from '../db/stores/delivery-queue.ts';
import { roleRefusal } from '../domain/department-rights.ts';
import { peopleUnder } from '../domain/person.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

/**
 * Puts cards that were given up back into the queue, for data admins, those of departments the cards of their people;
 * others, and those that were not given up, are left alone.
 */
export async function sendDeliveriesAgain(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  input: { readonly ids: readonly string[] },
): Promise<CommandResult<{ readonly count: number }>> {
  const result = await queue(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    { action: 'send-again', subjectKind: 'delivery', subjectId: input.ids.slice(0, 1).join() },
    result,
  );
}

async function queue(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  input: { readonly ids: readonly string[] },
): Promise<CommandResult<{ readonly count: number }>> {
  const { person, through } = actor;
  const { people } = await readCurrentKnowledge(context.database);
  const recipientCodes = peopleUnder(person, 'data-admin', people);
  if (person.status !== 'active' || recipientCodes?.length === 0) {
    return { kind: 'refused', refusal: roleRefusal(person, 'data-admin') };
  }
  const nowMs = context.now();
  return context.database.query.transaction(async (transaction) => {
    const again = await queueAgain(transaction, { ids: input.ids, recipientCodes, nowMs });
    if (again.length === 0) return { kind: 'unchanged', count: 0 };
    await announceQueue(transaction);
    await appendAudit(
      transaction,
      again.map(({ id, channel, failure }) => ({
        actorCode: person.code,
        through,
        action: 'delivery.sent-again',
        subjectKind: 'delivery',
        subjectId: id,
        before: { state: 'failed', channel, failure },
        after: { state: 'queued' },
      })),
      nowMs,
    );
    return { kind: 'done', count: again.length };
  });
}
