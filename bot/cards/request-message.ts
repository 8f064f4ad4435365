import type { Person } from '../../domain/person.ts';
import { isRivalry, type RequestMessage } from '../../domain/request.ts';
import { plain, type Card } from '../card.ts';
import { contradictionWords } from '../texts/contradictions.ts';
import { shorten } from '../texts/texts.ts';
import type { RequestView } from '../views.ts';
import { createPen, type CardContext } from './context.ts';
import { requestCard, requestTitle } from './request.ts';
import { answerButton, messageInlines, saidCharsMax } from './request-talk.ts';

/**
 * A question to the requester with a way to answer, an answer to whoever asked with the ballots, or what became of a
 * request that contradicts theirs, with a way to withdraw it.
 */
export function requestMessageCard(
  told: { readonly message: RequestMessage; readonly view: RequestView },
  reader: Person,
  context: CardContext,
): Card {
  const { message, view } = told;
  const pen = createPen(reader, context);
  const { request, colon } = pen.texts;
  const full = requestCard(view, reader, context);
  const isQuestion = message.kind === 'question';
  const rival = isRivalry(message) ? contradictionWords[reader.locale].rival[message.kind] : null;
  const what = rival?.title ?? (isQuestion ? request.questionTitle : request.answerTitle);
  const title = `${what}${pen.texts.listBreak}${requestTitle(view, pen)}`;
  const answer = view.messages.find(
    (one) => one.kind === 'answer' && one.questionId === message.id,
  );
  const question =
    message.kind === 'answer'
      ? view.messages.find(({ id }) => id === message.questionId)
      : undefined;
  const isOpen = isQuestion && answer === undefined && view.request.state.kind === 'voting';
  return {
    ...full,
    title,
    blocks: [
      ...[question, message].flatMap((one) =>
        one === undefined ? [] : [{ kind: 'text' as const, text: messageInlines(one, view, pen) }],
      ),
      {
        kind: 'text',
        text: [
          plain(`${request.about}${colon}`),
          ...(full.blocks[0]?.kind === 'text' ? full.blocks[0].text : []),
        ],
      },
      ...(rival === null ? [] : [{ kind: 'note' as const, text: [plain(rival.hint)] }]),
      ...(isOpen ? [{ kind: 'note' as const, text: [plain(request.voteGoesOn)] }] : []),
    ],
    buttons: isOpen ? [answerButton(view, message.id, pen)] : isQuestion ? [] : full.buttons,
    outcome:
      answer === undefined
        ? full.outcome
        : [plain(request.answered(pen.format.dateTime(answer.atMs)))],
    summary: rival !== null ? title : `${title}${colon}${shorten(message.text, saidCharsMax)}`,
  };
}
