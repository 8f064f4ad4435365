import type { Tag } from '../tag.ts';
import { partChanges } from './part-change.ts';
import { invalid, notFound, sound, type Known, type RequestKind } from './request-kind.ts';
import { tagPartValues } from './tag-parts.ts';
import { conventionFault, definitionFault, nameFault, twinFault } from './tag-words.ts';

/** A tag that may be put on from now on: one that was only proposed, or one that comes back into use. */
export const activateTag: RequestKind<'activate-tag'> = {
  tags: ({ code }) => [code],
  rules: () => [],
  putsOn: () => [],
  changesCustomers: () => false,
  changes: ({ before }) => partChanges(tagPartValues(before), tagPartValues(inUse(before))),
  prepare({ kind, code }, known) {
    const tag = known.tags.find((one) => one.code === code);
    if (tag === undefined) return notFound('tag', code);
    if (tag.status === 'active') return invalid('change', 'a tag that is not in use');
    const { status, successorCode } = tag;
    return useFault(tag, known) ?? sound({ kind, code, before: { status, successorCode } });
  },
};

/** Nothing takes the place of a tag that comes back; what succeeds a new one at the end of its life stays. */
export function inUse({ status, successorCode }: Pick<Tag, 'status' | 'successorCode'>) {
  return { status: 'active', successorCode: status === 'proposed' ? successorCode : null } as const;
}

/** A tag in use needs what every new one needs. */
function useFault(tag: Tag, { tags, people, naming }: Known) {
  const others = tags.filter(({ code, status }) => code !== tag.code && status !== 'archived');
  const parent = tags.find(({ code }) => code === tag.parentCode);
  return (
    nameFault(tag.name) ??
    definitionFault(tag.definition) ??
    twinFault({ code: null, name: tag.name }, others) ??
    conventionFault(tag, naming) ??
    (people.get(tag.ownerCode)?.status === 'active' ? null : notFound('person', tag.ownerCode)) ??
    (parent?.status === 'archived'
      ? invalid('parent', 'a main tag that is not archived, or none')
      : null)
  );
}
