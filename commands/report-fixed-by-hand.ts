import type { Actor } from './command.ts';
import { changeWarning, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';

/** Says that the conflict was resolved in the source; a re-scan of exactly its customers decides. */
export async function reportFixedByHand(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number },
): Promise<WarningResult> {
  return changeWarning(context, actor, {
    warningId: input.warningId,
    action: 'fixed-by-hand',
    prepare: () => ({ kind: 'update', update: { kind: 'fixed-by-hand' } }),
  });
}
