import { problemAt, type Draft, type Entry } from '../draft.ts';
import { describePath, type ConfigurationProblem } from '../problem.ts';
import { relationCode } from '../diff.ts';

/** Codes, names of tags, emails and chat ids that stand for two things. */
export function duplicates(draft: Draft): readonly ConfigurationProblem[] {
  const people = draft.people.entries;
  const tagsInUse = draft.tags.entries.filter(({ value }) => value.status !== 'archived');
  return [
    ...[
      draft.departments,
      draft.calendars,
      draft.people,
      draft.tags,
      draft.rules,
      draft.attributes,
      draft.sources,
    ].flatMap((list) => repeated<{ code: string }>(list.entries, 'code', ({ code }) => code)),
    ...repeated(people, 'email', ({ email }) => email?.toLowerCase()),
    ...repeated(people, 'slackUserId', ({ slackUserId }) => slackUserId),
    ...repeated(people, 'feishuOpenId', ({ feishuOpenId }) => feishuOpenId),
    ...repeated(people, 'oidcSubject', ({ oidcSubject }) => oidcSubject),
    // Sources may know a tag by its name alone.
    ...repeated(tagsInUse, 'name', ({ name }) => name),
    ...repeated(tagsInUse, 'nameEn', ({ nameEn }) => nameEn.toLowerCase()),
    ...repeated(draft.relations.entries, null, relationCode),
  ];
}

function repeated<T>(
  entries: readonly Entry<T>[],
  field: string | null,
  keyOf: (value: T) => string | undefined,
): readonly ConfigurationProblem[] {
  const first = new Map<string, Entry<T>>();
  const problems: ConfigurationProblem[] = [];
  for (const entry of entries) {
    const key = keyOf(entry.value);
    if (key === undefined) continue;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, entry);
      continue;
    }
    problems.push(
      problemAt(entry, field === null ? [] : [field], {
        ...(field === null ? { found: key } : {}),
        expected:
          field === null
            ? `each relation once (${describePath(earlier.path)} says the same)`
            : `another ${field} than ${describePath(earlier.path)} has`,
      }),
    );
  }
  return problems;
}
