import { namedTag, type Fields } from '../../commands/fill-proposal.ts';
import { reviewWords } from '../texts/review.ts';
import type { Reply } from '../interaction.ts';
import { answer, ownWords, refuse, type Desk } from './desk.ts';

/** What is named is no longer needed, the rest of one's own tags is kept. */
export async function answerReview(desk: Desk, reviewId: number, fields: Fields): Promise<Reply> {
  const { actor, commands, context, views, pen } = desk;
  const { tags } = await views.dictionary(actor.person);
  const retire: string[] = [];
  for (const line of ownWords(fields['retire']).split(/[\n,，、;；]/u)) {
    const typed = line.trim();
    if (typed === '') continue;
    const tag = namedTag(typed, tags);
    if (tag === null) return refuse(desk, { kind: 'not-found', what: 'tag', id: typed });
    retire.push(tag.code);
  }
  const input = { reviewId, keep: [], retire, keepRest: true };
  const result = await commands.answerReview(context, actor, input);
  return answer(desk, result, (said) =>
    reviewWords[pen.reader.locale].done(
      pen.format.number(said.keep),
      pen.format.number(said.retire),
    ),
  );
}
