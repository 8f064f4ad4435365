import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import { mailLinkLifeMs, type MailPurpose } from '../../domain/mail-link.ts';
import { mailLinks } from '../schema/access.ts';
import { createToken, hashToken } from './access.ts';
import type { Queryable } from './audit.ts';

export interface MailLink {
  readonly personCode: string;
  readonly purpose: MailPurpose;
}

/** A token for each purpose, in their order; forgets links that have run out. */
export async function createMailLinks(
  database: Queryable,
  input: {
    readonly personCode: string;
    readonly purposes: readonly MailPurpose[];
    readonly nowMs: number;
  },
): Promise<readonly string[]> {
  const { personCode, purposes, nowMs } = input;
  const made = purposes.map((purpose) => ({ token: createToken(), purpose }));
  await database.delete(mailLinks).where(lt(mailLinks.expiresAt, nowMs));
  await database.insert(mailLinks).values(
    made.map(({ token, purpose }) => ({
      tokenHash: hashToken(token),
      personCode,
      purpose,
      expiresAt: nowMs + mailLinkLifeMs,
    })),
  );
  return made.map(({ token }) => token);
}

/** What a link is for; null where it is unknown, used or has run out. Looking uses nothing up. */
export async function findMailLink(
  database: Queryable,
  token: string,
  nowMs: number,
): Promise<MailLink | null> {
  const [row] = await database.select().from(mailLinks).where(usable(token, nowMs));
  return row === undefined ? null : { personCode: row.personCode, purpose: row.purpose };
}

/** Uses a link up; false where somebody else just did. */
export async function useMailLink(
  database: Queryable,
  token: string,
  nowMs: number,
): Promise<boolean> {
  const used = await database
    .update(mailLinks)
    .set({ usedAt: nowMs })
    .where(usable(token, nowMs))
    .returning({ personCode: mailLinks.personCode });
  return used.length > 0;
}

/** Nothing came of it: it may be used after all. */
export async function giveBackMailLink(database: Queryable, token: string): Promise<void> {
  await database
    .update(mailLinks)
    .set({ usedAt: null })
    .where(eq(mailLinks.tokenHash, hashToken(token)));
}

function usable(token: string, nowMs: number) {
  return and(
    eq(mailLinks.tokenHash, hashToken(token)),
    isNull(mailLinks.usedAt),
    gt(mailLinks.expiresAt, nowMs),
  );
}
