import { invalid, notFound, sound, type RequestKind } from './request-kind.ts';

/** Two tags that mean the same become one. */
export const mergeTags: RequestKind<'merge-tags'> = {
  tags: ({ fromCode, intoCode }) => [fromCode, intoCode],
  rules: () => [],
  putsOn: ({ intoCode }) => [intoCode],
  changesCustomers: () => true,
  changes: () => [],
  prepare(asked, { tags }) {
    const { fromCode, intoCode } = asked;
    if (fromCode === intoCode) return invalid('into', 'another tag than the one merged away');
    if (!tags.some((tag) => tag.code === fromCode)) return notFound('tag', fromCode);
    const into = tags.find((tag) => tag.code === intoCode);
    if (into === undefined) return notFound('tag', intoCode);
    return into.status === 'active' ? sound(asked) : invalid('into', 'a tag that is active');
  },
};
