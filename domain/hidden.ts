import type { Dictionary } from './dictionary.ts';
import type { Person } from './person.ts';
import { assertNever } from './assert-never.ts';
import { maySeeTag, type Secrecy } from './rights.ts';
import { itemsOf, type RequestProposal, type SingleProposal } from './request.ts';
import { rulesOfProposal, tagsOfProposal } from './requests/registry.ts';
import { tagsNamedBy, tagsOfRule } from './rule-tags.ts';
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

/** Whether all that a proposal is about may be seen by a reader: tags, those it would make included, and rules. */
export function maySeeProposal(
  reader: Person,
  proposal: RequestProposal,
  known: {
    readonly hidden: Hidden;
    readonly dictionary: Pick<Dictionary, 'tags' | 'rules'>;
    readonly people: ReadonlyMap<string, Person>;
  },
): boolean {
  const { hidden, dictionary, people } = known;
  const tagCodes = [...tagsOfProposal(proposal), ...itemsOf(proposal).flatMap(tagsNamedIn)];
  if (tagCodes.some((code) => hidden.tagCodes.includes(code))) return false;
  const ruleCodes = rulesOfProposal(proposal);
  const isRuleHidden = dictionary.rules.some(
    ({ id, code }) => ruleCodes.includes(code) && hidden.ruleIds.includes(id),
  );
  return (
    !isRuleHidden &&
    sensitiveTagsMade(proposal, dictionary).every((tag) => maySeeTag(reader, tag, people))
  );
}

/** Tags of the dictionary that a change names beside what it is about. */
function tagsNamedIn(item: SingleProposal): readonly string[] {
  switch (item.kind) {
    case 'create-tag':
      return [item.parentCode ?? ''];
    case 'change-tag':
      return [item.before.parentCode ?? '', item.after.parentCode ?? ''];
    case 'change-rule':
      return [
        ...(item.before === null ? [] : tagsNamedBy(item.before)),
        ...tagsNamedBy(item.after),
      ];
    case 'activate-tag':
    case 'merge-tags':
    case 'split-tag':
    case 'deprecate-tag':
    case 'retire-tag':
    case 'exception':
      return [];
    default:
      return assertNever(item);
  }
}

/** Sensitive tags that a proposal asks for; once the dictionary has one, it says who may see it. */
export function sensitiveTagsMade(
  proposal: RequestProposal,
  { tags }: Pick<Dictionary, 'tags'>,
): readonly Secrecy[] {
  return itemsOf(proposal).flatMap((item) =>
    item.kind === 'create-tag' &&
    item.sensitive === true &&
    !tags.some(({ code }) => code === item.code)
      ? [{ seenByDepartmentCodes: [], ...item, sensitive: true }]
      : [],
  );
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
