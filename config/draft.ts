import type { z } from 'zod';
import type { YamlFile } from './document.ts';
import { describeFound, nearest, type ConfigurationProblem, type NodePath } from './problem.ts';
import { valueAt } from './schema-problems.ts';
import {
  calendarEntry,
  departmentEntry,
  personEntry,
  type CalendarEntry,
  type DepartmentEntry,
  type PersonEntry,
} from './schema/people.ts';
import { policyFileSchema, type PolicyFile } from './schema/policy.ts';
import { ruleEntry, type RuleEntry } from './schema/rules.ts';
import {
  attributeEntry,
  sourceEntry,
  type AttributeEntry,
  type SourceEntry,
} from './schema/sources.ts';
import { relationEntry, tagEntry, type RelationEntry, type TagEntry } from './schema/tags.ts';

/** One entry of a list of a file, with its place. */
export interface Entry<T> {
  readonly value: T;
  readonly file: YamlFile;
  readonly path: NodePath;
}

/** A list's sound entries, and the codes of all of them, so that a broken entry is not also an unknown one. */
export interface EntryList<T> {
  readonly entries: readonly Entry<T>[];
  /** null: the list could not be read, so nothing can be said of its codes. */
  readonly codes: ReadonlySet<string> | null;
  /** Sound entries by code; of two with one code, the first. */
  readonly byCode: ReadonlyMap<string, T>;
}

/** What could be read of a configuration; cross checks work on it even where parts are broken. */
export interface Draft {
  readonly departments: EntryList<DepartmentEntry>;
  readonly calendars: EntryList<CalendarEntry>;
  readonly people: EntryList<PersonEntry>;
  readonly tags: EntryList<TagEntry>;
  readonly relations: EntryList<RelationEntry>;
  readonly rules: EntryList<RuleEntry>;
  readonly attributes: EntryList<AttributeEntry>;
  readonly sources: EntryList<SourceEntry>;
  /** null where policy.yaml is broken. */
  readonly policy: Entry<PolicyFile> | null;
}

/** The files that could be read, null for the others. */
export interface Files {
  readonly people: YamlFile | null;
  readonly tags: YamlFile | null;
  readonly rules: YamlFile | null;
  readonly policy: YamlFile | null;
  readonly sources: YamlFile | null;
}

export function draftOf(files: Files): Draft {
  const policy = policyFileSchema.safeParse(files.policy?.value);
  return {
    departments: listOf(files.people, 'departments', departmentEntry),
    calendars: listOf(files.people, 'calendars', calendarEntry),
    people: listOf(files.people, 'people', personEntry),
    tags: listOf(files.tags, 'tags', tagEntry),
    relations: listOf(files.tags, 'relations', relationEntry),
    rules: listOf(files.rules, 'rules', ruleEntry),
    attributes: listOf(files.sources, 'attributes', attributeEntry),
    sources: listOf(files.sources, 'sources', sourceEntry),
    policy:
      files.policy !== null && policy.success
        ? { value: policy.data, file: files.policy, path: [] }
        : null,
  };
}

function listOf<T>(file: YamlFile | null, key: string, schema: z.ZodType<T>): EntryList<T> {
  const raw = file === null ? null : valueAt(file.value, [key]);
  if (file === null || !Array.isArray(raw)) {
    return { entries: [], codes: null, byCode: new Map() };
  }
  const entries: Entry<T>[] = [];
  const codes = new Set<string>();
  const byCode = new Map<string, T>();
  for (const [index, item] of (raw as readonly unknown[]).entries()) {
    const code = valueAt(item, ['code']);
    if (typeof code === 'string') codes.add(code);
    const parsed = schema.safeParse(item);
    if (!parsed.success) continue;
    entries.push({ value: parsed.data, file, path: [key, index] });
    if (typeof code === 'string' && !byCode.has(code)) byCode.set(code, parsed.data);
  }
  return { entries, codes, byCode };
}

/** Says that something at `path` under an entry is not as it should be. */
export function problemAt(
  entry: Entry<unknown>,
  path: NodePath,
  what: {
    readonly expected: string;
    readonly suggestion?: string | null;
    /** Where the value alone does not say it. */
    readonly found?: string;
  },
): ConfigurationProblem {
  const whole = [...entry.path, ...path];
  return {
    file: entry.file.name,
    ...entry.file.locate(whole),
    path: whole,
    found: what.found ?? describeFound(valueAt(entry.file.value, whole)),
    expected: what.expected,
    suggestion: what.suggestion ?? null,
  };
}

/** Whether a list has a code; a list that could not be read is given the benefit of the doubt. */
export function knows(list: EntryList<unknown>, code: string): boolean {
  return list.codes === null || list.codes.has(code);
}

/** The code that was probably meant, going by codes and by names. */
export function suggestCode(
  list: EntryList<{ readonly code: string; readonly name?: string; readonly nameEn?: string }>,
  text: string,
): string | null {
  const named = list.entries.find(
    ({ value }) => value.name === text || value.nameEn?.toLowerCase() === text.toLowerCase(),
  );
  return named?.value.code ?? nearest(text, list.codes ?? []);
}
