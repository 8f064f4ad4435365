import { requestSubject } from '../bot/cards/request-title.ts';
import { requestWords } from '../bot/texts/request-words.ts';
import type { Dictionary } from '../domain/dictionary.ts';
import { tagwardenCode, type Department, type Person } from '../domain/person.ts';
import type { RequestProposal } from '../domain/request.ts';
import { topicOf } from '../domain/requests/topic.ts';
import type { WarningState } from '../domain/warning.ts';
import type { Visitor } from './visitor.ts';

/** What a request asks for, on one line. Tags that `tagNames` does not know are named by code. */
export function proposalTitle(
  proposal: RequestProposal,
  { locale }: Pick<Visitor, 'locale'>,
  tagNames: ReadonlyMap<string, string> = new Map(),
): string {
  const subject = requestSubject(proposal, locale, (code) => tagNames.get(code) ?? code);
  return `${requestWords[locale].topic[topicOf(proposal)]} · ${subject}`;
}

/** Tag names by code in the visitor's language. */
export function tagNamesIn(
  dictionary: Dictionary,
  { locale }: Pick<Visitor, 'locale'>,
): ReadonlyMap<string, string> {
  return new Map(dictionary.tags.map((tag) => [tag.code, tag.name[locale]]));
}

/** A person's roles in words; those that hold for some departments alone name them. */
export function roleNames(
  person: Pick<Person, 'roles' | 'departmentGrants'>,
  departments: ReadonlyMap<string, Department>,
  { locale, texts }: Pick<Visitor, 'locale' | 'texts'>,
): readonly string[] {
  return [
    ...person.roles.map((role) => texts.role[role]),
    ...person.departmentGrants.map(({ role, departmentCodes }) =>
      texts.people.roleFor(
        texts.role[role],
        departmentCodes.map((code) => departments.get(code)?.name[locale] ?? code),
      ),
    ),
  ];
}

export function personName(
  code: string,
  people: ReadonlyMap<string, Person>,
  visitor: Pick<Visitor, 'locale'>,
): string {
  return code === tagwardenCode ? 'Tagwarden' : (people.get(code)?.name[visitor.locale] ?? code);
}

/** The deadline that counts now: to claim while nobody has, then to close. */
export function nextDueAtMs(warning: {
  readonly state: WarningState;
  readonly claimDueAtMs: number;
  readonly closeDueAtMs: number;
}): number {
  return warning.state.kind === 'open' ? warning.claimDueAtMs : warning.closeDueAtMs;
}
