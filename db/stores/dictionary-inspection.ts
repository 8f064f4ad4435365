import type { Dictionary } from '../../domain/dictionary.ts';
import { isAboutDictionary, ruleKindOf } from '../../domain/rules/registry.ts';
import type { Rule } from '../../domain/rule.ts';
import type { DictionaryFacts } from '../../domain/rules/rule-kind.ts';
import type { Database, Sql } from '../client.ts';
import { numberList } from '../number-list.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { loadPopulationHistory, loadTagCounts } from './population.ts';

/** Full scans looked back at, beside the present one. */
const historyScansMax = 30;
/** The shard, and the part of a scope, that stands for the dictionary. */
const dictionaryShard = -1;

/**
 * Adds to a scan what its rules find in the dictionary itself, in place of what an earlier attempt added, so that it is
 * reconciled with what was found on customers. Such a finding is on a tag: its customer is minus the tag's id.
 * `tagIds` null: every tag.
 */
export async function inspectDictionary(
  database: Database,
  input: {
    readonly scanId: number;
    readonly tagIds: readonly number[] | null;
    readonly nowMs: number;
  },
): Promise<void> {
  const { scanId } = input;
  const nowSeconds = Math.floor(input.nowMs / 1000);
  const { dictionary } = await readCurrentKnowledge(database);
  const found = dictionary.rules.some((rule) => rule.enabled && isAboutDictionary(rule))
    ? inspect(dictionary, { ...(await readDictionaryFacts(database, scanId)), nowSeconds })
    : [];
  const wanted = found.filter(({ tagId }) => input.tagIds?.includes(tagId) ?? true);
  const answeredFor = input.tagIds ?? dictionary.tags.map((tag) => tag.id);
  await database.sql.begin((sql) => [
    sql`
      insert into scan_scope (scan_id, part, customer_ids)
      select id, ${dictionaryShard}::int, array(select -unnest(${numberList(answeredFor)}::bigint[]) order by 1)
      from scan where id = ${scanId} and not covers_all
      on conflict (scan_id, part) do update set customer_ids = excluded.customer_ids`,
    sql`delete from scan_finding where scan_id = ${scanId} and shard = ${dictionaryShard}`,
    sql`
      insert into scan_finding (scan_id, shard, rule_id, customer_id, first_tag_id, second_tag_id)
      select ${scanId}::int, ${dictionaryShard}::int, f.rule_id, -f.tag_id, f.tag_id, 0
      from unnest(${numberList(wanted.map(({ ruleId }) => ruleId))}::int[],
        ${numberList(wanted.map(({ tagId }) => tagId))}::int[]) as f(rule_id, tag_id)`,
  ]);
}

/** Ids of the tags in which one rule finds something now. */
export async function inspectRule(
  database: Database,
  input: { readonly rule: Rule; readonly dictionary: Dictionary; readonly nowMs: number },
): Promise<readonly number[]> {
  const facts = await readDictionaryFacts(database, null);
  const nowSeconds = Math.floor(input.nowMs / 1000);
  return inspect({ ...input.dictionary, rules: [input.rule] }, { ...facts, nowSeconds }).map(
    ({ tagId }) => tagId,
  );
}

interface Found {
  readonly ruleId: number;
  readonly tagId: number;
}

function inspect(dictionary: Dictionary, facts: DictionaryFacts): readonly Found[] {
  return dictionary.rules
    .filter((rule) => rule.enabled)
    .flatMap((rule) =>
      (ruleKindOf(rule).inspect?.(rule, dictionary, facts) ?? []).map((tagId) => ({
        ruleId: rule.id,
        tagId,
      })),
    );
}

/** `scanId` is the scan whose counts are the present ones; null: the last one that counted. */
export async function readDictionaryFacts(
  database: Database,
  scanId: number | null,
): Promise<Omit<DictionaryFacts, 'nowSeconds'>> {
  const { sql } = database;
  const [{ people }, customers, points, sinceSeconds] = await Promise.all([
    readCurrentKnowledge(database),
    loadTagCounts(sql),
    loadPopulationHistory(sql, { sinceMs: 0, pointsMax: historyScansMax + 1 }),
    loadTagAges(sql),
  ]);
  const presentId = scanId ?? points.at(-1)?.scanId;
  const earlier = points.filter((point) => point.scanId !== presentId).slice(-historyScansMax);
  const tagIds = new Set([...customers.keys(), ...earlier.flatMap((p) => [...p.tagCounts.keys()])]);
  return {
    people,
    customers,
    history: new Map(
      [...tagIds].map((tagId) => [tagId, earlier.map((p) => p.tagCounts.get(tagId) ?? 0)]),
    ),
    sinceSeconds,
  };
}

/** When the dictionary took each tag in; epoch seconds by tag id. */
async function loadTagAges(sql: Sql): Promise<ReadonlyMap<number, number>> {
  const rows = await sql<{ id: number; since: number }[]>`
    select t.id, min(v.changed_at) as since
    from tag t join tag_version v on v.tag_code = t.code group by t.id`;
  return new Map(rows.map((row) => [row.id, row.since / 1000]));
}
