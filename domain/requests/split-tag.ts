import { conditionFault } from './criterion.ts';
import { invalid, notFound, sound, type RequestKind } from './request-kind.ts';
import { codeFault, conventionFault, definitionFault, nameFault, twinFault } from './tag-words.ts';

/** One tag that means two things becomes two, told apart by a condition over the customer's attributes. */
export const splitTag: RequestKind<'split-tag'> = {
  tags: ({ code, met, unmet }) => [code, met.code, unmet.code],
  rules: () => [],
  putsOn: ({ code }) => [code],
  changesCustomers: () => true,
  changes: () => [],
  prepare(asked, { tags, attributes, naming }) {
    const tag = tags.find(({ code }) => code === asked.code);
    if (tag === undefined) return notFound('tag', asked.code);
    if (tag.status !== 'active') return invalid('tag', 'a tag that is active');
    for (const part of [asked.met, asked.unmet]) {
      const fault =
        codeFault(part.code) ??
        nameFault(part.name) ??
        definitionFault(part.definition) ??
        twinFault(part, tags) ??
        conventionFault({ ...tag, name: part.name }, naming);
      if (fault !== null) return fault;
    }
    if (asked.met.code === asked.unmet.code) return invalid('code', 'two different codes');
    return conditionFault('criterion', asked.criterion, attributes) ?? sound(asked);
  },
};
