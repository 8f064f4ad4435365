import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';
import { talkAboutRequest, type TalkResult } from './talk-about-request.ts';

/** The requester's answer, once for each question; whoever asked hears it at once. */
export function answerQuestion(
  context: CommandContext,
  actor: Actor,
  input: { readonly requestId: number; readonly questionId: number; readonly text: string },
): Promise<TalkResult> {
  return talkAboutRequest(context, actor, {
    ...input,
    kind: 'answer',
    reaches: (_, messages) =>
      messages.filter(({ id }) => id === input.questionId).map(({ by }) => by),
  });
}
