import { deleteApiToken, listApiTokens, type ApiTokenLine } from '../db/stores/access.ts';
import { appendAudit } from '../db/stores/audit.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { peopleUnder } from '../domain/person.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

type Context = Pick<CommandContext, 'database' | 'now'>;

/** The API tokens that the actor may see and revoke: one's own, and for a data admin those of whom they are for. */
export async function findApiTokens(
  { database, now }: Context,
  actor: Actor,
): Promise<readonly ApiTokenLine[]> {
  return listApiTokens(database.query, {
    personCodes: await scopeOf(database, actor),
    nowMs: now(),
  });
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
  const personCodes = await scopeOf(database, actor);
  return database.query.transaction(async (transaction) => {
    const apiToken = await deleteApiToken(transaction, { id: tokenId, personCodes });
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

/** Whose tokens, by code. Null: everybody's. */
async function scopeOf(
  database: Context['database'],
  { person }: Actor,
): Promise<readonly string[] | null> {
  if (person.status !== 'active') return [person.code];
  const { people } = await readCurrentKnowledge(database);
  const administered = peopleUnder(person, 'data-admin', people);
  return administered === null ? null : [person.code, ...administered];
}
