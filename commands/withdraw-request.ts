import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { loadRequest } from '../db/stores/requests.ts';
import { withdrawalRefusal } from '../domain/request.ts';
import { withdrawUpdate } from '../workflows/messages.ts';
import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';
import { updateRequest, type RequestOutcome } from './vote-on-request.ts';

/** Takes a request back while it is being voted on; only its requester or a data admin of theirs may. */
export async function withdrawRequest(
  context: CommandContext,
  actor: Actor,
  input: { readonly requestId: number },
): Promise<RequestOutcome> {
  const result = await withdraw(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    { action: 'withdraw', subjectKind: 'request', subjectId: String(input.requestId) },
    result,
  );
}

async function withdraw(
  context: CommandContext,
  actor: Actor,
  input: { readonly requestId: number },
): Promise<RequestOutcome> {
  const request = await loadRequest(context.database.query, input.requestId);
  if (request === null) {
    const id = String(input.requestId);
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'request', id } };
  }
  const { people } = await readCurrentKnowledge(context.database);
  const refusal = withdrawalRefusal(request, actor.person, people);
  if (refusal !== null) return { kind: 'refused', refusal };
  return updateRequest(context, input.requestId, (handle) =>
    handle.executeUpdate(withdrawUpdate, {
      ...(actor.actId === undefined ? {} : { updateId: actor.actId }),
      args: [{ personCode: actor.person.code, through: actor.through }],
    }),
  );
}
