import { notFound, sound, type RequestKind } from './request-kind.ts';
import { codeFault, conventionFault, definitionFault, nameFault, twinFault } from './tag-words.ts';

/** A tag that the dictionary does not have yet. Its card says all of it. */
export const createTag: RequestKind<'create-tag'> = {
  tags: ({ code }) => [code],
  rules: () => [],
  putsOn: () => [],
  changesCustomers: () => false,
  changes: () => [],
  prepare(asked, { tags, people, naming }) {
    const fault =
      codeFault(asked.code) ??
      nameFault(asked.name) ??
      definitionFault(asked.definition) ??
      twinFault(asked, tags) ??
      conventionFault(asked, naming);
    if (fault !== null) return fault;
    return people.get(asked.ownerCode)?.status === 'active'
      ? sound(asked)
      : notFound('person', asked.ownerCode);
  },
};
