import { heldRoles, type Role } from '../domain/person.ts';
import { createToken, insertApiToken } from '../db/stores/access.ts';
import { appendAudit } from '../db/stores/audit.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

const dayMs = 86_400_000;
/** Longer than a year nobody remembers what it was for. */
export const tokenDaysMax = 366;
export const tokenNameCharsMax = 80;

export interface ApiTokenInput {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly lifeDays: number;
}

/**
 * A bearer token for the JSON API that acts as the actor with no more than `roles`, each as far as they hold it. It is told once; only its
 * hash is stored. `name` says what it is for; `lifeDays` is 1 to 366.
 */
export async function createApiToken(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  input: ApiTokenInput,
): Promise<CommandResult<{ readonly token: string; readonly expiresAtMs: number }>> {
  const result = await make(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    { action: 'make', subjectKind: 'api-token', subjectId: actor.person.code },
    result,
  );
}

async function make(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  input: { readonly name: string; readonly roles: readonly Role[]; readonly lifeDays: number },
): Promise<CommandResult<{ readonly token: string; readonly expiresAtMs: number }>> {
  const { person, through } = actor;
  if (person.status === 'left') {
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'person', id: person.code } };
  }
  const fault = faultOf(input, heldRoles(person));
  if (fault !== null) return { kind: 'refused', refusal: fault };
  const nowMs = context.now();
  const token = createToken();
  const expiresAtMs = nowMs + input.lifeDays * dayMs;
  await context.database.query.transaction(async (transaction) => {
    const id = await insertApiToken(transaction, {
      token,
      personCode: person.code,
      name: input.name.trim(),
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
          after: { name: input.name.trim(), roles: input.roles, expiresAtMs },
        },
      ],
      nowMs,
    );
  });
  return { kind: 'done', token, expiresAtMs };
}

function faultOf(input: ApiTokenInput, own: readonly Role[]): CommandRefusal | null {
  const { name, roles, lifeDays } = input;
  const missing = roles.find((role) => !own.includes(role));
  if (missing !== undefined) return { kind: 'role-needed', role: missing };
  if (name.trim() === '' || name.trim().length > tokenNameCharsMax) {
    return {
      kind: 'invalid',
      field: 'tokenName',
      expected: `who uses it for what, in 1–${tokenNameCharsMax} characters.`,
    };
  }
  if (roles.length === 0) {
    return { kind: 'invalid', field: 'tokenRoles', expected: 'choose at least one.' };
  }
  if (!Number.isInteger(lifeDays) || lifeDays < 1 || lifeDays > tokenDaysMax) {
    return {
      kind: 'invalid',
      field: 'tokenDays',
      expected: `a whole number from 1 to ${tokenDaysMax}.`,
    };
  }
  return null;
}
