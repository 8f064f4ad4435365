import { askedKinds, type AskedKind } from '../../domain/asked-kind.ts';
import { fillProposal, namedTag, type Fields } from '../../commands/fill-proposal.ts';
import type { Ballot } from '../../domain/request.ts';
import type { FormAction } from '../actions.ts';
import {
  chooseRequestForm,
  chooseTagForm,
  filledFrom,
  newRequestForm,
  type NewRequest,
} from '../forms/new-request.ts';
import type { Reply } from '../interaction.ts';
import { form, answer, missing, ownWords, refuse, type Desk } from './desk.ts';
import { clarifyTags } from './tag-fields.ts';

export async function vote(
  desk: Desk,
  cast: { readonly requestId: number; readonly ballot: Ballot },
  fields: Fields,
): Promise<Reply> {
  const { actor, commands, context, texts } = desk;
  const comment = ownWords(fields['comment']);
  if (cast.ballot === 'reject' && comment === '') return missing(desk, 'comment');
  const result = await commands.voteOnRequest(context, actor, {
    requestId: cast.requestId,
    ballot: cast.ballot,
    comment,
  });
  return answer(desk, result, () => texts.reply.voted(texts.request.ballot[cast.ballot]));
}

/** A question to the requester, its answer, or a comment. */
export async function talk(
  desk: Desk,
  action: Extract<FormAction, { kind: 'ask' | 'answer' | 'comment-request' }>,
  fields: Fields,
): Promise<Reply> {
  const { actor, commands, context, texts } = desk;
  const { requestId } = action;
  const text = ownWords(fields['comment']);
  if (text === '') return missing(desk, 'comment');
  switch (action.kind) {
    case 'ask': {
      const result = await commands.askRequester(context, actor, { requestId, text });
      return answer(desk, result, () => texts.reply.asked);
    }
    case 'answer': {
      const { questionId } = action;
      const said = { requestId, questionId, text };
      const result = await commands.answerQuestion(context, actor, said);
      return answer(desk, result, () => texts.reply.answered);
    }
    case 'comment-request': {
      const result = await commands.commentOnRequest(context, actor, { requestId, text });
      return answer(desk, result, () => texts.reply.commented);
    }
  }
}

export async function chooseRequest(desk: Desk, fields: Fields): Promise<Reply> {
  const what = askedKinds.find((known) => known === fields['what']);
  if (what === undefined) return form(chooseRequestForm(desk.pen));
  if (what === 'change') return form(chooseTagForm(desk.pen));
  return showForm(desk, { what, filled: {}, preview: null });
}

/** The tag as it is, to be changed. */
export async function chooseTagToChange(desk: Desk, fields: Fields): Promise<Reply> {
  const typed = ownWords(fields['tag']);
  if (typed === '') return missing(desk, 'tag');
  const { tags } = await desk.views.dictionary(desk.actor.person);
  const tag = namedTag(typed, tags);
  if (tag === null) {
    const clarified = await clarifyTags(desk, chooseTagForm(desk.pen), fields);
    if (clarified !== null) return clarified;
  }
  return tag === null
    ? refuse(desk, { kind: 'not-found', what: 'tag', id: typed })
    : showForm(desk, { what: 'change', filled: filledFrom(tag, desk.pen), preview: null });
}

/** Shows what it would do, and tags that may already mean this, before the committee is asked. */
export async function newRequest(
  desk: Desk,
  asked: { readonly what: AskedKind; readonly similarSeen: boolean },
  fields: Fields,
): Promise<Reply> {
  const { actor, commands, context, texts, views } = desk;
  const { what } = asked;
  const { next, ...written } = fields;
  if (next === 'draft') return keepForLater(desk, what, written);
  const reason = ownWords(fields['reason']);
  const [dictionary, people] = await Promise.all([views.dictionary(actor.person), views.people()]);
  const known = { ...dictionary, people };
  const again = { what, filled: fields, preview: null, attributes: dictionary.attributes };
  const clarified = await clarifyTags(desk, newRequestForm(again, desk.pen), fields);
  if (clarified !== null) return clarified;
  const filled = fillProposal(what, fields, { known, requester: actor.person });
  if (filled.kind === 'missing') return missing(desk, filled.field);
  if (filled.kind === 'refused') return refuse(desk, filled.refusal);
  if (reason === '') return missing(desk, 'reason');
  const { proposal } = filled;
  if (!asked.similarSeen) {
    const previewed = await views.previewRequest(proposal, actor.person);
    if (previewed.kind === 'faulty') return refuse(desk, previewed.fault);
    const { preview } = previewed;
    // A new tag concerns nobody yet: there may be nothing to look at.
    const { similar, naming, contradictions } = preview;
    const hasNews = [similar, naming, contradictions].some((found) => found.length > 0);
    if (what !== 'create' || hasNews) {
      return showForm(desk, { what, filled: fields, preview });
    }
  }
  const result = await commands.submitRequest(context, actor, { proposal, reason });
  return answer(desk, result, ({ request }) => texts.reply.submitted(request.id));
}

/** Whatever is written so far, whether or not it would do. */
async function keepForLater(desk: Desk, what: AskedKind, fields: Fields): Promise<Reply> {
  const { actor, commands, context, texts, pen } = desk;
  const result = await commands.keepDraft(context, actor, { id: null, kind: what, fields });
  return answer(desk, result, ({ draftId }) =>
    texts.reply.draftKept(`${pen.publicUrl}/requests/new?draft=${draftId}`),
  );
}

async function showForm(desk: Desk, asked: Omit<NewRequest, 'attributes'>): Promise<Reply> {
  const { attributes } = await desk.views.dictionary(desk.actor.person);
  return form(newRequestForm({ ...asked, attributes }, desk.pen));
}
