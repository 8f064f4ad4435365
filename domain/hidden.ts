import type { Dictionary } from './dictionary.ts';
import type { Person } from './person.ts';
import { maySeeTag } from './rights.ts';
import type { RequestProposal } from './request.ts';
import { rulesOfProposal, tagsOfProposal } from './requests/registry.ts';
import { tagsOfRule } from './rule-tags.ts';
import type { Tag } from './tag.ts';

/** What of the dictionary a reader may not see, because it is sensitive and not their department's. */
export interface Hidden {
  readonly tagCodes: readonly string[];
  readonly tagIds: readonly number[];
  /** Rules that name such a tag. */
  readonly ruleIds: readonly number[];
}

export function hiddenFrom(
  reader: Person,
  dictionary: Dictionary,
  people: ReadonlyMap<string, Person>,
): Hidden {
  return hiddenWith(
    dictionary,
    dictionary.tags.filter((tag) => !maySeeTag(reader, tag, people)),
  );
}

/** Where anybody may read: no sensitive tag at all. */
export function hiddenFromAnybody(dictionary: Dictionary): Hidden {
  return hiddenWith(
    dictionary,
    dictionary.tags.filter(({ sensitive }) => sensitive),
  );
}

function hiddenWith(dictionary: Dictionary, tags: readonly Tag[]): Hidden {
  const codes = new Set(tags.map((tag) => tag.code));
  return {
    tagCodes: [...codes],
    tagIds: tags.map((tag) => tag.id),
    ruleIds: dictionary.rules
      .filter((rule) => tagsOfRule(rule, dictionary).some((code) => codes.has(code)))
      .map((rule) => rule.id),
  };
}

/** The first tag or rule that a proposal is about and the reader may not see, as if it were not there; null: none. */
export function unseenPart(
  proposal: RequestProposal,
  hidden: Hidden,
  dictionary: Pick<Dictionary, 'rules'>,
): { readonly kind: 'not-found'; readonly what: 'tag' | 'rule'; readonly id: string } | null {
  const tagCode = tagsOfProposal(proposal).find((code) => hidden.tagCodes.includes(code));
  if (tagCode !== undefined) return { kind: 'not-found', what: 'tag', id: tagCode };
  const codes = rulesOfProposal(proposal);
  const rule = dictionary.rules.find(
    ({ id, code }) => codes.includes(code) && hidden.ruleIds.includes(id),
  );
  return rule === undefined ? null : { kind: 'not-found', what: 'rule', id: rule.code };
}

/** Whether what a proposal is about, tags and rules, may be seen by a reader from whom this is hidden. */
export function maySeeProposal(
  proposal: RequestProposal,
  hidden: Hidden,
  dictionary: Pick<Dictionary, 'rules'>,
): boolean {
  return unseenPart(proposal, hidden, dictionary) === null;
}

/** Without sensitive tags that are not for this reader, and without the rules about them. */
export function visibleDictionary(
  dictionary: Dictionary,
  reader: Person,
  people: ReadonlyMap<string, Person>,
): Dictionary {
  const { tagCodes, ruleIds } = hiddenFrom(reader, dictionary, people);
  if (tagCodes.length === 0) return dictionary;
  return {
    ...dictionary,
    tags: dictionary.tags.filter(({ code }) => !tagCodes.includes(code)),
    rules: dictionary.rules.filter(({ id }) => !ruleIds.includes(id)),
  };
}
