import type { Dictionary } from '../dictionary.ts';
import { hiddenFrom, unseenPart } from '../hidden.ts';
import type { Department, Person } from '../person.ts';
import type { RequestProposal, SingleFault } from '../request.ts';
import { findUnusable } from '../rights.ts';
import { tagsPutOnBy } from './registry.ts';

/**
 * Why somebody may not ask for a sound proposal: it is about what they may not see, or would put a sensitive tag on
 * customers that they may not use themselves. Null: they may.
 */
export function askerFault(
  proposal: RequestProposal,
  asker: Person,
  known: {
    readonly dictionary: Dictionary;
    readonly people: ReadonlyMap<string, Person>;
    readonly departments: ReadonlyMap<string, Department>;
  },
): SingleFault | null {
  const { dictionary, people } = known;
  const codes = tagsPutOnBy(proposal);
  const tags = dictionary.tags.filter(({ code }) => codes.includes(code));
  return (
    unseenPart(proposal, hiddenFrom(asker, dictionary, people), dictionary) ??
    findUnusable(asker, tags, known)
  );
}
