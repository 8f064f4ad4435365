import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { sql as expression } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { advisoryLocks } from '../advisory-locks.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import type { Database, Sql, SqlOrTransaction } from '../client.ts';
import { BinaryRows } from '../copy-binary.ts';
import { sources } from '../schema/dictionary.ts';
import { appendAudit, type AuditEntry, type Queryable } from './audit.ts';

/** A system that is read into the mirror. */
export interface MirrorSource {
  readonly id: number;
  readonly code: string;
  readonly name: LocalizedText;
  /** How far changes have been read; null before the first full read. */
  readonly cursor: string | null;
  readonly readAt: number | null;
}

/** Every source, in the order in which they were configured. */
export async function loadSources(database: Queryable): Promise<readonly MirrorSource[]> {
  const { id, code, cursor, readAt } = sources;
  const name = expression<LocalizedText>`${sources.body} -> 'name'`;
  return database.select({ id, code, name, cursor, readAt }).from(sources).orderBy(id);
}

/** How a source calls tags: its refs with the mirror tag id of each. */
export async function loadTagRefs(
  sql: Sql,
  sourceId: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ tag_id: number; tag_ref: string }[]>`
    select tag_id, tag_ref from mirror_tag where source_id = ${sourceId}`;
  return new Map(rows.map((row) => [row.tag_ref, row.tag_id]));
}

/** Names that tags of the dictionary had before, by tag code, as far as their versions tell. */
export async function loadFormerNames(sql: Sql): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await sql<{ code: string; names: string[] }[]>`
    select t.code, array_agg(distinct former.name) as names
    from tag t join tag_version v on v.tag_code = t.code and v.version < t.version,
      lateral jsonb_each_text(v.body -> 'name') as former (locale, name)
    where former.name not in (t.name ->> 'zh-CN', t.name ->> 'en')
    group by t.code`;
  return new Map(rows.map(({ code, names }) => [code, names]));
}

export interface MirrorTag {
  readonly tagRef: string;
  readonly name: string;
  /** null: a fresh number is taken. */
  readonly tagId: number | null;
}

/** Writes how a source calls tags; those that are there already keep their id. Returns the ids of all of them. */
export async function addMirrorTags(
  sql: Sql,
  sourceId: number,
  tags: readonly MirrorTag[],
): Promise<ReadonlyMap<string, number>> {
  const refs = tags.map((tag) => tag.tagRef);
  const rows = await sql<{ tag_ref: string; tag_id: number }[]>`
    insert into mirror_tag (source_id, tag_ref, name, tag_id)
    select ${sourceId}, t.ref, t.name, coalesce(t.id, nextval('tag_id')::int)
    from unnest(${refs}::text[], ${tags.map((tag) => tag.name)}::text[],
                ${tags.map((tag) => tag.tagId)}::int[]) as t(ref, name, id)
    on conflict (source_id, tag_ref) do update set name = excluded.name
    returning tag_ref, tag_id`;
  return new Map(rows.map((row) => [row.tag_ref, row.tag_id]));
}

export interface TagRemap {
  readonly tagRef: string;
  readonly fromId: number;
  /** null: a fresh number is taken. */
  readonly toId: number | null;
}

/**
 * Gives tags of a source other ids, such as when the dictionary learns one, wherever the mirror holds them.
 * Customers that carry one count as changed.
 */
