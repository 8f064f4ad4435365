import { createHash, randomBytes } from 'node:crypto';
import { and, desc, eq, gt, inArray, isNull, lt } from 'drizzle-orm';
import type { Role } from '../../domain/person.ts';
import { apiTokens, sessions, signInLinks } from '../schema/access.ts';
import type { Queryable } from './audit.ts';

const tokenBytes = 32;

/** 256 random bits as text for a cookie, a link or a header. Only its hash is ever stored. */
export function createToken(): string {
  return randomBytes(tokenBytes).toString('base64url');
}

/** SHA-256, hexadecimal: how tokens are stored and found. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Opens a session and forgets those that have ended. */
export async function insertSession(
  database: Queryable,
  session: {
    readonly token: string;
    readonly personCode: string;
    readonly createdAtMs: number;
    readonly expiresAtMs: number;
  },
): Promise<void> {
  await database.delete(sessions).where(lt(sessions.expiresAt, session.createdAtMs));
  await database.insert(sessions).values({
    tokenHash: hashToken(session.token),
    personCode: session.personCode,
    createdAt: session.createdAtMs,
    expiresAt: session.expiresAtMs,
  });
}

/** The person whose session a cookie's token belongs to; null when there is none or it has ended. */
export async function findSessionPerson(
  database: Queryable,
  token: string,
  nowMs: number,
): Promise<string | null> {
  const [row] = await database
    .select({ personCode: sessions.personCode })
    .from(sessions)
    .where(and(eq(sessions.tokenHash, hashToken(token)), gt(sessions.expiresAt, nowMs)));
  return row?.personCode ?? null;
}

export async function deleteSession(database: Queryable, token: string): Promise<void> {
  await database.delete(sessions).where(eq(sessions.tokenHash, hashToken(token)));
}

/** Stores a sign-in link and forgets those that have run out. */
export async function insertSignInLink(
  database: Queryable,
  link: {
    readonly token: string;
    readonly personCode: string;
    readonly nowMs: number;
    readonly expiresAtMs: number;
  },
): Promise<void> {
  await database.delete(signInLinks).where(lt(signInLinks.expiresAt, link.nowMs));
  await database.insert(signInLinks).values({
    tokenHash: hashToken(link.token),
    personCode: link.personCode,
    expiresAt: link.expiresAtMs,
  });
}

/** Uses a link up, once: the person it signs in, or null when it is unknown, used or has run out. */
export async function consumeSignInLink(
  database: Queryable,
  token: string,
  nowMs: number,
): Promise<string | null> {
  const [row] = await database
    .update(signInLinks)
    .set({ usedAt: nowMs })
    .where(
      and(
        eq(signInLinks.tokenHash, hashToken(token)),
        isNull(signInLinks.usedAt),
        gt(signInLinks.expiresAt, nowMs),
      ),
    )
    .returning({ personCode: signInLinks.personCode });
  return row?.personCode ?? null;
}

/** Stores an API token, answers its id, and forgets those that have run out. */
export async function insertApiToken(
  database: Queryable,
  apiToken: {
    readonly token: string;
    readonly personCode: string;
    readonly name: string;
    readonly roles: readonly Role[];
    readonly createdAtMs: number;
    readonly expiresAtMs: number;
  },
): Promise<number> {
  await database.delete(apiTokens).where(lt(apiTokens.expiresAt, apiToken.createdAtMs));
  const [row] = await database
    .insert(apiTokens)
    .values({
      tokenHash: hashToken(apiToken.token),
      personCode: apiToken.personCode,
      name: apiToken.name,
      roles: apiToken.roles,
      createdAt: apiToken.createdAtMs,
      expiresAt: apiToken.expiresAtMs,
    })
    .returning({ id: apiTokens.id });
  if (row === undefined) throw new Error('The API token was not stored.');
  return row.id;
}

/** What is told of an API token once it was made: never itself. */
export interface ApiTokenLine {
  readonly id: number;
  readonly personCode: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** The API tokens of these people, or of everybody for null, that have not run out; the newest first. */
export async function listApiTokens(
  database: Queryable,
  query: { readonly personCodes: readonly string[] | null; readonly nowMs: number },
): Promise<readonly ApiTokenLine[]> {
  const { personCodes, nowMs } = query;
  return database
    .select(apiTokenLine)
    .from(apiTokens)
    .where(
      and(
        gt(apiTokens.expiresAt, nowMs),
        personCodes === null ? undefined : inArray(apiTokens.personCode, [...personCodes]),
      ),
    )
    .orderBy(desc(apiTokens.id));
}

/** Forgets an API token: the next call with it is turned away. Null where there is none of this id for these people. */
export async function deleteApiToken(
  database: Queryable,
  token: { readonly id: number; readonly personCodes: readonly string[] | null },
): Promise<ApiTokenLine | null> {
  const { id, personCodes } = token;
  const [row] = await database
    .delete(apiTokens)
    .where(
      and(
        eq(apiTokens.id, id),
        personCodes === null ? undefined : inArray(apiTokens.personCode, [...personCodes]),
      ),
    )
    .returning(apiTokenLine);
  return row ?? null;
}

const apiTokenLine = {
  id: apiTokens.id,
  personCode: apiTokens.personCode,
  name: apiTokens.name,
  roles: apiTokens.roles,
  createdAtMs: apiTokens.createdAt,
  expiresAtMs: apiTokens.expiresAt,
};
