import type { LocalizedText } from '../../domain/locale.ts';
import { healthScore } from '../../domain/health.ts';
import { tagHealth, type TagFacts, type TagHealthPart } from '../../domain/tag-health.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Database, Sql } from '../client.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { numberList } from '../number-list.ts';
import { createPersonFinder, findPolicy } from './dictionary.ts';
import { loadTagCounts, loadTagHistory } from './population.ts';

/** Counting findings and candidates by tag reads all of them; an answer this old will do, and is renewed behind it. */
const factsKeptMs = 60_000;

interface KeptFacts {
  readonly readAtMs: number;
  readonly facts: Promise<ReadonlyMap<number, TagFacts>>;
}

const keptFacts = new WeakMap<Database, KeptFacts>();

/** What health is judged by, of every tag by id; up to a minute old. */
export async function readTagFacts(database: Database): Promise<ReadonlyMap<number, TagFacts>> {
  const kept = keptFacts.get(database);
  if (kept !== undefined && performance.now() - kept.readAtMs < factsKeptMs) return kept.facts;
  const facts = loadTagFacts(database.sql);
  const fresh = { readAtMs: performance.now(), facts };
  keptFacts.set(database, fresh);
  facts.catch(() => {
    if (keptFacts.get(database) === fresh) keptFacts.delete(database);
  });
  return kept === undefined ? facts : kept.facts;
}

async function loadTagFacts(sql: Sql): Promise<ReadonlyMap<number, TagFacts>> {
  const [counts, findings, doubles] = await Promise.all([
    loadTagCounts(sql),
    sql<{ tagId: number; customers: number }[]>`
      select tag_id as "tagId", count(*) as customers from (
        select distinct part.tag_id, finding.customer_id
        from finding, unnest(array[first_tag_id, second_tag_id]) as part(tag_id)
        where finding.state = 'open' and finding.customer_id > 0 and part.tag_id <> 0) found
      group by tag_id`,
    sql<{ tagId: number; count: number }[]>`
      select part.tag_id as "tagId", count(*) as count
      from candidate, unnest(array[first_tag_id, second_tag_id]) as part(tag_id)
      where state = 'open' and kind in ('synonym', 'redundant') group by part.tag_id`,
  ]);
  const found = new Map(findings.map(({ tagId, customers }) => [tagId, customers]));
  const double = new Map(doubles.map(({ tagId, count }) => [tagId, count]));
  const ids = new Set([...counts.keys(), ...found.keys(), ...double.keys()]);
  const hasCounted = counts.size > 0;
  return new Map(
    [...ids].map((id) => [
      id,
      {
        customers: hasCounted ? (counts.get(id) ?? 0) : null,
        customersWithFinding: found.get(id) ?? 0,
        doubles: double.get(id) ?? 0,
      },
    ]),
  );
}

export interface TagHealth {
  /** From 0 to 100; null: nothing can be judged. */
  readonly score: number | null;
  readonly parts: readonly TagHealthPart[];
}

/** The health of every tag of the dictionary, by code. */
export async function readTagHealth(database: Database): Promise<ReadonlyMap<string, TagHealth>> {
  const [{ dictionary, people }, facts, policy] = await Promise.all([
    readCurrentKnowledge(database),
    readTagFacts(database),
    findPolicy(database.query),
  ]);
  const uncounted: TagFacts = {
    customers: [...facts.values()].some(({ customers }) => customers !== null) ? 0 : null,
    customersWithFinding: 0,
    doubles: 0,
  };
  const known = { people, naming: policy?.naming ?? null };
  return new Map(
    dictionary.tags.map((tag) => {
      const parts = tagHealth(tag, facts.get(tag.id) ?? uncounted, known);
      return [tag.code, { score: healthScore(parts), parts }];
    }),
  );
}

/** Who uses a tag. */
export interface TagUsage {
  /** Who carried it at the last scan; null: none has counted yet. */
  readonly customers: number | null;
  /** All customers then, with and without tags. */
  readonly allCustomers: number;
  /** After each scan that changed any count, oldest first. */
  readonly trend: readonly { readonly countedAtMs: number; readonly customers: number }[];
  readonly sources: readonly {
    readonly code: string;
    readonly name: LocalizedText;
    readonly customers: number;
  }[];
  /** Who put it on, the most active first, of the carriers among `sampled` customers. */
  readonly actors: readonly {
    readonly name: string;
    /** null: nobody of the company that can be told. */
    readonly personCode: string | null;
    readonly departmentCode: string | null;
    readonly customers: number;
  }[];
  readonly sampled: { readonly customers: number; readonly isAll: boolean };
  /** When it was last put on anybody among them, dates to come left out; null: it is not known. */
  readonly lastPutOnAtMs: number | null;
}

/** Customers looked at to see who uses a tag; of larger mirrors a sample of pages, always the same. */
const sampleCustomersMax = 20_000;
const actorsMax = 10;
const trendPointsMax = 90;

