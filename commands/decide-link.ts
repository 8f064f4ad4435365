import { appendAudit, type Queryable } from '../db/stores/audit.ts';
import { linkAccount, takeLinkProposal, type LinkProposal } from '../db/stores/links.ts';
import { findPerson } from '../db/stores/people.ts';
import { holdsOver } from '../domain/person.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

export type LinkResult = CommandResult<{ readonly proposal: LinkProposal }>;

/** Rolls back what was taken for a decision that may not be made. */
class RefusedDecision extends Error {
  override readonly name = 'RefusedDecision';
  readonly refusal: CommandRefusal;

  constructor(refusal: CommandRefusal) {
    super(refusal.kind);
    this.refusal = refusal;
  }
}

/** Says whether an account of a platform is a person's: that person, where they are known already, or a data admin. */
export async function decideLink(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  input: Pick<LinkProposal, 'channel' | 'platformUserId'> & { readonly isTheirs: boolean },
): Promise<LinkResult> {
  const { query } = context.database;
  try {
    const proposal = await query.transaction((transaction) =>
      decide(transaction, actor, { ...input, nowMs: context.now() }),
    );
    return { kind: 'done', proposal };
  } catch (error) {
    if (error instanceof RefusedDecision) {
      const attempt = {
        action: input.isTheirs ? 'link' : 'refuse-link',
        subjectKind: 'link',
        subjectId: input.channel,
      };
      const { refusal } = error;
      return auditingRefusal(context, actor, attempt, { kind: 'refused', refusal });
    }
    throw error;
  }
}

async function decide(
  transaction: Queryable,
  actor: Actor,
  input: Parameters<typeof decideLink>[2] & { readonly nowMs: number },
): Promise<LinkProposal> {
  const { channel, platformUserId, isTheirs, nowMs } = input;
  const { person, through } = actor;
  const proposal = await takeLinkProposal(transaction, { channel, platformUserId });
  if (proposal === null) {
    throw new RefusedDecision({ kind: 'not-found', what: 'link', id: platformUserId });
  }
  const { personCode } = proposal;
  const whose = await findPerson(transaction, personCode);
  if (personCode !== person.code && !holdsOver(person, 'data-admin', whose ?? undefined)) {
    throw new RefusedDecision({ kind: 'role-needed', role: 'data-admin' });
  }
  if (isTheirs && !(await linkAccount(transaction, proposal))) {
    throw new RefusedDecision({ kind: 'not-found', what: 'link', id: platformUserId });
  }
  const entry = {
    actorCode: person.code,
    through,
    action: isTheirs ? 'person.linked' : 'person.link-refused',
    subjectKind: 'person',
    subjectId: personCode,
    before: null,
    after: { channel, platformUserId },
  };
  await appendAudit(transaction, [entry], nowMs);
  return proposal;
}
