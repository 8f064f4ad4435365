import type { Actor } from './command.ts';
import { changeWarning, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';

/** Gives a claimed warning back, so that somebody else can take it. */
export async function releaseWarning(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number },
): Promise<WarningResult> {
  return changeWarning(context, actor, {
    warningId: input.warningId,
    action: 'release',
    prepare: () => ({ kind: 'update', update: { kind: 'release' } }),
  });
}