export async function readTagUsage(database: Database, tag: Pick<Tag, 'id'>): Promise<TagUsage> {
  const { sql } = database;
  const [[total], counts, trend, sources, { rows, isAll }] = await Promise.all([
    sql<{ customers: number }[]>`
      select customers from population_history order by counted_at desc, scan_id desc limit 1`,
    sql<{ customers: number }[]>`select customers from tag_count where tag_id = ${tag.id}`,
    loadTagHistory(sql, { tagId: tag.id, sinceMs: 0, pointsMax: trendPointsMax }),
    sql<TagUsage['sources'][number][]>`
      select source.code, source.body -> 'name' as name, counted.customers from tag_source_count counted
      join source on source.id = counted.source_id
      where counted.tag_id = ${tag.id} order by counted.customers desc`,
    loadTagActors(sql, [tag.id]),
  ]);
  const { people } = await readCurrentKnowledge(database);
  const personOf = createPersonFinder([...people.values()]);
  const last = Math.max(0, ...rows.map(({ last: seconds }) => seconds ?? 0));
  return {
    customers: counts[0]?.customers ?? (total === undefined ? null : 0),
    allCustomers: total?.customers ?? 0,
    trend: trend.map(({ countedAtMs, customers }) => ({ countedAtMs, customers })),
    sources,
    actors: rows
      .filter(({ name }) => name !== null)
      .slice(0, actorsMax)
      .map(({ name, customers }) => {
        const person = personOf(name ?? '');
        return {
          name: name ?? '',
          personCode: person?.code ?? null,
          departmentCode: person?.departmentCode ?? null,
          customers,
        };
      }),
    sampled: {
      customers: rows.reduce((sum, { customers }) => sum + customers, 0),
      isAll,
    },
    lastPutOnAtMs: last === 0 ? null : last * 1000,
  };
}

interface ActorRow {
  /** null: the source does not say who. */
  readonly name: string | null;
  readonly customers: number;
  /** Epoch seconds; null: only dates to come. */
  readonly last: number | null;
}

/** Who put the tags on, most first, of their carriers among the customers that are looked at. */
async function loadTagActors(
  sql: Sql,
  tagIds: readonly number[],
): Promise<{ readonly rows: readonly ActorRow[]; readonly isAll: boolean }> {
  const [size] = await sql<{ customers: number }[]>`
    select greatest(reltuples, 0)::float8 as customers from pg_class where oid = 'mirror_customer'::regclass`;
  const share = Math.min(1, sampleCustomersMax / Math.max(size?.customers ?? 0, 1));
  const ids = numberList(tagIds);
  const rows = await sql<ActorRow[]>`
    select actor.name, used.customers, used.last from (
      select part.actor_id, count(*) as customers,
        max(part.since) filter (where part.since <= extract(epoch from now()))::float8 as last
      from mirror_customer customer ${share < 1 ? sql`tablesample system (${share * 100}) repeatable (1)` : sql``},
        unnest(customer.tag_ids, customer.since_seconds, customer.actor_ids) as part(tag_id, since, actor_id)
      where customer.tag_ids && ${ids}::int[] and part.tag_id = any (${ids}::int[])
      group by part.actor_id) used
    left join mirror_actor actor on actor.id = used.actor_id
    order by used.customers desc, actor.name`;
  return { rows, isAll: share === 1 };
}

/** Who puts tags on, in shares of those assignments that were looked at. */
export interface TagUsers {
  /** Assignments looked at. */
  readonly assignments: number;
  /** Of people that are known, most first; `assignments` of each. */
  readonly people: readonly { readonly code: string; readonly assignments: number }[];
  readonly departments: readonly { readonly code: string; readonly assignments: number }[];
  /** Put on by systems, or by nobody who is known. */
  readonly automatic: number;
}

/** Who puts any of the tags on. */
export async function readTagUsers(
  database: Database,
  tagIds: readonly number[],
): Promise<TagUsers> {
  if (tagIds.length === 0) return { assignments: 0, people: [], departments: [], automatic: 0 };
  const [{ rows }, { people }] = await Promise.all([
    loadTagActors(database.sql, tagIds),
    readCurrentKnowledge(database),
  ]);
  const personOf = createPersonFinder([...people.values()]);
  const byPerson = new Map<string, number>();
  const byDepartment = new Map<string, number>();
  let automatic = 0;
  for (const { name, customers } of rows) {
    const person = name === null ? null : personOf(name);
    if (person === null || person === undefined) {
      automatic += customers;
      continue;
    }
    const { code, departmentCode } = person;
    byPerson.set(code, (byPerson.get(code) ?? 0) + customers);
    byDepartment.set(departmentCode, (byDepartment.get(departmentCode) ?? 0) + customers);
  }
  return {
    assignments: rows.reduce((sum, { customers }) => sum + customers, 0),
    people: mostFirst(byPerson),
    departments: mostFirst(byDepartment),
    automatic,
  };
}

function mostFirst(counts: ReadonlyMap<string, number>): TagUsers['people'] {
  return [...counts]
    .map(([code, assignments]) => ({ code, assignments }))
    .sort((a, b) => b.assignments - a.assignments);
}