export async function remapTags(
  sql: Sql,
  input: {
    readonly sourceId: number;
    readonly remaps: readonly TagRemap[];
    readonly nowMs: number;
  },
): Promise<void> {
  const { sourceId, remaps, nowMs } = input;
  if (remaps.length === 0) return;
  await sql.begin(async (transaction) => {
    await lockMirror(transaction);
    const rows = await transaction<{ tag_ref: string; tag_id: number }[]>`
      update mirror_tag m set tag_id = coalesce(r.id, nextval('tag_id')::int)
      from unnest(${remaps.map((remap) => remap.tagRef)}::text[],
                  ${remaps.map((remap) => remap.toId)}::int[]) as r(ref, id)
      where m.source_id = ${sourceId} and m.tag_ref = r.ref
      returning m.tag_ref, m.tag_id`;
    const newIds = new Map(rows.map((row) => [row.tag_ref, row.tag_id]));
    const shared = await listShared(transaction, sourceId, remaps);
    const alone = remaps.filter(({ fromId }) => !shared.has(fromId));
    const olds = alone.map((remap) => remap.fromId);
    const news = alone.map((remap) => newIds.get(remap.tagRef) ?? remap.fromId);
    if (shared.size > 0) {
      // By which of the names a customer has the tag, only the source can tell: it is read whole the next time.
      await transaction`update source set cursor = null where id = ${sourceId}`;
    }
    await transaction`
      with remapped as (
        select m.id, array_agg(u.tag order by u.tag, u.source) as tag_ids,
          array_agg(u.since order by u.tag, u.source) as since_seconds,
          array_agg(u.actor order by u.tag, u.source) as actor_ids,
          array_agg(u.source order by u.tag, u.source) as source_ids,
          array_agg(u.import order by u.tag, u.source) as import_ids
        from mirror_customer m cross join lateral (
          select case when o.source = ${sourceId}::smallint then coalesce(r.new, o.tag) else o.tag end as tag,
            o.since, o.actor, o.source, o.import
          from unnest(m.tag_ids, m.since_seconds, m.actor_ids, m.source_ids, m.import_ids)
            as o(tag, since, actor, source, import)
          left join unnest(${olds}::int[], ${news}::int[]) as r(old, new) on r.old = o.tag
        ) u
        where m.tag_ids && ${olds}::int[] and ${sourceId}::smallint = any(m.source_ids)
        group by m.id
      )
      update mirror_customer m set tag_ids = t.tag_ids, since_seconds = t.since_seconds,
        actor_ids = t.actor_ids, source_ids = t.source_ids, import_ids = t.import_ids,
        changed_at = ${nowMs}
      from remapped t where m.id = t.id`;
    await transaction`
      update assignment_change c set tag_id = r.new
      from unnest(${olds}::int[], ${news}::int[]) as r(old, new)
      where c.source_id = ${sourceId} and c.tag_id = r.old`;
  });
}

/** Ids of which a source has another ref besides the one that is remapped. */
async function listShared(
  transaction: SqlOrTransaction,
  sourceId: number,
  remaps: readonly TagRemap[],
): Promise<ReadonlySet<number>> {
  const fromIds = remaps.map(({ fromId }) => fromId);
  const rows = await transaction<{ id: number }[]>`
    select tag_id as id from mirror_tag
    where source_id = ${sourceId} and tag_id = any (${fromIds}::int[])`;
  const twice = fromIds.filter((id, index) => fromIds.indexOf(id) !== index);
  return new Set([...rows.map(({ id }) => id), ...twice]);
}

async function lockMirror(sql: Pick<Sql, 'unsafe'>): Promise<void> {
  await sql.unsafe(`select pg_advisory_xact_lock(${advisoryLocks.mirror})`);
}

/** Ids of names that sources use, each written once and remembered. */
export interface NameIds {
  has(name: string): boolean;
  /** Makes sure that `id` knows them. */
  learn(names: ReadonlySet<string>): Promise<void>;
  /** 0 for null. Throws for a name that was not learned. */
  id(name: string | null): number;
}

/** Actors or imports, whose names all sources share. */
export function createNameIds(sql: Sql, table: 'mirror_actor' | 'mirror_import'): NameIds {
  const ids = new Map<string, number>();
  return {
    has: (name) => ids.has(name),
    learn: async (names) => {
      const unknown = [...names].filter((name) => !ids.has(name));
      if (unknown.length === 0) return;
      // Those that are there are looked up first: an insert with a conflict would waste a number each time.
      const rows = await sql<{ id: number; name: string }[]>`
        with asked as (select unnest(${unknown}::text[]) as name),
          added as (
            insert into ${sql(table)} (name)
            select name from asked a where not exists (select from ${sql(table)} t where t.name = a.name)
            on conflict (name) do update set name = excluded.name
            returning id, name
          )
        select id, name from added
        union select t.id, t.name from ${sql(table)} t join asked a on a.name = t.name`;
      for (const row of rows) ids.set(row.name, row.id);
    },
    id: (name) => {
      if (name === null) return 0;
      const id = ids.get(name);
      if (id === undefined) throw new Error(`${table}: a name was not learned`);
      return id;
    },
  };
}

/** A customer as it goes into the mirror, with ids in place of names; the five tag arrays are parallel. */
export interface MirrorRow {
  readonly ref: string;
  readonly name: string;
  /** By slot; NaN where missing. */
  readonly numbers: readonly number[];
  /** By slot; null where missing. */
  readonly texts: readonly (string | null)[];
  /** Ascending, each once. */
  readonly tagIds: readonly number[];
  /** Epoch seconds; 0 where unknown. */
  readonly sinceSeconds: readonly number[];
  readonly actorIds: readonly number[];
  readonly importIds: readonly number[];
}

