import type { Cause } from '../../bot/views.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import type { Rule } from '../../domain/rule.ts';
import { populationJumpOf } from '../../domain/rules/population-jump.ts';
import type { Database, Sql } from '../client.ts';
import { numberList } from '../number-list.ts';
import { loadOrigins } from './dictionary.ts';
import { loadDepartments } from './people.ts';
import { loadImportCounts, loadTagHistory } from './population.ts';

/** A source is behind a warning where its share is so many times what it is among all who carry the tags. */
const sourceLiftMin = 1.5;
/** From this on it is worth saying how many times the usual share it is. */
const liftShownMin = 2;
/** Counts of a tag that are looked back at. */
const historyPointsMax = 31;

interface Question {
  readonly warningId: number;
  readonly rule: Rule;
  /** With an open finding. */
  readonly customers: number;
  /** The tag that all findings are about first; null where they are about several. */
  readonly firstTagId: number | null;
}

/**
 * What brought most of a warning's findings: an import, a person, a department or a source behind more than half of its
 * customers, the most particular first. For a tag whose numbers jumped, the import without which they would be as usual.
 */
export async function findCause(database: Database, question: Question): Promise<Cause | null> {
  const { rule, firstTagId, customers } = question;
  if (rule.kind === 'population-jump') {
    return firstTagId === null ? null : causeOfJump(database.sql, firstTagId);
  }
  if (customers < 2) return null;
  const origins = await readOrigins(database.sql, question.warningId);
  const isMost = ({ count }: { readonly count: number }) => count * 2 > customers;
  for (const kind of ['import', 'actor'] as const) {
    const [top] = origins.filter((origin) => origin.kind === kind);
    if (top === undefined || !isMost(top) || typeof top.name !== 'string') continue;
    return { kind, name: top.name, count: top.count, of: customers, ...shownLift(top, customers) };
  }
  const department = await topDepartment(database, question.warningId);
  if (department !== null && isMost(department)) {
    return { kind: 'department', ...department, of: customers };
  }
  const [source] = origins.filter(({ kind }) => kind === 'source');
  if (source === undefined || !isMost(source) || typeof source.name === 'string') return null;
  const lift = liftOf(source, customers);
  if (lift === null || lift < sourceLiftMin) return null;
  const { name, count } = source;
  return { kind: 'source', name, count, of: customers, ...shownLift(source, customers) };
}

interface Origin {
  readonly kind: 'import' | 'actor' | 'source';
  readonly name: string | LocalizedText;
  /** Customers of the warning. */
  readonly count: number;
  /** Part of all that carry the tags, 0–1; null where that is not counted. */
  readonly usualShare: number | null;
}

/** The import, the person and the source that most of the customers have the conflicting tags from. */
async function readOrigins(sql: Sql, warningId: number): Promise<readonly Origin[]> {
  return sql<Origin[]>`
    with assigned as materialized (${assignedTo(sql, warningId)}),
    carried as (
      select sum(customers) as customers from tag_count where tag_id in (select tag_id from assigned))
    (select 'import' as kind, to_jsonb(batch.name) as name, count(distinct customer_id) as count,
        (select sum(c.customers) from tag_import_count c where c.import_id = batch.id
          and c.tag_id in (select tag_id from assigned))::float8
          / nullif((select customers from carried), 0) as "usualShare"
      from assigned join mirror_import batch on batch.id = import_id
      group by batch.id order by count desc, batch.id limit 1)
    union all
    (select 'actor', to_jsonb(actor.name), count(distinct customer_id), null
      from assigned join mirror_actor actor on actor.id = actor_id
      group by actor.id order by 3 desc, actor.id limit 1)
    union all
    (select 'source', source.body -> 'name', count(distinct customer_id),
        (select sum(c.customers) from tag_source_count c where c.source_id = source.id
          and c.tag_id in (select tag_id from assigned))::float8
          / nullif((select customers from carried), 0)
      from assigned join source on source.id = source_id
      group by source.id order by 3 desc, source.id limit 1)`;
}

/** The conflicting tags on the customers of a warning, with where each came from. */
function assignedTo(sql: Sql, warningId: number) {
  return sql`
    select finding.customer_id, tagged.*
    from finding
    join mirror_customer customer on customer.id = finding.customer_id
    cross join lateral unnest(customer.tag_ids, customer.import_ids, customer.actor_ids, customer.source_ids)
      as tagged (tag_id, import_id, actor_id, source_id)
    where finding.warning_id = ${warningId} and finding.state = 'open'
      and tagged.tag_id in (finding.first_tag_id, finding.second_tag_id)`;
}

/** How many times as often as among all who carry the tags; null where that is not known. */
function liftOf({ count, usualShare }: Origin, customers: number): number | null {
  return usualShare === null || usualShare === 0 ? null : count / customers / usualShare;
}

function shownLift(origin: Origin, customers: number): { readonly lift?: number } {
  const lift = liftOf(origin, customers);
  return lift === null || lift < liftShownMin ? {} : { lift };
}

/** The department whose people tagged most of the customers. */
async function topDepartment(
  database: Database,
  warningId: number,
): Promise<{ readonly name: LocalizedText; readonly count: number } | null> {
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
  return department === undefined ? null : { name: department.name, count: top.count };
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
