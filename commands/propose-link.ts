import { appendAudit } from '../db/stores/audit.ts';
import { findUnlinkedByEmail, insertLinkProposal } from '../db/stores/links.ts';
import type { LinkedAccountKind } from '../domain/person.ts';
import type { CommandContext } from './context.ts';

/**
 * Somebody came whom nobody is linked to, and their platform or identity provider confirms their email. Where it is a
 * colleague's who has no account there yet, that is proposed; nothing is linked by it, and whoever came does not learn of it.
 */
export async function proposeLink(
  context: Pick<CommandContext, 'database' | 'now'>,
  account: {
    readonly channel: LinkedAccountKind;
    readonly platformUserId: string;
    readonly email: string;
  },
): Promise<void> {
  const { channel, platformUserId, email } = account;
  const nowMs = context.now();
  await context.database.query.transaction(async (transaction) => {
    const personCode = await findUnlinkedByEmail(transaction, channel, email);
    if (personCode === null) return;
    const proposal = { channel, platformUserId, personCode, proposedAt: nowMs };
    if (!(await insertLinkProposal(transaction, proposal))) return;
    const entry = {
      actorCode: null,
      through: channel === 'oidc' ? 'console' : channel,
      action: 'person.link-proposed',
      subjectKind: 'person',
      subjectId: personCode,
      before: null,
      after: { channel, platformUserId },
    };
    await appendAudit(transaction, [entry], nowMs);
  });
}
