import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { LinkedAccountKind } from '../../domain/person.ts';
import { linkProposals, people } from '../schema/people.ts';
import type { Queryable } from './audit.ts';

/** An account of a platform or an identity provider that may be a person's. */
export interface LinkProposal {
  readonly channel: LinkedAccountKind;
  readonly platformUserId: string;
  readonly personCode: string;
  /** Epoch milliseconds. */
  readonly proposedAt: number;
}

const linkColumns = {
  slack: people.slackUserId,
  feishu: people.feishuOpenId,
  oidc: people.oidcSubject,
} as const;
const linkFields = { slack: 'slackUserId', feishu: 'feishuOpenId', oidc: 'oidcSubject' } as const;

/** Whoever works here, has this email and no account on the channel yet; null for nobody. */
export async function findUnlinkedByEmail(
  database: Queryable,
  channel: LinkedAccountKind,
  email: string,
): Promise<string | null> {
  const [row] = await database
    .select({ code: people.code })
    .from(people)
    .where(
      and(
        sql`lower(${people.email}) = ${email.trim().toLowerCase()}`,
        eq(people.status, 'active'),
        isNull(linkColumns[channel]),
      ),
    );
  return row?.code ?? null;
}

/** Keeps a proposal; false where it stands already. */
export async function insertLinkProposal(
  database: Queryable,
  proposal: LinkProposal,
): Promise<boolean> {
  const { personCode, proposedAt } = proposal;
  const kept = await database
    .insert(linkProposals)
    .values(proposal)
    .onConflictDoUpdate({
      target: [linkProposals.channel, linkProposals.platformUserId],
      set: { personCode, proposedAt },
      setWhere: sql`${linkProposals.personCode} <> ${personCode}`,
    })
    .returning({ personCode: linkProposals.personCode });
  return kept.length > 0;
}

/** What waits for a decision, oldest first; only one person's, or everybody's. */
export async function listLinkProposals(
  database: Queryable,
  personCode: string | null,
): Promise<readonly LinkProposal[]> {
  return database
    .select()
    .from(linkProposals)
    .where(personCode === null ? undefined : eq(linkProposals.personCode, personCode))
    .orderBy(asc(linkProposals.proposedAt), asc(linkProposals.platformUserId));
}

/** Takes a proposal for its decision; null where there is none. */
export async function takeLinkProposal(
  database: Queryable,
  account: Pick<LinkProposal, 'channel' | 'platformUserId'>,
): Promise<LinkProposal | null> {
  const [row] = await database
    .delete(linkProposals)
    .where(
      and(
        eq(linkProposals.channel, account.channel),
        eq(linkProposals.platformUserId, account.platformUserId),
      ),
    )
    .returning();
  return row ?? null;
}

/** Links an account to a person who has none there; false where they or the account are linked already. */
export async function linkAccount(database: Queryable, link: LinkProposal): Promise<boolean> {
  const column = linkColumns[link.channel];
  const [holder] = await database
    .select({ code: people.code })
    .from(people)
    .where(eq(column, link.platformUserId));
  if (holder !== undefined) return false;
  const linked = await database
    .update(people)
    .set({ [linkFields[link.channel]]: link.platformUserId })
    .where(and(eq(people.code, link.personCode), eq(people.status, 'active'), isNull(column)))
    .returning({ code: people.code });
  return linked.length > 0;
}
