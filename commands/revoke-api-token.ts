import { deleteApiToken, listApiTokens, type ApiTokenLine } from '../db/stores/access.ts';
import { appendAudit } from '../db/stores/audit.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

type Context = Pick<CommandContext, 'database' | 'now'>;

/** The API tokens that the actor may see and revoke: one's own, and everybody's for a data admin. */
export async function findApiTokens(
  { database, now }: Context,
  actor: Actor,
): Promise<readonly ApiTokenLine[]> {
  return listApiTokens(database.query, { personCode: scopeOf(actor), nowMs: now() });
}

/** Makes a token worth nothing, at once and for ever. */
export async function revokeApiToken(
  context: Context,
  actor: Actor,
  tokenId: number,
): Promise<CommandResult<{ readonly apiToken: ApiTokenLine }>> {
  const attempt = { action: 'revoke', subjectKind: 'api-token', subjectId: String(tokenId) };
  return auditingRefusal(context, actor, attempt, await revoke(context, actor, tokenId));
}

async function revoke(
  { database, now }: Context,
  actor: Actor,
  tokenId: number,
): Promise<CommandResult<{ readonly apiToken: ApiTokenLine }>> {
  const { person, through } = actor;
  return database.query.transaction(async (transaction) => {
    const apiToken = await deleteApiToken(transaction, { id: tokenId, personCode: scopeOf(actor) });
    if (apiToken === null) {
      return {
        kind: 'refused',
        refusal: { kind: 'not-found', what: 'api-token', id: String(tokenId) },
      };
    }
    const { name, roles, expiresAtMs, personCode } = apiToken;
    await appendAudit(
      transaction,
      [
        {
          actorCode: person.code,
          through,
          action: 'api-token.revoked',
          subjectKind: 'api-token',
          subjectId: String(tokenId),
          before: { personCode, name, roles, expiresAtMs },
          after: null,
        },
      ],
      now(),
    );
    return { kind: 'done', apiToken };
  });
}

/** Null: everybody's. */
function scopeOf({ person }: Actor): string | null {
  const isAdmin = person.status === 'active' && person.roles.includes('data-admin');
  return isAdmin ? null : person.code;
}
