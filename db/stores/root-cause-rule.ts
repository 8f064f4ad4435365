import type { PendingQuery, Row } from 'postgres';
import type { LocalizedText } from '../../domain/locale.ts';
import type { Sql } from '../client.ts';

/** Fixes that are looked back at, the newest ones. */
const fixesMax = 1_000;

/** The rule whose fixes, by people or by itself, put a conflicting tag on most of a warning's customers. */
export interface TaggingRule {
  readonly id: number;
  readonly code: string;
  readonly name: LocalizedText;
  /** Customers of the warning with a conflicting tag from its fixes. */
  readonly count: number;
  /** Those of them to whom the fix gave the tag while the other one was there: without the fix they would have no conflict. */
  readonly completed: number;
}

/**
 * Needs `assigned` (customer_id, tag_id, source_id, actor_id, since in epoch seconds, 0 where unknown). Makes
 * `put_on`: which of these tags still stand as a fix left them. One that was taken off since, or that the source says
 * somebody else put on, is no longer the fix's.
 */
function putOnByFixes(sql: Sql) {
  return sql`
    written as (
      select fix.id, fix.requested_by, fix.created_at, fix.written_at, warning.rule_id
      from fix join warning on warning.id = fix.warning_id
      where fix.written_at is not null order by fix.id desc limit ${fixesMax}),
    conflicting as (
      select *, max(since) over whole as newest, min(tag_id) over whole <> max(tag_id) over whole as has_two
      from assigned window whole as (partition by customer_id)),
    put_on as (
      select distinct on (c.customer_id, c.tag_id, c.source_id) c.customer_id, c.tag_id, written.rule_id,
        c.has_two and c.newest <= extract(epoch from written.written_at) as is_completed
      from conflicting c
        join fix_item item on item.customer_id = c.customer_id and item.source_id = c.source_id
          and c.tag_id = any (item.after_tag_ids) and c.tag_id <> all (item.before_tag_ids)
        join written on written.id = item.fix_id
        left join mirror_actor actor on actor.id = c.actor_id
      where item.outcome = 'changed' and item.undo_outcome is distinct from 'changed'
        and (actor.name is null or actor.name = written.requested_by)
        and not exists (
          select from assignment_change gone
          where gone.customer_id = c.customer_id and gone.tag_id = c.tag_id and gone.source_id = c.source_id
            and gone.change = 'removed' and gone.seen_at > written.created_at)
      order by c.customer_id, c.tag_id, c.source_id, item.fix_id desc)`;
}

/** `assigned`: the conflicting tags of the warning, as `putOnByFixes` needs them. */
export async function topTaggingRule(
  sql: Sql,
  assigned: PendingQuery<Row[]>,
): Promise<TaggingRule | null> {
  const [top] = await sql<TaggingRule[]>`
    with assigned as (${assigned}), ${putOnByFixes(sql)}
    select rule.id, rule.code, rule.body -> 'name' as name, count(distinct customer_id) as count,
      count(distinct customer_id) filter (where is_completed) as completed
    from put_on join rule on rule.id = put_on.rule_id
    group by rule.id order by count desc, rule.id limit 1`;
  return top ?? null;
}

/** `shares`: by tag, who carries it and to whom of them a rule's fixes gave it, without the customers of the warning. */
export function fixedShares(sql: Sql, ruleIds: string) {
  return sql`
    ${putOnByFixes(sql)},
    own as (
      select a.tag_id, count(distinct a.customer_id) as carriers,
        count(distinct a.customer_id) filter (where put_on.customer_id is not null) as given
      from assigned a left join put_on on put_on.customer_id = a.customer_id
        and put_on.tag_id = a.tag_id and put_on.rule_id = any (${ruleIds}::int[])
      group by a.tag_id),
    given as (
      select t.tag_id, count(distinct item.customer_id) as customers
      from written join fix_item item on item.fix_id = written.id
        cross join unnest(item.after_tag_ids) as t(tag_id)
      where written.rule_id = any (${ruleIds}::int[]) and t.tag_id <> all (item.before_tag_ids)
        and item.outcome = 'changed' and item.undo_outcome is distinct from 'changed'
      group by t.tag_id),
    others as (
      select t.tag_id, greatest(t.customers - coalesce(own.carriers, 0), 0) as carriers,
        greatest(coalesce(given.customers, 0) - coalesce(own.given, 0), 0) as given
      from tag_count t left join own using (tag_id) left join given using (tag_id)),
    shares as (select tag_id, carriers, least(given, carriers) as brought from others)`;
}
