import type { Actor } from './command.ts';
import { changeWarning, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';

/** The claimer's answer that they are still on it, so that their claim does not run out. */
export async function confirmClaim(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number },
): Promise<WarningResult> {
  return changeWarning(context, actor, {
    warningId: input.warningId,
    action: 'claim',
    prepare: () => ({ kind: 'update', update: { kind: 'still-on-it' } }),
  });
}
