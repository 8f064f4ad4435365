import type { Dictionary } from '../../domain/dictionary.ts';
import { ownerFault } from '../../domain/owner-fault.ts';
import type { Populations } from '../../domain/intelligence/populations.ts';
import { pairKey, type Inventory, type InventoryTag } from '../../domain/intelligence/suggest.ts';
import type { Database } from '../client.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { loadPairCounts, loadTagCounts } from './population.ts';

/** Tags ascending by id: those of the dictionary that came into use and are not archived, and those only a source knows. */
export async function readInventoryTags(database: Database): Promise<readonly InventoryTag[]> {
  const { dictionary, people } = await readCurrentKnowledge(database);
  const undefinedTags = await database.sql<{ id: number; name: string }[]>`
    select m.tag_id as id, min(m.name) as name from mirror_tag m
    where not exists (select from tag t where t.id = m.tag_id)
    group by m.tag_id`;
  return [
    ...dictionary.tags
      .filter(({ status }) => status === 'active' || status === 'deprecated')
      .map(({ id, name, definition, criteria, departmentCodes, ownerCode, status }) => ({
        id,
        name,
        definition,
        criteria,
        departmentCodes,
        isDefined: true,
        isInUse: status === 'active',
        ownerFault: ownerFault(ownerCode, people),
      })),
    ...undefinedTags.map(({ id, name }) => ({
      id,
      name: { 'zh-CN': name, en: name },
      definition: { 'zh-CN': '', en: '' },
      criteria: null,
      departmentCodes: [],
      isDefined: false,
      isInUse: true,
      ownerFault: null,
    })),
  ].sort((a, b) => a.id - b.id);
}

/** What is known about the dictionary and its customers, as of the last scan that counted them. */
export async function readInventory(database: Database): Promise<Inventory> {
  const [{ dictionary }, tags] = await Promise.all([
    readCurrentKnowledge(database),
    readInventoryTags(database),
  ]);
  return {
    tags,
    populations: await readPopulations(database, tags),
    settled: settledPairs(dictionary, tags),
  };
}

async function readPopulations(
  { sql }: Database,
  tags: readonly InventoryTag[],
): Promise<Populations | null> {
  const [total] = await sql<{ customers: number }[]>`
    select customers from population_history order by counted_at desc, scan_id desc limit 1`;
  if (total === undefined) return null;
  const [counts, pairs] = await Promise.all([loadTagCounts(sql), loadPairCounts(sql)]);
  const positions = new Map(tags.map(({ id }, position) => [id, position]));
  const kept = Array.from(pairs.customers, (_, at) => at).filter(
    (at) => positions.has(pairs.firstTagIds[at] ?? 0) && positions.has(pairs.secondTagIds[at] ?? 0),
  );
  return {
    customers: total.customers,
    ofTag: tags.map(({ id }) => counts.get(id) ?? 0),
    pairs: {
      first: Int32Array.from(kept, (at) => positions.get(pairs.firstTagIds[at] ?? 0) ?? 0),
      second: Int32Array.from(kept, (at) => positions.get(pairs.secondTagIds[at] ?? 0) ?? 0),
      both: Int32Array.from(kept, (at) => pairs.customers[at] ?? 0),
    },
  };
}

/** Pairs that somebody has said something about: relations, parents, successors, exclusive and synonym rules. */
function settledPairs(dictionary: Dictionary, tags: readonly InventoryTag[]): ReadonlySet<string> {
  const positions = new Map(tags.map(({ id }, position) => [id, position]));
  const byCode = new Map(dictionary.tags.map(({ code, id }) => [code, positions.get(id)]));
  const settled = new Set<string>();
  const settle = (codes: readonly (string | null)[]): void => {
    for (const [at, left] of codes.entries()) {
      for (const right of codes.slice(at + 1)) {
        const pair = [byCode.get(left ?? ''), byCode.get(right ?? '')] as const;
        if (pair[0] !== undefined && pair[1] !== undefined) settled.add(pairKey(pair[0], pair[1]));
      }
    }
  };
  for (const { fromCode, toCode } of dictionary.relations) settle([fromCode, toCode]);
  for (const { code, parentCode, successorCode } of dictionary.tags) {
    settle([code, parentCode]);
    settle([code, successorCode]);
  }
  for (const rule of dictionary.rules) settle(pairedCodes(rule));
  return settled;
}

function pairedCodes(rule: Dictionary['rules'][number]): readonly string[] {
  if (rule.kind === 'exclusive') return rule.tagCodes;
  if (rule.kind === 'synonym') return [rule.canonicalCode, ...rule.synonymCodes];
  return rule.kind === 'dominance' ? [rule.dominantCode, ...rule.dominatedCodes] : [];
}
