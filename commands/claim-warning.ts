import type { Actor } from './command.ts';
import { changeWarning, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';

/** Promises to deal with a warning; the second of two clickers hears who was first. */
export async function claimWarning(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number },
): Promise<WarningResult> {
  return changeWarning(context, actor, {
    warningId: input.warningId,
    action: 'claim',
    prepare: () => ({ kind: 'update', update: { kind: 'claim' } }),
  });
}
