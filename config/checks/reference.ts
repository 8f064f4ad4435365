import { knows, problemAt, suggestCode, type Draft, type Entry, type EntryList } from '../draft.ts';
import type { ConfigurationProblem, NodePath } from '../problem.ts';
import type { PersonEntry } from '../schema/people.ts';
import type { TagEntry } from '../schema/tags.ts';

type Named = { readonly code: string; readonly name?: string; readonly nameEn?: string };

/** One place that names the code of something else. */
export interface Reference {
  readonly entry: Entry<unknown>;
  readonly path: NodePath;
  readonly code: string | undefined;
}

/** The problem of a code that nothing has; null where the reference is sound or absent. */
export function missing(
  reference: Reference,
  list: EntryList<Named>,
  expected: string,
): ConfigurationProblem | null {
  const { code } = reference;
  if (code === undefined || knows(list, code)) return null;
  return problemAt(reference.entry, reference.path, {
    expected,
    suggestion: suggestCode(list, code),
  });
}

export function missingTag(draft: Draft, reference: Reference): ConfigurationProblem | null {
  return missing(reference, draft.tags, 'the code of a tag in tags.yaml');
}

/** Somebody who exists and still works here. */
export function missingColleague(draft: Draft, reference: Reference): ConfigurationProblem | null {
  const absent = missing(reference, draft.people, 'the code of a person in people.yaml');
  if (absent !== null || personOf(draft, reference.code)?.status !== 'left') return absent;
  return problemAt(reference.entry, reference.path, {
    expected: 'somebody who still works here (this person has status left)',
  });
}

export const departmentExpected = 'the code of a department in people.yaml';

function roleWord(entry: PersonEntry['roles'][number]): string {
  return typeof entry === 'string' ? entry : entry.role;
}

/** Somebody who exists, still works here and has the role owner. */
export function missingOwner(draft: Draft, reference: Reference): ConfigurationProblem | null {
  const absent = missingColleague(draft, reference);
  const person = personOf(draft, reference.code);
  if (absent !== null || person === undefined || person.roles.includes('owner')) return absent;
  return problemAt(reference.entry, reference.path, {
    expected: `a person with the role owner (${person.code} has ${person.roles.map(roleWord).join(', ')})`,
  });
}

export function personOf(draft: Draft, code: string | undefined): PersonEntry | undefined {
  return code === undefined ? undefined : draft.people.byCode.get(code);
}

export function tagOf(draft: Draft, code: string | undefined): TagEntry | undefined {
  return code === undefined ? undefined : draft.tags.byCode.get(code);
}

export function present<T>(list: readonly (T | null)[]): readonly T[] {
  return list.filter((one) => one !== null);
}
