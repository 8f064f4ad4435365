import type { Cause } from '../../bot/views.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import { liftOf, type TagGroup, type UsualShare } from '../../domain/root-cause.ts';
import type { Rule } from '../../domain/rule.ts';
import { populationJumpOf } from '../../domain/rules/population-jump.ts';
import type { Database, Sql } from '../client.ts';
import { numberList } from '../number-list.ts';
import { loadOrigins } from './dictionary.ts';
import { loadDepartments } from './people.ts';
import { loadImportCounts, loadTagHistory } from './population.ts';
import { fixedShares, topTaggingRule } from './root-cause-rule.ts';

/** From this on it is worth saying how many times the usual share it is. */
const liftShownMin = 2;
/** Counts of a tag that are looked back at. */
const historyPointsMax = 31;
/** Customers by whom is judged how much a person usually tags: about so many, in blocks at random. */
const sampledCustomers = 10_000;
/** Different sets of conflicting tags in one warning that are told apart, the most frequent ones. */
const tagGroupsMax = 500;

interface Question {
  readonly warningId: number;
  readonly rule: Rule;
  /** The tag that all findings are about first; null where they are about several. */
  readonly firstTagId: number | null;
}

/**
 * What brought most of a warning's findings, and more of them than it usually brings of these tags: an import, a rule, a
 * person, a department or a source, the most particular first. A rule whose fixes made the conflict, by putting one tag
 * on beside the other, is named however usual that is. For a tag whose numbers jumped, the import without which they
 * would be as usual.
 */
export async function findCause(database: Database, question: Question): Promise<Cause | null> {
  const { rule, firstTagId, warningId } = question;
  const { sql } = database;
  if (rule.kind === 'population-jump') {
    return firstTagId === null ? null : causeOfJump(sql, firstTagId);
  }
  const groups = await readTagGroups(sql, warningId);
  const customers = groups.reduce((sum, group) => sum + group.customers, 0);
  const suspects = [
    await topImport(sql, warningId),
    await topRule(sql, warningId),
    await topActor(sql, warningId),
    await topDepartment(database, warningId),
    await topSource(sql, warningId),
  ];
  for (const suspect of suspects) {
    if (suspect === null || suspect.count * 2 <= customers) continue;
    const { count, who, proven = 0 } = suspect;
    const usual = await usualShareOf(sql, { warningId, suspect });
    const lift = liftOf(count, groups, usual);
    if (lift === null && proven * 2 <= customers) continue;
    const isShown = lift !== null && Number.isFinite(lift) && lift >= liftShownMin;
    return { ...who, count, of: customers, ...(isShown ? { lift } : {}) };
  }
  return null;
}

/** Where most of the customers have a conflicting tag from. */
interface Suspect {
  readonly who:
    | { readonly kind: 'import' | 'actor'; readonly name: string }
    | { readonly kind: 'department' | 'source'; readonly name: LocalizedText }
    | { readonly kind: 'rule'; readonly ruleCode: string; readonly name: LocalizedText };
  /** Ids of its kind; of a department, of all its people in the sources. */
  readonly ids: readonly number[];
  /** Customers of the warning. */
  readonly count: number;
  /** Those of them who have the conflict because of it beyond doubt, whatever is usual. @default 0 */
  readonly proven?: number;
}

/** The conflicting tags on the customers of a warning, with where each came from. */
function assignedTo(sql: Sql, warningId: number) {
  return sql`
    select finding.customer_id, tagged.*
    from finding
    join mirror_customer customer on customer.id = finding.customer_id
    cross join lateral unnest(customer.tag_ids, customer.import_ids, customer.actor_ids, customer.source_ids,
      customer.since_seconds) as tagged (tag_id, import_id, actor_id, source_id, since)
    where finding.warning_id = ${warningId} and finding.state = 'open'
      and tagged.tag_id in (finding.first_tag_id, finding.second_tag_id)`;
}

