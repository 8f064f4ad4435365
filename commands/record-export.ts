import { appendAudit } from '../db/stores/audit.ts';
import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';

/** Writes into the trail that somebody took a copy of what Tagwarden holds, and how much of it. */
export async function recordExport(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  {
    what,
    after,
  }: {
    readonly what: 'audit' | 'configuration';
    readonly after: Readonly<Record<string, number>>;
  },
): Promise<void> {
  const entry = {
    actorCode: actor.person.code,
    through: actor.through,
    action: `${what}.exported`,
    subjectKind: what,
    subjectId: what,
    before: null,
    after,
  };
  await context.database.query.transaction((transaction) =>
    appendAudit(transaction, [entry], context.now()),
  );
}
