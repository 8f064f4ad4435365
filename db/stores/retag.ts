import { eq } from 'drizzle-orm';
import type postgres from 'postgres';
import type { Retag, RetagRefusal, TagRename } from '../../domain/retag.ts';
import { lastSuccessor } from '../../domain/retag.ts';
import type { Database, SqlOrTransaction } from '../client.ts';
import { tags } from '../schema/dictionary.ts';
import { beginFix } from './fixes.ts';

export type PlannedRetag =
  /** `writeFix` writes it; what it then does can be undone like any other fix. */
  { readonly kind: 'planned'; readonly fixId: number } | RetagRefusal;

/**
 * Plans a change of one tag on every customer who carries it, source by source, with before and after of each, whatever
 * their number. A repeated call for the same request answers with the plan it made the first time. The dictionary
 * itself is the caller's: it is changed before.
 */
export async function planRetag(
  database: Database,
  input: {
    readonly requestId: number;
    readonly retag: Retag;
    readonly requestedBy: string;
    readonly nowMs: number;
  },
): Promise<PlannedRetag> {
  const { requestId, retag, requestedBy, nowMs } = input;
  const fix = {
    planKey: `request/${requestId}`,
    warningId: null,
    requestId,
    choice: null,
    requestedBy,
  };
  const fromId = await findTagId(database, retag.code);
  if (fromId === null) return { kind: 'unknown-tag', code: retag.code };
  if (retag.kind === 'rename') {
    // Which customers a source's name for the tag is written to, only its connector knows: they are laid down when writing begins.
    const rename = { tagId: fromId, from: retag.from, to: retag.to };
    return {
      kind: 'planned',
      fixId: await beginFix(database.query, { ...fix, rename }, nowMs),
    };
  }
  const into = await intoId(database, retag);
  if (into.kind !== 'found') return into;
  const fixId = await database.sql.begin(async (transaction) => {
    const begunId = await beginFix(database.query, { ...fix, rename: null }, nowMs);
    const [planned] = await transaction`select from fix_item where fix_id = ${begunId} limit 1`;
    if (planned === undefined) {
      await planReplacement(transaction, { fixId: begunId, fromId, intoId: into.id });
    }
    return begunId;
  });
  return { kind: 'planned', fixId };
}

async function intoId(
  database: Database,
  retag: Exclude<Retag, { kind: 'rename' }>,
): Promise<{ readonly kind: 'found'; readonly id: number | null } | RetagRefusal> {
  if (retag.kind === 'take-off') return { kind: 'found', id: null };
  const successor =
    retag.kind === 'replace'
      ? ({ kind: 'found', code: retag.byCode } as const)
      : await findSuccessor(database, retag.code);
  if (successor.kind !== 'found') return successor;
  const id = await findTagId(database, successor.code);
  return id === null ? { kind: 'unknown-tag', code: successor.code } : { kind: 'found', id };
}

async function findSuccessor(database: Database, code: string) {
  const all = await database.query
    .select({ code: tags.code, status: tags.status, successorCode: tags.successorCode })
    .from(tags);
  return lastSuccessor(new Map(all.map((tag) => [tag.code, tag])), code);
}

async function planReplacement(
  transaction: SqlOrTransaction,
  input: { readonly fixId: number; readonly fromId: number; readonly intoId: number | null },
): Promise<void> {
  const { fixId, fromId, intoId: into } = input;
  const carriers = transaction`
    mirror_customer customer where customer.tag_ids @> array[${fromId}::int]`;
  const isOfOneSource = transaction`customer.source_ids[1] = all (customer.source_ids)`;
  // Nearly everybody is in one source alone: then the tags are there as they are needed, ascending.
  await transaction`
    insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome)
    with slice as (
      select customer.id, customer.source_ids[1] as source_id, customer.tag_ids
      from ${carriers} and ${isOfOneSource}
      union all
      select customer.id, assigned.source_id, array_agg(assigned.tag_id order by assigned.tag_id)
      from (select * from ${carriers} and not ${isOfOneSource}) customer,
        unnest(customer.source_ids, customer.tag_ids) as assigned (source_id, tag_id)
      group by customer.id, assigned.source_id
      having ${fromId}::int = any (array_agg(assigned.tag_id))
    )
    select ${fixId}, id, source_id, tag_ids, ${into === null ? transaction`kept` : keptWith(transaction, into)}, 'pending'
    from (select *, array_remove(tag_ids, ${fromId}::int) as kept from slice offset 0) as planned`;
}

/** The tag at its place among those kept, which are ascending, unless it is there. */
function keptWith(transaction: SqlOrTransaction, tagId: number): postgres.Fragment {
  const place = transaction`width_bucket(${tagId}::int, kept)`;
  return transaction`case when ${tagId}::int = any (kept) then kept
    else kept[:${place}] || ${tagId}::int || kept[${place} + 1:] end`;
}

/**
 * Lays down that everybody who carries the tag in these sources is to be written; their tags stay as they are, only what
 * the sources call one of them changes. Repeated calls are harmless.
 */
export async function planRenameItems(
  { sql }: Database,
  input: {
    readonly fixId: number;
    readonly rename: TagRename;
    readonly sourceIds: readonly number[];
  },
): Promise<void> {
  const { fixId, rename, sourceIds } = input;
  await sql`
    insert into fix_item (fix_id, customer_id, source_id, before_tag_ids, after_tag_ids, outcome)
    select ${fixId}, customer.id, slice.source_id, slice.tag_ids, slice.tag_ids, 'pending'
    from mirror_customer customer
    cross join lateral (
      select source_id, array_agg(tag_id order by tag_id) as tag_ids
      from unnest(customer.source_ids, customer.tag_ids) as assigned (source_id, tag_id)
      where source_id = any (${[...sourceIds]}::smallint[])
      group by source_id
    ) slice
    where customer.tag_ids @> array[${rename.tagId}::int]
      and slice.tag_ids @> array[${rename.tagId}::int]
    on conflict do nothing`;
}

async function findTagId(database: Database, code: string): Promise<number | null> {
  const [row] = await database.query.select({ id: tags.id }).from(tags).where(eq(tags.code, code));
  return row?.id ?? null;
}
