import { createToken, insertSignInLink } from '../db/stores/access.ts';
import { appendAudit } from '../db/stores/audit.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

const linkLifeMs = 15 * 60_000;

/**
 * A one-time token that signs the actor in to the console until `expiresAtMs`; only its hash is stored.
 * The link is `<public url>/sign-in/<token>`.
 */
export async function createSignInLink(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
): Promise<CommandResult<{ readonly token: string; readonly expiresAtMs: number }>> {
  const result = await make(context, actor);
  return auditingRefusal(
    context,
    actor,
    { action: 'make', subjectKind: 'sign-in-link', subjectId: actor.person.code },
    result,
  );
}

async function make(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
): Promise<CommandResult<{ readonly token: string; readonly expiresAtMs: number }>> {
  const { person, through } = actor;
  if (person.status === 'left') {
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'person', id: person.code } };
  }
  const nowMs = context.now();
  const token = createToken();
  const expiresAtMs = nowMs + linkLifeMs;
  await context.database.query.transaction(async (transaction) => {
    await insertSignInLink(transaction, { token, personCode: person.code, nowMs, expiresAtMs });
    await appendAudit(
      transaction,
      [
        {
          actorCode: person.code,
          through,
          action: 'person.sign-in-link-made',
          subjectKind: 'person',
          subjectId: person.code,
          before: null,
          after: { expiresAtMs },
        },
      ],
      nowMs,
    );
  });
  return { kind: 'done', token, expiresAtMs };
}
