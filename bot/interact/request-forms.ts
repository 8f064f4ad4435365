import type { Ballot, RequestProposal } from '../../domain/request.ts';
import { tagCategories, tagLevels, type Tag } from '../../domain/tag.ts';
import type { FormAction } from '../actions.ts';
import {
  chooseRequestForm,
  requestMergeForm,
  requestRetireForm,
  requestTagForm,
} from '../forms/request.ts';
import type { Reply } from '../interaction.ts';
import { form } from './buttons.ts';
import { answer, refuse, type Desk } from './desk.ts';
import { missing, ownWords } from './warning-forms.ts';

type Fields = Readonly<Record<string, string>>;

const tagsLookedAtMax = 5;

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

export function chooseRequest(desk: Desk, fields: Fields): Reply {
  switch (fields['what'] ?? '') {
    case 'create-tag':
      return form(requestTagForm({}, null, desk.pen));
    case 'merge-tags':
      return form(requestMergeForm({}, desk.pen));
    case 'retire-tag':
      return form(requestRetireForm({}, desk.pen));
    default:
      return form(chooseRequestForm(desk.pen));
  }
}

const tagFields = ['name', 'nameEn', 'code', 'definition', 'reason'] as const;

/** Shows tags that may already mean this before the committee is asked. */
export async function requestTag(desk: Desk, similarSeen: boolean, fields: Fields): Promise<Reply> {
  const empty = tagFields.find((id) => ownWords(fields[id]) === '');
  if (empty !== undefined) return missing(desk, empty);
  const level = tagLevels.find((known) => known === fields['level']);
  const category = tagCategories.find((known) => known === fields['category']);
  if (level === undefined) return missing(desk, 'level');
  if (category === undefined) return missing(desk, 'category');
  const definition = ownWords(fields['definition']);
  const proposal: RequestProposal = {
    kind: 'create-tag',
    code: ownWords(fields['code']),
    name: { 'zh-CN': ownWords(fields['name']), en: ownWords(fields['nameEn']) },
    definition: { 'zh-CN': definition, en: definition },
    level,
    category,
    departmentCodes: [],
    ownerCode: proposedOwner(desk),
    lifeDays: null,
  };
  if (!similarSeen) {
    const similar = await desk.views.similarTags(proposal);
    if (similar.length > 0) return form(requestTagForm(fields, similar, desk.pen));
  }
  return submit(desk, proposal, ownWords(fields['reason']));
}

/** Whoever may own tags and asks for one owns it; for others their manager does until somebody else is named. */
function proposedOwner(desk: Desk): string {
  const { person } = desk.actor;
  return person.roles.includes('owner') ? person.code : (person.managerCode ?? person.code);
}

export async function requestMerge(desk: Desk, fields: Fields): Promise<Reply> {
  const reason = ownWords(fields['reason']);
  if (reason === '') return missing(desk, 'reason');
  const codes: string[] = [];
  for (const id of ['from', 'into'] as const) {
    const named = ownWords(fields[id]);
    if (named === '') return missing(desk, id);
    const tag = await findTag(desk, named);
    if (tag === null) return refuse(desk, { kind: 'not-found', what: 'tag', id: named });
    codes.push(tag.code);
  }
  const [fromCode = '', intoCode = ''] = codes;
  return submit(desk, { kind: 'merge-tags', fromCode, intoCode }, reason);
}

export async function requestRetire(desk: Desk, fields: Fields): Promise<Reply> {
  const reason = ownWords(fields['reason']);
  if (reason === '') return missing(desk, 'reason');
  const named = ownWords(fields['from']);
  if (named === '') return missing(desk, 'from');
  const tag = await findTag(desk, named);
  if (tag === null) return refuse(desk, { kind: 'not-found', what: 'tag', id: named });
  return submit(desk, { kind: 'retire-tag', code: tag.code }, reason);
}

/** A tag by its code or by its whole name in either language. */
async function findTag(desk: Desk, named: string): Promise<Pick<Tag, 'code'> | null> {
  const wanted = named.toLowerCase();
  const found = await desk.views.searchTags(named, tagsLookedAtMax);
  return (
    found.find((tag) =>
      [tag.code, tag.name['zh-CN'], tag.name.en].some((name) => name.toLowerCase() === wanted),
    ) ?? null
  );
}

async function submit(desk: Desk, proposal: RequestProposal, reason: string): Promise<Reply> {
  const { actor, commands, context, texts } = desk;
  const result = await commands.submitRequest(context, actor, { proposal, reason });
  return answer(desk, result, ({ request }) => texts.reply.submitted(request.id));
}
