import { namedTag } from '../../commands/fill-proposal.ts';
import type { Tag } from '../../domain/tag.ts';
import { plain } from '../card.ts';
import type { Field, Form, Option } from '../form.ts';
import type { Reply } from '../interaction.ts';
import { nameIn } from '../texts/texts.ts';
import { form, ownWords, type Desk } from './desk.ts';

const tagsOfferedMax = 10;

/**
 * The form again where it names a tag by part of its name, pinyin or a synonym, with what that may mean to choose
 * from, since nothing should be asked for on a guess. Null where every tag is named by its code or whole name, or
 * nothing is like it.
 */
export async function clarifyTags(
  desk: Desk,
  again: Form,
  fields: Readonly<Record<string, string>>,
): Promise<Reply | null> {
  const { texts, reader } = desk.pen;
  const { tags } = await desk.views.dictionary(desk.actor.person);
  const offers = new Map<string, readonly Option[]>();
  const unclear: string[] = [];
  for (const field of again.fields) {
    const typed = ownWords(fields[field.id]);
    if (field.kind !== 'search' || field.source !== 'tags' || typed === '') continue;
    const option = ({ code, name }: Pick<Tag, 'code' | 'name'>): Option => ({
      value: code,
      label: nameIn(reader.locale, name),
      hint: '',
    });
    const exact = namedTag(typed, tags);
    const found =
      exact === null
        ? await desk.views.searchTags(desk.actor.person, typed, tagsOfferedMax)
        : [exact];
    const offered = found.map(option);
    if (exact === null && offered.length > 0) unclear.push(typed);
    if (offered.length > 0) offers.set(field.id, offered);
  }
  if (unclear.length === 0) return null;
  const words = texts.form.request.whichTag(unclear.map(texts.quote).join(texts.listSeparator));
  return form({
    ...again,
    blocks: [{ kind: 'text', text: [plain(words)] }, ...again.blocks],
    fields: again.fields.map((field): Field => {
      const suggestions = offers.get(field.id);
      if (field.kind !== 'search' || suggestions === undefined) return field;
      return { ...field, suggestions, initial: suggestions[0]?.value ?? '' };
    }),
  });
}
