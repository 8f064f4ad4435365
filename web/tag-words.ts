import type { ChangeNames } from '../bot/cards/request-changes.ts';
import type { Tag } from '../domain/tag.ts';
import type { PillTone } from './parts.tsx';
import type { Knowledge } from './visibility.ts';

export const tagStatusTones: Readonly<Record<Tag['status'], PillTone>> = {
  proposed: 'notice',
  active: 'good',
  deprecated: 'bad',
  archived: 'neutral',
};

/** What codes stand for, without tags that the reader may not see. */
export function changeNamesFor(knowledge: Knowledge): ChangeNames {
  const { dictionary, hidden, departments, duties, people } = knowledge;
  const secret = new Set(hidden.tagCodes);
  return {
    tags: new Map(
      dictionary.tags.filter(({ code }) => !secret.has(code)).map((tag) => [tag.code, tag]),
    ),
    attributes: dictionary.attributes,
    departments,
    duties,
    people,
  };
}
