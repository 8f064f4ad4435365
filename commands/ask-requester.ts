import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';
import { talkAboutRequest, type TalkResult } from './talk-about-request.ts';

/** A member's question to whoever made the request; the vote goes on meanwhile. */
export function askRequester(
  context: CommandContext,
  actor: Actor,
  input: { readonly requestId: number; readonly text: string },
): Promise<TalkResult> {
  return talkAboutRequest(context, actor, {
    ...input,
    kind: 'question',
    questionId: null,
    reaches: ({ requesterCode }) => [requesterCode],
  });
}
