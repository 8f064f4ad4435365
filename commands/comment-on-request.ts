import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';
import { talkAboutRequest, type TalkResult } from './talk-about-request.ts';

/** Says something about a request that everybody involved can read; nobody is called for it. */
export function commentOnRequest(
  context: CommandContext,
  actor: Actor,
  input: { readonly requestId: number; readonly text: string },
): Promise<TalkResult> {
  const said = { ...input, kind: 'comment', questionId: null, reaches: () => [] } as const;
  return talkAboutRequest(context, actor, said);
}
