import type { Person } from '../../domain/person.ts';
import type { Dictionary } from '../../domain/dictionary.ts';
import { createTagSearch, type TagSearch } from '../../domain/tag-search.ts';
import { visibleDictionary } from '../../domain/hidden.ts';
import { chinese } from '../../language/chinese.ts';
import type { Database } from '../client.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import type { ViewReader } from '../../bot/views.ts';

const prepared = new WeakMap<Dictionary, TagSearch>();

/** How well each tag answers to a text, by code: the lower, the better. null: the text is empty, and all do. */
export async function rankTags(
  database: Database,
  text: string,
): Promise<ReadonlyMap<string, number> | null> {
  if (text.trim() === '') return null;
  const { dictionary } = await readCurrentKnowledge(database);
  return new Map(searchOf(dictionary)(text).map(({ tag, rank }) => [tag.code, rank]));
}

function searchOf(dictionary: Dictionary): TagSearch {
  const search = prepared.get(dictionary) ?? createTagSearch(dictionary, chinese());
  prepared.set(dictionary, search);
  return search;
}

/** What a reader may see of the dictionary, by what they type; prepared anew only after the dictionary changed. */
export async function searchTags(
  database: Database,
  {
    reader,
    text,
    limit,
  }: { readonly reader: Person; readonly text: string; readonly limit: number },
): ReturnType<ViewReader['searchTags']> {
  const { dictionary, people } = await readCurrentKnowledge(database);
  const visible = visibleDictionary(dictionary, reader, people);
  const codes = new Set(visible.tags.map(({ code }) => code));
  const found = searchOf(dictionary)(text).filter(({ tag }) => codes.has(tag.code));
  const ids = found.map(({ tag }) => tag.id);
  const rows = await database.sql<{ id: number; customers: number }[]>`
    select tag_id as id, customers from tag_count where tag_id = any(${ids}::int[])`;
  const customers = new Map(rows.map((row) => [row.id, row.customers]));
  const countOf = (id: number) => customers.get(id) ?? 0;
  return found
    .toSorted((a, b) => a.rank - b.rank || countOf(b.tag.id) - countOf(a.tag.id))
    .slice(0, limit)
    .map(({ tag: { id, code, name, definition, status, ownerCode } }) => ({
      code,
      name,
      definition,
      status,
      ownerCode,
      customers: countOf(id),
    }));
}
