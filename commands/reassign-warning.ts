import { findPerson } from '../db/stores/people.ts';
import type { Actor } from './command.ts';
import { changeWarning, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';

/** Hands a warning to another owner, who has the whole time to claim it but no longer to close it. */
export async function reassignWarning(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number; readonly toCode: string },
): Promise<WarningResult> {
  const { warningId, toCode } = input;
  return changeWarning(context, actor, {
    warningId,
    action: 'reassign',
    prepare: async () => {
      const to = await findPerson(context.database.query, toCode);
      return to?.status === 'active'
        ? { kind: 'update', update: { kind: 'reassign', toCode } }
        : { kind: 'refused', refusal: { kind: 'not-found', what: 'person', id: toCode } };
    },
  });
}
