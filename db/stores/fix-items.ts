import type { LocalizedText } from '../../domain/locale.ts';
import { fixOutcomes, type FixOutcome } from '../../domain/fix.ts';
import type { Sql } from '../client.ts';

export interface FixItemLine {
  readonly ref: string;
  readonly name: string;
  readonly sourceCode: string;
  readonly before: readonly LocalizedText[];
  readonly after: readonly LocalizedText[];
  readonly outcome: FixOutcome;
  readonly detail: string | null;
  readonly undoOutcome: FixOutcome | null;
  readonly undoDetail: string | null;
}

/** All customers of a fix, those of one outcome, or those whom its undo did not give back what it took. */
export const fixItemsShown = ['all', ...fixOutcomes, 'not-undone'] as const;
export type FixItemsShown = (typeof fixItemsShown)[number];

/** What became of each customer of a fix; those left alone come first. Tags that did not change are left out. */
export async function listFixItems(
  sql: Sql,
  fixId: number,
  page: { readonly offset: number; readonly limit: number; readonly shown: FixItemsShown },
): Promise<readonly FixItemLine[]> {
  return sql<FixItemLine[]>`
    select ${lineColumns(sql, [])} ${lineTables(sql)}
    where item.fix_id = ${fixId} and ${isShown(sql, page.shown)}
    order by case item.outcome when 'refused' then 0 when 'changed-meanwhile' then 1 else 2 end,
      customer.ref, source.id
    offset ${page.offset} limit ${page.limit}`;
}

const pageItems = 1_000;

/** The same of all of them, a page at a time, in the order in which they were written; memory stays flat. */
export async function* readFixItems(
  sql: Sql,
  input: {
    readonly fixId: number;
    readonly shown: FixItemsShown;
    /** Tags that are not named. */
    readonly hiddenTagIds: readonly number[];
  },
): AsyncGenerator<readonly FixItemLine[]> {
  const { fixId, shown, hiddenTagIds } = input;
  let after = { sourceId: 0, customerId: 0 };
  for (;;) {
    const page = await sql<(FixItemLine & { sourceId: number; customerId: number })[]>`
      select ${lineColumns(sql, hiddenTagIds)}, item.source_id as "sourceId", item.customer_id as "customerId"
      ${lineTables(sql)}
      where item.fix_id = ${fixId} and ${isShown(sql, shown)}
        and (item.source_id, item.customer_id) > (${after.sourceId}, ${after.customerId})
      order by item.source_id, item.customer_id limit ${pageItems}`;
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last;
  }
}

function isShown(sql: Sql, shown: FixItemsShown) {
  if (shown === 'all') return sql`true`;
  return shown === 'not-undone'
    ? sql`item.undo_outcome in ('changed-meanwhile', 'refused')`
    : sql`item.outcome = ${shown}`;
}

/** Of a renamed tag, what it was called and is called; its customers' tags are the same. */
function lineColumns(sql: Sql, hiddenTagIds: readonly number[]) {
  return sql`customer.ref, customer.name, source.code as "sourceCode",
    case when fix.rename is null
      then ${tagNames(sql, { present: sql`item.before_tag_ids`, absent: sql`item.after_tag_ids`, hiddenTagIds })}
      else ${renamed(sql, 'from', hiddenTagIds)} end as before,
    case when fix.rename is null
      then ${tagNames(sql, { present: sql`item.after_tag_ids`, absent: sql`item.before_tag_ids`, hiddenTagIds })}
      else ${renamed(sql, 'to', hiddenTagIds)} end as after,
    item.outcome, item.detail, item.undo_outcome as "undoOutcome", item.undo_detail as "undoDetail"`;
}

function lineTables(sql: Sql) {
  return sql`from fix_item item
    join fix on fix.id = item.fix_id
    join mirror_customer customer on customer.id = item.customer_id
    join source on source.id = item.source_id`;
}

function renamed(sql: Sql, which: 'from' | 'to', hiddenTagIds: readonly number[]) {
  return sql`case when (fix.rename ->> 'tagId')::int = any (${[...hiddenTagIds]}::int[]) then '[]'::jsonb
    else jsonb_build_array(fix.rename -> ${which}::text) end`;
}

function tagNames(
  sql: Sql,
  input: {
    readonly present: ReturnType<Sql>;
    readonly absent: ReturnType<Sql>;
    readonly hiddenTagIds: readonly number[];
  },
) {
  const { present, absent, hiddenTagIds } = input;
  return sql`coalesce((
    select jsonb_agg(coalesce(tag.name, jsonb_build_object('zh-CN', mirror.name, 'en', mirror.name)) order by changed.id)
    from unnest(${present}) changed(id)
    left join tag on tag.id = changed.id
    left join lateral (select name from mirror_tag where tag_id = changed.id limit 1) mirror on true
    where changed.id <> all(${absent}) and changed.id <> all(${[...hiddenTagIds]}::int[])), '[]'::jsonb)`;
}
