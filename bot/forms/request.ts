import { mayVeto, type Ballot } from '../../domain/request.ts';
import { plain, type Block } from '../card.ts';
import { personInline, type Pen } from '../cards/context.ts';
import { ballotOf, requestTitle } from '../cards/request.ts';
import type { Form } from '../form.ts';
import { personName, shorten } from '../texts/texts.ts';
import type { RequestView } from '../views.ts';
import { commentCharsMax, commentField } from './warning.ts';

export function voteForm(view: RequestView, ballot: Ballot, pen: Pen): Form {
  const words = pen.texts.form.vote;
  const { request } = view;
  const blocks: Block[] = [{ kind: 'note', text: [plain(requestTitle(view, pen))] }];
  const { state } = request;
  if (state.kind === 'voting' && state.chair !== undefined) {
    blocks.push({ kind: 'text', text: [plain(words.chair(state.chair))] });
  }
  if (ballot === 'recuse') blocks.push({ kind: 'text', text: [plain(words.recuseHint)] });
  if (ballot === 'reject') {
    blocks.push({ kind: 'text', text: [plain(words.rejectHint)] });
    const cast = ballotOf(view, pen.reader, pen.nowMs);
    if (mayVeto(request, cast)) {
      const { inPlaceOf } = cast;
      const text =
        inPlaceOf === undefined
          ? words.veto
          : words.deputyVeto(personName(inPlaceOf, view.people, pen.reader.locale));
      blocks.push({ kind: 'text', text: [plain(text)] });
    }
  }
  return {
    locale: pen.reader.locale,
    title: words.title[ballot],
    blocks,
    fields: [commentField({ id: 'comment', label: words.comment, required: ballot === 'reject' })],
    submitLabel: words.title[ballot],
    submitStyle: ballot === 'reject' ? 'danger' : 'primary',
    action: { kind: 'vote', requestId: request.id, ballot },
  };
}

/** Asks once more before a request is taken back. */
export function withdrawForm(view: RequestView, pen: Pen): Form {
  const words = pen.texts.confirm.withdraw;
  return {
    ...about(view, words.title, pen),
    fields: [],
    submitLabel: words.yes,
    submitStyle: 'danger',
    action: { kind: 'withdraw-request', requestId: view.request.id },
  };
}

/** A question to the requester, the answer to one, or a comment. */
export function talkForm(
  view: RequestView,
  what:
    | { readonly kind: 'ask' | 'comment-request' }
    | { readonly kind: 'answer'; readonly questionId: number },
  pen: Pen,
): Form {
  const requestId = view.request.id;
  const words = pen.texts.form.talk[what.kind];
  const asked =
    what.kind === 'answer' ? view.messages.find(({ id }) => id === what.questionId) : undefined;
  const frame = about(view, words.title, pen);
  return {
    ...frame,
    blocks: [
      ...frame.blocks,
      ...(asked === undefined
        ? []
        : [
            {
              kind: 'text' as const,
              text: [
                personInline(pen, asked.by, view.people),
                plain(`${pen.texts.colon}${shorten(asked.text, commentCharsMax)}`),
              ],
            },
          ]),
      { kind: 'note', text: [plain(words.intro)] },
    ],
    fields: [commentField({ id: 'comment', label: words.label, required: true })],
    submitLabel: words.submit,
    submitStyle: 'primary',
    action: what.kind === 'answer' ? { ...what, requestId } : { kind: what.kind, requestId },
  };
}

function about(
  view: RequestView,
  title: string,
  pen: Pen,
): Pick<Form, 'locale' | 'title' | 'blocks'> {
  const subject = { kind: 'note' as const, text: [plain(requestTitle(view, pen))] };
  return { locale: pen.reader.locale, title, blocks: [subject] };
}