export interface MirrorMerge {
  readonly source: MirrorSource;
  /** Whether customers that were not read are gone from the source. */
  readonly isWhole: boolean;
  /** Customers the source no longer has. */
  readonly removedRefs: readonly string[];
  /** Customers that the source has but that could not be read: they stay as they are. */
  readonly unreadableRefs: readonly string[];
  /** When reading began: what was changed since then by somebody else is newer and stays. */
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** Slots that this source fills, 0-based; the others keep what they hold. null: all of them. */
  readonly slots: { readonly numbers: readonly number[]; readonly texts: readonly number[] } | null;
  /** Where reading goes on next time; null leaves it. */
  readonly cursor: string | null;
  readonly audit: readonly AuditEntry[];
}

export interface MirrorMergeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Rows of a customer that had been read already; the first one counted. */
  readonly repeated: number;
}

/** A read that would take most customers away; nothing was changed. */
export class TooManyVanishedError extends Error {
  override readonly name = 'TooManyVanishedError';
}

/** With fewer customers than this a source may lose any number of them at once. */
const vanishedCheckedFrom = 100;
const vanishedShareMax = 0.5;

/** One transaction that takes up what was read of a source and merges it into the mirror: all of it or nothing. */
export interface MirrorWrite {
  write(rows: readonly MirrorRow[]): Promise<void>;
  /**
   * Merges and commits: adds, changes and removes customers, logs what was put on or taken off, moves the cursor.
   * Throws TooManyVanishedError when a whole read lost most customers.
   */
  merge(merge: MirrorMerge): Promise<MirrorMergeCounts>;
  /** Gives everything up that was not merged, and the connection. */
  close(): Promise<void>;
}

const writeBytesMin = 256 * 1024;
const stagingColumns = 8;

export async function openMirrorWrite(database: Database): Promise<MirrorWrite> {
  const connection = database.connectForCopy();
  const pending = new BinaryRows();

  await connection.unsafe('begin');
  await connection.unsafe(`create temp table staging (
    ref text, name text, numbers float8[], texts text[],
    tag_ids int[], since_seconds bigint[], actor_ids int[], import_ids int[]
  ) on commit drop`);
  const stream: Writable = await connection
    .unsafe('copy staging from stdin (format binary)')
    .writable();
  let failure: Error | null = null;
  stream.on('error', (error: Error) => {
    failure = error;
  });

  return {
    write: async (rows) => {
      if (failure !== null) throw failure;
      for (const row of rows) addRow(pending, row);
      if (pending.length < writeBytesMin) return;
      if (!stream.write(pending.take())) await once(stream, 'drain');
    },
    merge: async (merge) => {
      if (failure !== null) throw failure;
      stream.end(pending.end());
      await once(stream, 'finish');
      const counts = await mergeStaging(connection, merge);
      if (merge.cursor !== null) {
        await connection`
          update source set cursor = ${merge.cursor}, read_at = ${merge.startedAtMs}
          where id = ${merge.source.id}`;
      }
      if (merge.audit.length > 0) {
        // Drizzle changes how this client reads instants; nothing is read after it.
        await appendAudit(drizzle(connection, { casing: 'snake_case' }), merge.audit, merge.nowMs);
      }
      await connection.unsafe('commit');
      return counts;
    },
    close: async () => {
      stream.destroy();
      await connection.end({ timeout: 0 });
    },
  };
}

function addRow(rows: BinaryRows, row: MirrorRow): void {
  rows.row(stagingColumns);
  rows.text(row.ref);
  rows.text(row.name);
  rows.float8Array(row.numbers);
  rows.textArray(row.texts);
  rows.int4Array(row.tagIds);
  rows.int8Array(row.sinceSeconds);
  rows.int4Array(row.actorIds);
  rows.int4Array(row.importIds);
}

/** Sorts and hash tables of the merge stay in memory up to this, each. */
const mergeMemory = '128MB';

