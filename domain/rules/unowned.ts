import type { UnownedRule } from '../rule.ts';
import { onDictionary } from './on-dictionary.ts';

/**
 * A tag for which nobody answers: its owner is unknown, has left, or is no longer an owner.
 *
 * Parameters: none.
 *
 * Findings: each active or deprecated tag of that sort. The warning goes to the rule's owner or the first data admin.
 *
 * Cost: one look at each tag of the dictionary.
 */
export const unowned = onDictionary<UnownedRule>('unowned', (_rule, dictionary, { people }) =>
  dictionary.tags
    .filter((tag) => tag.status === 'active' || tag.status === 'deprecated')
    .filter((tag) => {
      const owner = people.get(tag.ownerCode);
      return owner?.status !== 'active' || !owner.roles.includes('owner');
    })
    .map((tag) => tag.id),
);
