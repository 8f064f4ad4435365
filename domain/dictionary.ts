import type { Attribute } from './condition.ts';
import type { Person } from './person.ts';
import type { Rule } from './rule.ts';
import type { Relation, Tag } from './tag.ts';

/** Everything rules are compiled from. */
export interface Dictionary {
  readonly tags: readonly Tag[];
  readonly relations: readonly Relation[];
  readonly attributes: readonly Attribute[];
  readonly rules: readonly Rule[];
  /** Only where a rule asks for them; absent: nothing is known of them. */
  readonly origins?: Origins;
}

/** Where tags on customers come from. */
export interface Origins {
  readonly actors: readonly Actor[];
  readonly sources: readonly SourceOrigin[];
  /** Department of each person by code, for tags that are used where their owner works. */
  readonly departmentOf: ReadonlyMap<string, string>;
}

/** Who puts tags on, as the sources name them. */
export interface Actor {
  /** Of the mirror. */
  readonly id: number;
  readonly name: string;
  /** Whom the name stands for; null: a system, a stranger, or several people of one name. */
  readonly person: Pick<Person, 'code' | 'departmentCode' | 'departmentsAbove'> | null;
}

export interface SourceOrigin {
  readonly id: number;
  /** Tags on which the source is right when sources disagree. */
  readonly masterTagCodes: readonly string[];
  /** Tags the source can hold at all; ids of the mirror. */
  readonly tagIds: readonly number[];
}

export interface TagIndex {
  readonly byCode: ReadonlyMap<string, Tag>;
  readonly byId: ReadonlyMap<number, Tag>;
}

const indexes = new WeakMap<Dictionary, TagIndex>();

/** Tags by code and by id; built once for a dictionary. */
export function tagIndex(dictionary: Dictionary): TagIndex {
  const existing = indexes.get(dictionary);
  if (existing !== undefined) return existing;
  const index: TagIndex = {
    byCode: new Map(dictionary.tags.map((tag) => [tag.code, tag])),
    byId: new Map(dictionary.tags.map((tag) => [tag.id, tag])),
  };
  indexes.set(dictionary, index);
  return index;
}

/** The id of a tag, or 0 where the code is null or not in the dictionary. */
export function tagIdOf(dictionary: Dictionary, code: string | null): number {
  return code === null ? 0 : (tagIndex(dictionary).byCode.get(code)?.id ?? 0);
}

/** The ids of those codes that the dictionary holds, each once, in the order given. */
export function tagIdsOf(dictionary: Dictionary, codes: readonly string[]): readonly number[] {
  return [...new Set(codes.map((code) => tagIdOf(dictionary, code)))].filter((id) => id !== 0);
}

/** Whether a tag has been decided on: one that is only proposed counts as unknown. */
export function isKnown(tag: Tag): boolean {
  return tag.status !== 'proposed';
}
