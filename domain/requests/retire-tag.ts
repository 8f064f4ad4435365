import { invalid, notFound, sound, type RequestKind } from './request-kind.ts';

/** A tag that goes, with nothing in its place. */
export const retireTag: RequestKind<'retire-tag'> = {
  tags: ({ code }) => [code],
  rules: () => [],
  putsOn: () => [],
  changesCustomers: () => true,
  changes: () => [],
  prepare(asked, { tags }) {
    const tag = tags.find(({ code }) => code === asked.code);
    if (tag === undefined) return notFound('tag', asked.code);
    return tag.status === 'archived' ? invalid('tag', 'a tag that is still in use') : sound(asked);
  },
};
