import type { Role } from '../domain/person.ts';
import { createToken, insertApiToken } from '../db/stores/access.ts';
import { appendAudit } from '../db/stores/audit.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

const dayMs = 86_400_000;
const lifeDaysMax = 366;

/**
 * A bearer token for the JSON API that acts as the actor with no more than `roles`. It is told once; only its
 * hash is stored. `lifeDays` is 1 to 366.
 */
export async function createApiToken(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  input: { readonly name: string; readonly roles: readonly Role[]; readonly lifeDays: number },
): Promise<CommandResult<{ readonly token: string; readonly expiresAtMs: number }>> {
  const { person, through } = actor;
  if (person.status === 'left') {
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'person', id: person.code } };
  }
  const missing = input.roles.find((role) => !person.roles.includes(role));
  if (missing !== undefined) {
    return { kind: 'refused', refusal: { kind: 'role-needed', role: missing } };
  }
  if (!Number.isInteger(input.lifeDays) || input.lifeDays < 1 || input.lifeDays > lifeDaysMax) {
    return {
      kind: 'refused',
      refusal: { kind: 'invalid', field: 'lifeDays', expected: `1–${lifeDaysMax}` },
    };
  }
  const nowMs = context.now();
  const token = createToken();
  const expiresAtMs = nowMs + input.lifeDays * dayMs;
  await context.database.query.transaction(async (transaction) => {
    const id = await insertApiToken(transaction, {
      token,
      personCode: person.code,
      name: input.name,
      roles: input.roles,
      createdAtMs: nowMs,
      expiresAtMs,
    });
    await appendAudit(
      transaction,
      [
        {
          actorCode: person.code,
          through,
          action: 'api-token.made',
          subjectKind: 'api-token',
          subjectId: String(id),
          before: null,
          after: { name: input.name, roles: input.roles, expiresAtMs },
        },
      ],
      nowMs,
    );
  });
  return { kind: 'done', token, expiresAtMs };
}
