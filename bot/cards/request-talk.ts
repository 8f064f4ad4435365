import {
  isRivalry,
  openQuestions,
  type RequestMessage,
  type Rivalry,
} from '../../domain/request.ts';
import { plain, type Block, type Button, type Inline } from '../card.ts';
import { contradictionWords } from '../texts/contradictions.ts';
import { personName, shorten } from '../texts/texts.ts';
import type { RequestView } from '../views.ts';
import { personInline, type Pen } from './context.ts';

const messagesMax = 6;
/** Of what somebody said, on a card. */
export const saidCharsMax = 300;

/** What was said about a request beside the votes, newest last. */
export function messageBlocks(view: RequestView, pen: Pen): readonly Block[] {
  const { messages } = view;
  if (messages.length === 0) return [];
  const shown = messages.slice(-messagesMax);
  return [
    {
      kind: 'list',
      title: pen.texts.request.messages,
      items: shown.map((message) => messageInlines(message, view, pen)),
      more:
        messages.length > shown.length ? pen.texts.moreItems(messages.length - shown.length) : null,
    },
  ];
}

export function messageInlines(
  message: RequestMessage,
  view: RequestView,
  pen: Pen,
): readonly Inline[] {
  const { request, colon } = pen.texts;
  if (isRivalry(message)) {
    const { said } = contradictionWords[pen.reader.locale].rival[message.kind];
    return [personInline(pen, message.by, view.people), plain(` ${said(`#${message.rivalId}`)}`)];
  }
  return [
    personInline(pen, message.by, view.people),
    plain(` ${messageVerb(message, view, pen)}${colon}${shorten(message.text, saidCharsMax)}`),
    ...(openQuestions(view.messages).includes(message) && view.request.state.kind === 'voting'
      ? [plain(pen.texts.parentheses(request.unanswered))]
      : []),
  ];
}

function messageVerb(
  message: Exclude<RequestMessage, Rivalry>,
  view: RequestView,
  pen: Pen,
): string {
  const { said } = pen.texts.request;
  switch (message.kind) {
    case 'comment':
      return said.comment;
    case 'question':
      return said.question;
    case 'answer': {
      const asker = view.messages.find(({ id }) => id === message.questionId)?.by ?? '';
      return said.answer(personName(asker, view.people, pen.reader.locale));
    }
  }
}

/** Opens the form for a question's answer. */
export function answerButton(view: RequestView, questionId: number, pen: Pen): Button {
  return {
    label: pen.texts.button.answer,
    style: 'primary',
    action: { kind: 'open-answer', requestId: view.request.id, questionId },
    confirm: null,
  };
}
