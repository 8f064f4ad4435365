import type { Tag } from '../tag.ts';
import { invalid, notFound, sound, type RequestKind } from './request-kind.ts';

/** A tag that is not to be put on any more, with what replaces it. */
export const deprecateTag: RequestKind<'deprecate-tag'> = {
  tags: ({ code, successorCode }) => (successorCode === null ? [code] : [code, successorCode]),
  rules: () => [],
  putsOn: ({ successorCode, replaces }) =>
    replaces && successorCode !== null ? [successorCode] : [],
  changesCustomers: ({ replaces }) => replaces,
  changes: () => [],
  prepare(asked, { tags }) {
    const { code, successorCode, replaces } = asked;
    const tag = tags.find((one) => one.code === code);
    if (tag === undefined) return notFound('tag', code);
    const isSo = tag.status === 'deprecated' && tag.successorCode === successorCode && !replaces;
    if (tag.status === 'archived' || isSo) {
      return invalid('tag', 'a tag that is still in use');
    }
    if (successorCode === null) {
      return replaces ? invalid('successor', 'the tag that customers get instead') : sound(asked);
    }
    return successorFault(code, successorCode, tags) ?? sound(asked);
  },
};

function successorFault(code: string, successorCode: string, tags: readonly Tag[]) {
  if (code === successorCode) return invalid('successor', 'another tag than the one that goes');
  const successor = tags.find((one) => one.code === successorCode);
  if (successor === undefined) return notFound('tag', successorCode);
  return successor.status === 'active' ? null : invalid('successor', 'a tag that is active');
}
