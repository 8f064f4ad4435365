import { inArray } from 'drizzle-orm';
import type { Condition } from '../../domain/condition.ts';
import { emptyCustomer, type CustomerTags } from '../../domain/customer.ts';
import { compileCondition } from '../../domain/rules/condition-evaluation.ts';
import type { Database, SqlOrTransaction } from '../client.ts';
import { numberList } from '../number-list.ts';
import { attributes, tags } from '../schema/dictionary.ts';
import { beginFix } from './fixes.ts';

/** Customers whose attributes are read, and whose change is laid down, at a time. */
const customersPerPage = 5_000;

/**
 * Plans to give every customer with one tag one of two others, by whether a condition holds on them now; of whom that
 * cannot be said keeps the tag. A repeated call answers with the plan it made the first time. Returns the fix's id;
 * null where one of the tags is not in the dictionary.
 */
export async function planSplit(
  database: Database,
  input: {
    readonly requestId: number;
    readonly code: string;
    readonly criterion: Condition;
    readonly metCode: string;
    readonly unmetCode: string;
    readonly requestedBy: string;
    readonly nowMs: number;
  },
): Promise<number | null> {
  const { code, metCode, unmetCode, criterion, requestId, requestedBy, nowMs } = input;
  const ids = await tagIdsByCode(database, [code, metCode, unmetCode]);
  const [fromId, metId, unmetId] = [ids.get(code), ids.get(metCode), ids.get(unmetCode)];
  if (fromId === undefined || metId === undefined || unmetId === undefined) return null;
  const condition = compileCondition(criterion, await database.query.select().from(attributes));
  return database.sql.begin(async (transaction) => {
    const fixId = await beginFix(
      database.query,
      { planKey: `request/${requestId}`, warningId: null, requestId, choice: null, requestedBy },
      nowMs,
    );
    const [planned] = await transaction`select from fix_item where fix_id = ${fixId} limit 1`;
    if (planned !== undefined) return fixId;
    const nowSeconds = Math.floor(nowMs / 1000);
    const side = { true: metId, false: unmetId, unknown: null } as const;
    let afterId = 0;
    for (;;) {
      const page = await readPage(transaction, { fromId, afterId });
      const chosen = page.flatMap((customer) => {
        const intoId = side[condition.evaluate(customer, nowSeconds)];
        return intoId === null ? [] : [{ customerId: customer.customerId, intoId }];
      });
      await layDown(transaction, { fixId, fromId, chosen });
      const last = page.at(-1);
      if (last === undefined || page.length < customersPerPage) return fixId;
      afterId = last.customerId;
    }
  });
}

async function tagIdsByCode(
  database: Database,
  codes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query
    .select({ id: tags.id, code: tags.code })
    .from(tags)
    .where(inArray(tags.code, [...codes]));
  return new Map(rows.map(({ id, code }) => [code, id]));
}

interface AttributeRow {
  readonly id: number;
  readonly numbers: readonly (number | null)[];
  readonly texts: readonly (string | null)[];
}

/** Only what a condition looks at. */
async function readPage(
  transaction: SqlOrTransaction,
  page: { readonly fromId: number; readonly afterId: number },
): Promise<readonly CustomerTags[]> {
  const rows = await transaction<AttributeRow[]>`
    select id, to_json(numbers) as numbers, to_json(texts) as texts
    from mirror_customer where tag_ids @> array[${page.fromId}::int] and id > ${page.afterId}
    order by id limit ${customersPerPage}`;
  return rows.map(({ id, numbers, texts }) => ({
    ...emptyCustomer(),
    customerId: id,
    numbers: Float64Array.from(numbers, (value) => value ?? Number.NaN),
    texts: [...texts],
  }));
}

async function layDown(
  transaction: SqlOrTransaction,
  split: {
    readonly fixId: number;
    readonly fromId: number;
    readonly chosen: readonly { readonly customerId: number; readonly intoId: number }[];
  },
): Promise<void> {
  const { fixId, fromId, chosen } = split;
  if (chosen.length === 0) return;
  await transaction`
    insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome)
    select ${fixId}, customer.id, slice.source_id, slice.tag_ids,
      (select array_agg(distinct tag_id order by tag_id)
        from unnest(slice.tag_ids || chosen.into_id) as kept (tag_id) where tag_id <> ${fromId}),
      'pending'
    from unnest(${numberList(chosen.map(({ customerId }) => customerId))}::bigint[],
      ${numberList(chosen.map(({ intoId }) => intoId))}::int[]) as chosen (customer_id, into_id)
    join mirror_customer customer on customer.id = chosen.customer_id
    cross join lateral (
      select source_id, array_agg(tag_id order by tag_id) as tag_ids
      from unnest(customer.source_ids, customer.tag_ids) as assigned (source_id, tag_id)
      group by source_id
    ) slice
    where slice.tag_ids @> array[${fromId}::int]`;
}