async function readTagGroups(sql: Sql, warningId: number): Promise<readonly TagGroup[]> {
  return sql<TagGroup[]>`
    with assigned as (${assignedTo(sql, warningId)}),
    carried as (
      select customer_id, array_agg(distinct tag_id) as tag_ids from assigned group by customer_id)
    select tag_ids as "tagIds", count(*) as customers
    from carried group by tag_ids order by customers desc, tag_ids limit ${tagGroupsMax}`;
}

async function topImport(sql: Sql, warningId: number): Promise<Suspect | null> {
  const [top] = await sql<{ id: number; name: string; count: number }[]>`
    with assigned as (${assignedTo(sql, warningId)})
    select batch.id, batch.name, count(distinct customer_id) as count
    from assigned join mirror_import batch on batch.id = import_id
    group by batch.id order by count desc, batch.id limit 1`;
  if (top === undefined) return null;
  return { who: { kind: 'import', name: top.name }, ids: [top.id], count: top.count };
}

async function topRule(sql: Sql, warningId: number): Promise<Suspect | null> {
  const top = await topTaggingRule(sql, assignedTo(sql, warningId));
  if (top === null) return null;
  const { id, code, name, count, completed } = top;
  return { who: { kind: 'rule', ruleCode: code, name }, ids: [id], count, proven: completed };
}

async function topActor(sql: Sql, warningId: number): Promise<Suspect | null> {
  const [top] = await sql<{ id: number; name: string; count: number }[]>`
    with assigned as (${assignedTo(sql, warningId)})
    select actor.id, actor.name, count(distinct customer_id) as count
    from assigned join mirror_actor actor on actor.id = actor_id
    group by actor.id order by count desc, actor.id limit 1`;
  if (top === undefined) return null;
  return { who: { kind: 'actor', name: top.name }, ids: [top.id], count: top.count };
}

async function topSource(sql: Sql, warningId: number): Promise<Suspect | null> {
  const [top] = await sql<{ id: number; name: LocalizedText; count: number }[]>`
    with assigned as (${assignedTo(sql, warningId)})
    select source.id, source.body -> 'name' as name, count(distinct customer_id) as count
    from assigned join source on source.id = source_id
    group by source.id order by count desc, source.id limit 1`;
  if (top === undefined) return null;
  return { who: { kind: 'source', name: top.name }, ids: [top.id], count: top.count };
}

/** The department whose people tagged most of the customers. */
async function topDepartment(database: Database, warningId: number): Promise<Suspect | null> {
  const { actors } = await loadOrigins(database.query);
  const known = actors.flatMap(({ id, person }) =>
    person === null ? [] : [{ id, departmentCode: person.departmentCode }],
  );
  const { sql } = database;
  const [top] = await sql<{ code: string; count: number }[]>`
    with assigned as (${assignedTo(sql, warningId)})
    select d.code, count(distinct a.customer_id) as count
    from assigned a join unnest(
      ${numberList(known.map(({ id }) => id))}::int[],
      ${known.map(({ departmentCode }) => departmentCode)}::text[]) as d(actor_id, code) using (actor_id)
    group by d.code order by count desc, d.code limit 1`;
  if (top === undefined) return null;
  const department = (await loadDepartments(database.query)).get(top.code);
  if (department === undefined) return null;
  const ids = known.filter(({ departmentCode }) => departmentCode === top.code);
  return {
    who: { kind: 'department', name: department.name },
    ids: ids.map(({ id }) => id),
    count: top.count,
  };
}

