import { eq } from 'drizzle-orm';
import type { Database } from '../client.ts';
import { tags } from '../schema/dictionary.ts';
import { beginFix } from './fixes.ts';

/**
 * Plans to give every customer with one tag another instead, or to take it off, source by source, with before and after of each.
 * One statement, whatever the number of customers. A repeated call answers with the plan it made the first time.
 * Returns the fix's id; null where one of the tags is not in the dictionary.
 */
export async function planRetag(
  database: Database,
  input: {
    readonly requestId: number;
    readonly fromCode: string;
    /** null: nothing takes its place. */
    readonly intoCode: string | null;
    readonly requestedBy: string;
    readonly nowMs: number;
  },
): Promise<number | null> {
  const fromId = await findTagId(database, input.fromCode);
  const intoId = input.intoCode === null ? null : await findTagId(database, input.intoCode);
  if (fromId === null || (intoId === null && input.intoCode !== null)) return null;
  const added = intoId === null ? [] : [intoId];
  return database.sql.begin(async (transaction) => {
    const fixId = await beginFix(
      database.query,
      {
        planKey: `request/${input.requestId}`,
        warningId: null,
        requestId: input.requestId,
        choice: null,
        requestedBy: input.requestedBy,
      },
      input.nowMs,
    );
    const [planned] = await transaction`select from fix_item where fix_id = ${fixId} limit 1`;
    if (planned !== undefined) return fixId;
    await transaction`
      insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome)
      select ${fixId}, customer.id, slice.source_id, slice.tag_ids,
        (select coalesce(array_agg(distinct tag_id order by tag_id), '{}')
          from unnest(slice.tag_ids || ${added}::int[]) as kept (tag_id)
          where tag_id <> ${fromId}),
        'pending'
      from mirror_customer customer
      cross join lateral (
        select source_id, array_agg(tag_id order by tag_id) as tag_ids
        from unnest(customer.source_ids, customer.tag_ids) as assigned (source_id, tag_id)
        group by source_id
      ) slice
      where customer.tag_ids @> array[${fromId}::int] and slice.tag_ids @> array[${fromId}::int]`;
    return fixId;
  });
}

async function findTagId(database: Database, code: string): Promise<number | null> {
  const [row] = await database.query.select({ id: tags.id }).from(tags).where(eq(tags.code, code));
  return row?.id ?? null;
}
