import { ownerFault } from '../owner-fault.ts';
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
    .filter(({ ownerCode }) => ownerFault(ownerCode, people) !== null)
    .map((tag) => tag.id),
);