/** Imports and sources are counted by the scan, and fixes say whom they tagged; who tagged is told from some customers at random. */
async function usualShareOf(
  sql: Sql,
  { warningId, suspect }: { readonly warningId: number; readonly suspect: Suspect },
): Promise<UsualShare> {
  const { kind } = suspect.who;
  const ids = numberList(suspect.ids);
  const shares =
    kind === 'rule'
      ? fixedShares(sql, ids)
      : kind === 'import' || kind === 'source'
        ? countedShares(sql, kind, ids)
        : sampledShares(sql, { warningId, actorIds: ids, percent: await sampledPercent(sql) });
  const rows = await sql<{ tagId: number; carriers: number; brought: number }[]>`
    with assigned as (${assignedTo(sql, warningId)}), ${shares}
    select 0 as "tagId", coalesce(sum(carriers), 0)::float8 as carriers, coalesce(sum(brought), 0)::float8 as brought
    from shares
    union all
    select tag_id, carriers::float8, brought::float8 from shares where tag_id in (select tag_id from assigned)`;
  const all = rows.find(({ tagId }) => tagId === 0);
  return {
    ofAll: all === undefined || all.carriers === 0 ? null : all.brought / all.carriers,
    ofTag: new Map(rows.filter(({ tagId }) => tagId !== 0).map((row) => [row.tagId, row])),
  };
}

/** `shares`: by tag, who carries it and who of them has it from there, without the customers of the warning. */
function countedShares(sql: Sql, kind: 'import' | 'source', ids: string) {
  const [table, column] =
    kind === 'import'
      ? [sql`tag_import_count`, sql`import_id`]
      : [sql`tag_source_count`, sql`source_id`];
  return sql`
    own as (
      select tag_id, count(distinct customer_id) as carriers,
        count(distinct customer_id) filter (where ${column} = any (${ids}::int[])) as brought
      from assigned group by tag_id),
    shares as (
      select t.tag_id, greatest(t.customers - coalesce(own.carriers, 0), 0) as carriers,
        greatest(coalesce(c.customers, 0) - coalesce(own.brought, 0), 0) as brought
      from tag_count t
        left join ${table} c on c.tag_id = t.tag_id and c.${column} = any (${ids}::int[])
        left join own on own.tag_id = t.tag_id)`;
}

async function sampledPercent(sql: Sql): Promise<number> {
  const [size] = await sql<{ customers: number }[]>`
    select greatest(reltuples, 0)::float8 as customers from pg_class where oid = 'mirror_customer'::regclass`;
  return Math.min(100, (100 * sampledCustomers) / Math.max(1, size?.customers ?? 0));
}

function sampledShares(
  sql: Sql,
  {
    warningId,
    actorIds,
    percent,
  }: { readonly warningId: number; readonly actorIds: string; readonly percent: number },
) {
  return sql`
    sampled as (
      select tag_ids, actor_ids from mirror_customer tablesample system (${percent}::real) repeatable (1)
      where id not in (
        select customer_id from finding where warning_id = ${warningId} and state = 'open')),
    shares as (
      select tag_id, count(*) as carriers,
        count(*) filter (where actor_id = any (${actorIds}::int[])) as brought
      from sampled, unnest(tag_ids, actor_ids) as tagged (tag_id, actor_id) group by tag_id)`;
}

/** The import without which a tag that jumped up would be carried by about as many as usual. */
async function causeOfJump(sql: Sql, tagId: number): Promise<Cause | null> {
  const history = await loadTagHistory(sql, { tagId, sinceMs: 0, pointsMax: historyPointsMax });
  const counts = history.map(({ customers }) => customers);
  const present = counts.at(-1) ?? 0;
  const jump = populationJumpOf(counts.slice(0, -1), present);
  if (jump === null || jump.change <= 0) return null;
  const imports = await loadImportCounts(sql, { tagId, limit: historyPointsMax });
  const distance = (customers: number) => Math.abs(present - customers - jump.usual);
  const [nearest] = [...imports].sort((a, b) => distance(a.customers) - distance(b.customers));
  if (nearest === undefined || distance(nearest.customers) * 2 >= jump.change) return null;
  const count = Math.min(nearest.customers, jump.change);
  return { kind: 'import', name: nearest.importName, count, of: jump.change };
}
