import { appendAudit } from '../db/stores/audit.ts';
import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';

/** What somebody took a copy of: how much of it, or the name of one of the console's tables. */
export type Exported =
  | {
      readonly what: 'audit' | 'configuration' | 'dictionary';
      readonly after: Readonly<Record<string, number>>;
    }
  | { readonly what: 'table'; readonly name: string };

/** Writes into the trail that somebody took a copy of what Tagwarden holds. */
export async function recordExport(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  exported: Exported,
): Promise<void> {
  const { what } = exported;
  const entry = {
    actorCode: actor.person.code,
    through: actor.through,
    action: `${what}.exported`,
    subjectKind: what,
    subjectId: exported.what === 'table' ? exported.name : what,
    before: null,
    after: exported.what === 'table' ? null : exported.after,
  };
  await context.database.query.transaction((transaction) =>
    appendAudit(transaction, [entry], context.now()),
  );
}
