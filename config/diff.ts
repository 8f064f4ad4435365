import { canonicalJson } from '../domain/canonical-json.ts';
import type { Configuration } from '../domain/configuration.ts';
import { toEntries } from './entries.ts';

export type ConfigurationPart =
  | 'department'
  | 'calendar'
  | 'person'
  | 'tag'
  | 'relation'
  | 'rule'
  | 'policy'
  | 'attribute'
  | 'source';

/** One field in the words of the file, such as `owner` or `severities.high.claimWithin`; undefined: not said. */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

export type ConfigurationChange =
  | { readonly kind: 'added'; readonly what: ConfigurationPart; readonly code: string }
  /** A tag is archived, a person marked as left, a rule kept disabled; everything else is deleted. */
  | { readonly kind: 'removed'; readonly what: ConfigurationPart; readonly code: string }
  | {
      readonly kind: 'changed';
      readonly what: ConfigurationPart;
      readonly code: string;
      readonly fields: readonly FieldChange[];
    };

/** What applying `wanted` would change; empty where nothing. `current` is null before the first apply. */
export function diffConfiguration(
  current: Configuration | null,
  wanted: Configuration,
): readonly ConfigurationChange[] {
  const before = current === null ? null : toEntries(keepForHistory(current, wanted));
  const after = toEntries(current === null ? wanted : keepLinks(current, wanted));
  return [
    ...diffLists('department', before?.departments, after.departments),
    ...diffLists('calendar', before?.calendars, after.calendars),
    ...diffLists('person', before?.people, after.people),
    ...diffLists('attribute', before?.attributes, after.attributes),
    ...diffLists('tag', before?.tags, after.tags),
    ...diffLists('relation', before?.relations.map(withCode), after.relations.map(withCode)),
    ...diffLists('rule', before?.rules, after.rules),
    ...diffLists('policy', before === null ? [] : [{ code: 'policy', ...before.policy }], [
      { code: 'policy', ...after.policy },
    ]),
    ...diffLists('source', before?.sources, after.sources),
  ];
}

/** A relation's identity; exclusive-with says the same in both directions. */
export function relationCode(relation: {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}): string {
  const ends = [relation.from, relation.to];
  if (relation.kind === 'exclusive-with') ends.sort();
  return `${ends[0] ?? ''} ${relation.kind} ${ends[1] ?? ''}`;
}

function withCode(relation: { readonly kind: string; readonly from: string; readonly to: string }) {
  return { code: relationCode(relation) };
}

/** Accounts that were linked at run time stay where the wanted configuration does not mention them. */
export function keepLinks(current: Configuration, wanted: Configuration): Configuration {
  const before = new Map(current.people.map((person) => [person.code, person]));
  const claimed = new Set(
    wanted.people.flatMap((person) => [
      person.slackUserId,
      person.feishuOpenId,
      person.oidcSubject,
    ]),
  );
  const kept = (link: string | null | undefined) =>
    link === undefined || link === null || claimed.has(link) ? null : link;
  return {
    ...wanted,
    people: wanted.people.map((person) => ({
      ...person,
      slackUserId: person.slackUserId ?? kept(before.get(person.code)?.slackUserId),
      feishuOpenId: person.feishuOpenId ?? kept(before.get(person.code)?.feishuOpenId),
      oidcSubject: person.oidcSubject ?? kept(before.get(person.code)?.oidcSubject),
    })),
  };
}

/**
 * The current configuration without what an earlier apply already took out of use and only keeps for history:
 * archived tags, people who left, and the departments and calendars that only those still need.
 */
function keepForHistory(current: Configuration, wanted: Configuration): Configuration {
  const isWanted = (list: readonly { readonly code: string }[]) => {
    const codes = new Set(list.map(({ code }) => code));
    return ({ code }: { readonly code: string }) => codes.has(code);
  };
  const wantedPerson = isWanted(wanted.people);
  const wantedTag = isWanted(wanted.tags);
  const wantedDepartment = isWanted(wanted.departments);
  const wantedCalendar = isWanted(wanted.calendars);
  const people = current.people.filter((one) => one.status !== 'left' || wantedPerson(one));
  const leavers = current.people.filter((one) => !people.includes(one));
  const onlyOfLeavers = (of: (person: (typeof leavers)[number]) => string, code: string) =>
    leavers.some((one) => of(one) === code) && !people.some((one) => of(one) === code);
  const departments = current.departments.filter(
    (one) => wantedDepartment(one) || !onlyOfLeavers((person) => person.departmentCode, one.code),
  );
  return {
    ...current,
    people,
    tags: current.tags.filter((one) => one.status !== 'archived' || wantedTag(one)),
    departments,
    calendars: current.calendars.filter(
      (one) =>
        wantedCalendar(one) ||
        departments.some(({ calendarCode }) => calendarCode === one.code) ||
        !onlyOfLeavers((person) => person.calendarCode, one.code),
    ),
  };
}

interface Coded {
  readonly code: string;
}

function diffLists(
  what: ConfigurationPart,
  before: readonly Coded[] | undefined,
  after: readonly Coded[],
): readonly ConfigurationChange[] {
  const old = new Map((before ?? []).map((entry) => [entry.code, entry]));
  const codes = new Set(after.map(({ code }) => code));
  const changes: ConfigurationChange[] = [];
  for (const entry of after) {
    const previous = old.get(entry.code);
    if (previous === undefined) {
      changes.push({ kind: 'added', what, code: entry.code });
      continue;
    }
    const fields = diffFields(previous, entry);
    if (fields.length > 0) changes.push({ kind: 'changed', what, code: entry.code, fields });
  }
  for (const code of old.keys()) {
    if (!codes.has(code)) changes.push({ kind: 'removed', what, code });
  }
  return changes;
}

function diffFields(before: object, after: object): readonly FieldChange[] {
  const old = flatten(before);
  const fresh = flatten(after);
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((field) => canonicalJson(old.get(field)) !== canonicalJson(fresh.get(field)))
    .map((field) => ({ field, before: old.get(field), after: fresh.get(field) }));
}

/** Fields of nested maps under dotted names; lists and criteria are one value each. */
function flatten(value: object, prefix = ''): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [key, part] of Object.entries(value) as [string, unknown][]) {
    const isMap = part !== null && typeof part === 'object' && !Array.isArray(part);
    if (!isMap || key === 'criteria') {
      fields.set(prefix + key, part);
      continue;
    }
    for (const [field, inner] of flatten(part, `${prefix}${key}.`)) fields.set(field, inner);
  }
  return fields;
}