async function mergeStaging(sql: Sql, merge: MirrorMerge): Promise<MirrorMergeCounts> {
  const { source, removedRefs, unreadableRefs, startedAtMs } = merge;
  await lockMirror(sql);
  await sql.unsafe(`set local work_mem = '${mergeMemory}'`);
  // The column by which it is joined: looking through the arrays would take longer than the join.
  await sql.unsafe('analyze staging (ref)');
  const repeated = await sql`
    delete from staging s using (
      select ref, min(ctid) as first from staging group by ref having count(*) > 1
    ) d where s.ref = d.ref and s.ctid <> d.first`;
  await sql`
    create temp table vanished on commit drop as
    select m.id, m.present_in, m.tag_ids, m.source_ids from mirror_customer m
    where m.present_in @> array[${source.id}::smallint] and m.changed_at <= ${startedAtMs}
      and (m.ref = any(${removedRefs}::text[]) or (${merge.isWhole}::bool
        and not exists (select from staging s where s.ref = m.ref)
        and m.ref <> all(${unreadableRefs}::text[])))`;
  if (merge.isWhole) await refuseMassRemoval(sql, source);
  await sql.unsafe(touchedSql(merge), [startedAtMs]);
  const changed = await sql`
    update mirror_customer m set name = t.name, numbers = t.numbers, texts = t.texts,
      tag_ids = t.tag_ids, since_seconds = t.since_seconds, actor_ids = t.actor_ids,
      source_ids = t.source_ids, import_ids = t.import_ids, present_in = t.present_in,
      changed_at = ${merge.nowMs}
    from touched t where m.id = t.id`;
  const removed = await sql`
    delete from mirror_customer m using vanished v
    where m.id = v.id and v.present_in = array[${source.id}::smallint]`;
  if (source.readAt !== null) await logTouched(sql, merge);
  const added = await addCustomers(sql, merge);
  return {
    added,
    changed: changed.count,
    removed: removed.count,
    repeated: repeated.count,
  };
}

async function refuseMassRemoval(sql: Sql, source: MirrorSource): Promise<void> {
  const [row] = await sql<{ vanished: number; before: number }[]>`
    select (select count(*) from vanished) as vanished, case when exists (select from vanished)
      then (select count(*) from mirror_customer where present_in @> array[${source.id}::smallint])
      else 0 end as before`;
  const { vanished = 0, before = 0 } = row ?? {};
  if (before < vanishedCheckedFrom || vanished <= before * vanishedShareMax) return;
  throw new TooManyVanishedError(
    `Source "${source.code}" lacks ${vanished} of the ${before} customers it had. Nothing was changed. ` +
      'Check its url and its mapping in sources.yaml; while this lasts no customer of it is removed.',
  );
}

/** What the mirror holds of one source in one of the parallel arrays. */
function sliceSql(column: string, sourceId: number): string {
  return `case when m.source_ids <@ array[${sourceId}]::smallint[] then m.${column} else coalesce((
    select array_agg(o.value order by o.place)
    from unnest(m.${column}, m.source_ids) with ordinality as o(value, source, place)
    where o.source = ${sourceId}), '{}') end`;
}

/** The attributes of a customer once this source has filled its slots from `incoming`. */
function attributesSql(
  column: 'numbers' | 'texts',
  slots: MirrorMerge['slots'],
  incoming: string,
): string {
  if (slots === null) return `${incoming}.${column}`;
  const missing = column === 'numbers' ? "'NaN'" : 'null';
  const owned = `array[${slots[column].map((slot) => slot + 1).join(',')}]::int[]`;
  return `(select coalesce(array_agg(case when place = any(${owned})
      then coalesce(${incoming}.${column}[place], ${missing})
      else coalesce(m.${column}[place], ${missing}) end order by place), '{}')
    from generate_series(1, greatest(cardinality(${incoming}.${column}), cardinality(m.${column}))) place)`;
}

