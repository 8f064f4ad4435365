import { canonicalJson } from '../canonical-json.ts';
import type { TagParts } from '../request.ts';
import type { Tag } from '../tag.ts';
import { partChanges } from './part-change.ts';
import { partsFault } from './part-faults.ts';
import { invalid, notFound, sound, type Known, type RequestKind } from './request-kind.ts';
import { tagPartValues } from './tag-parts.ts';
import { conventionFault, nameFault, twinFault } from './tag-words.ts';

/** Other words, another owner, another scope of a tag. Its code stays, and so do the customers who carry it. */
export const changeTag: RequestKind<'change-tag'> = {
  tags: ({ code }) => [code],
  rules: () => [],
  putsOn: () => [],
  changesCustomers: () => false,
  changes: ({ before, after }) => partChanges(tagPartValues(before), tagPartValues(after)),
  prepare({ kind, code, after: wanted }, known) {
    const tag = known.tags.find((one) => one.code === code);
    if (tag === undefined) return notFound('tag', code);
    if (tag.status === 'archived') return invalid('tag', 'a tag that is still in use');
    const { before, after } = onlyChanged(tag, wanted);
    if (Object.keys(after).length === 0) {
      return invalid('change', 'at least one part that is to be other than it is');
    }
    return (
      wordsFault(tag, after, known) ??
      partsFault(tag, after, known) ??
      sound({ kind, code, before, after })
    );
  },
};

function onlyChanged(
  tag: Tag,
  wanted: Partial<TagParts>,
): { readonly before: Partial<TagParts>; readonly after: Partial<TagParts> } {
  const keys = (Object.keys(wanted) as (keyof TagParts)[]).filter(
    (key) => wanted[key] !== undefined && canonicalJson(wanted[key]) !== canonicalJson(tag[key]),
  );
  const pick = (from: Partial<TagParts>): Partial<TagParts> =>
    Object.fromEntries(keys.map((key) => [key, from[key]]));
  return { before: pick(tag), after: pick(wanted) };
}

function wordsFault(tag: Tag, after: Partial<TagParts>, known: Known) {
  const { name } = after;
  if (name === undefined) return null;
  const others = known.tags.filter((one) => one.code !== tag.code);
  return (
    nameFault(name) ??
    twinFault({ code: null, name }, others) ??
    conventionFault({ ...tag, ...after, name }, known.naming)
  );
}