/** Fills `touched` with the customers whose row has to change, as it is to be; $1 is when reading began. */
function touchedSql({ source, slots }: MirrorMerge): string {
  const id = source.id;
  const slice = (column: string) => sliceSql(column, id);
  const isFirst = `${id} <= coalesce((select min(p) from unnest(m.present_in) p), ${id})`;
  return `
    create temp table touched on commit drop as
    select m.id,
      case when i.is_present and ${isFirst} then i.name else m.name end as name,
      ${attributesSql('numbers', slots, 'i')} as numbers,
      ${attributesSql('texts', slots, 'i')} as texts,
      case when i.is_present
        then (select array_agg(distinct p order by p) from unnest(m.present_in || ${id}::smallint) p)
        else array_remove(m.present_in, ${id}::smallint) end as present_in,
      ${slice('tag_ids')} as old_ids,
      i.tag_ids as new_ids, i.actor_ids as new_actor_ids, i.import_ids as new_import_ids,
      coalesce(u.tag_ids, i.tag_ids) as tag_ids,
      coalesce(u.since_seconds, i.since_seconds) as since_seconds,
      coalesce(u.actor_ids, i.actor_ids) as actor_ids,
      coalesce(u.source_ids, array_fill(${id}::smallint, array[cardinality(i.tag_ids)])) as source_ids,
      coalesce(u.import_ids, i.import_ids) as import_ids
    from (
      select m.id, true as is_present, s.name, s.numbers, s.texts,
        s.tag_ids, s.since_seconds, s.actor_ids, s.import_ids
      from staging s join mirror_customer m on m.ref = s.ref
      where m.changed_at <= $1 and (
        not (m.present_in @> array[${id}]::smallint[])
        or (m.name <> s.name and ${isFirst})
        or m.numbers is distinct from ${attributesSql('numbers', slots, 's')}
        or m.texts is distinct from ${attributesSql('texts', slots, 's')}
        or ${slice('tag_ids')} <> s.tag_ids
        or ${slice('since_seconds')} <> s.since_seconds
        or ${slice('actor_ids')} <> s.actor_ids
        or ${slice('import_ids')} <> s.import_ids)
      union all
      select v.id, false, '', '{}', '{}', '{}', '{}', '{}', '{}'
      from vanished v where v.present_in <> array[${id}]::smallint[]
    ) i join mirror_customer m on m.id = i.id
    left join lateral (
      select array_agg(o.tag order by o.tag, o.source) as tag_ids,
        array_agg(o.since order by o.tag, o.source) as since_seconds,
        array_agg(o.actor order by o.tag, o.source) as actor_ids,
        array_agg(o.source order by o.tag, o.source) as source_ids,
        array_agg(o.import order by o.tag, o.source) as import_ids
      from (
        select * from unnest(m.tag_ids, m.since_seconds, m.actor_ids, m.source_ids, m.import_ids)
          as other(tag, since, actor, source, import) where other.source <> ${id}
        union all
        select own.tag, own.since, own.actor, ${id}::smallint, own.import
        from unnest(i.tag_ids, i.since_seconds, i.actor_ids, i.import_ids) as own(tag, since, actor, import)
      ) o
    ) u on not (m.source_ids <@ array[${id}]::smallint[])`;
}

/** Keeps who put what on or took it off since the last read. Who took it off no source says. */
async function logTouched(sql: Sql, { source, nowMs }: MirrorMerge): Promise<void> {
  await sql`
    insert into assignment_change (source_id, customer_id, tag_id, change, actor_id, import_id, seen_at)
    select ${source.id}::smallint, t.id, n.tag, 'added', n.actor, n.import, ${nowMs}::timestamptz
    from touched t cross join unnest(t.new_ids, t.new_actor_ids, t.new_import_ids) as n(tag, actor, import)
    where n.tag <> all(t.old_ids)
    union all
    select ${source.id}::smallint, t.id, o.tag, 'removed', 0, 0, ${nowMs}::timestamptz
    from touched t cross join unnest(t.old_ids) as o(tag)
    where o.tag <> all(t.new_ids)
    union all
    select ${source.id}::smallint, v.id, o.tag, 'removed', 0, 0, ${nowMs}::timestamptz
    from vanished v cross join unnest(v.tag_ids) as o(tag)
    where v.present_in = array[${source.id}::smallint]`;
}

async function addCustomers(sql: Sql, { source, nowMs }: MirrorMerge): Promise<number> {
  const insert = `
    insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids,
      source_ids, import_ids, present_in, changed_at)
    select s.ref, s.name, s.numbers, s.texts, s.tag_ids, s.since_seconds, s.actor_ids,
      array_fill(${source.id}::smallint, array[cardinality(s.tag_ids)]), s.import_ids,
      array[${source.id}]::smallint[], $1::timestamptz
    from staging s where not exists (select from mirror_customer m where m.ref = s.ref)`;
  if (source.readAt === null) return (await sql.unsafe(insert, [nowMs])).count;
  const [row] = await sql.unsafe<{ count: number }[]>(
    `with added as (${insert} returning id, tag_ids, actor_ids, import_ids),
      logged as (
        insert into assignment_change (source_id, customer_id, tag_id, change, actor_id, import_id, seen_at)
        select ${source.id}, a.id, n.tag, 'added', n.actor, n.import, $1::timestamptz
        from added a cross join unnest(a.tag_ids, a.actor_ids, a.import_ids) as n(tag, actor, import)
      )
    select count(*) from added`,
    [nowMs],
  );
  return row?.count ?? 0;
}

/** Refs of customers by the sources that have them. */
export async function loadCustomersBySource(
  sql: Sql,
  customerIds: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const rows = await sql<{ source_id: number; refs: string[] }[]>`
    select p.source_id, array_agg(m.ref order by m.id) as refs
    from mirror_customer m cross join unnest(m.present_in) as p(source_id)
    where m.id = any(${customerIds}::bigint[])
    group by p.source_id order by p.source_id`;
  return new Map(rows.map((row) => [row.source_id, row.refs]));
}
