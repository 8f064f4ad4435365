import type { CustomerTags } from '../../domain/customer.ts';
import type { CustomerNeeds } from '../../domain/detect/needs.ts';
import type { Database, Sql } from '../client.ts';
import { copyOut } from '../copy-out.ts';
import { createSharedRead } from '../shared-read.ts';
import { numberList } from '../number-list.ts';
import { createCustomerParser } from './customer-copy.ts';
import { populationMark, selectPopulationMark, type PopulationMark } from './population-count.ts';

/** Half-open range of `mirror_customer.id`; `scope`: only those in that part of a scan's scope, null: all of them. */
export interface CustomerSelection {
  readonly fromId: number;
  readonly untilId: number;
  readonly scope: { readonly scanId: number; readonly part: number } | null;
  /** What is not needed is left out, which saves reading and decoding it. */
  readonly needs: CustomerNeeds;
}

/**
 * PostgreSQL's default is for spinning disks, by which it would read the whole mirror for a scan of one customer in fifty.
 * (https://www.postgresql.org/docs/current/runtime-config-query.html)
 */
const randomPageCost = 1.1;

/**
 * Streams customers in order of nothing in particular, on a connection of its own; memory stays flat. The customer
 * is one reused object. `afterChunk` runs between chunks and slows the stream down. Rejects when aborted. Answers where
 * what was read stands among the mirror's changes.
 */
export async function streamCustomers(
  database: Pick<Database, 'lendConnection'>,
  selection: CustomerSelection,
  handlers: {
    readonly onCustomer: (customer: CustomerTags) => void;
    readonly afterChunk: () => Promise<void>;
    readonly signal: AbortSignal;
  },
): Promise<PopulationMark> {
  const { signal } = handlers;
  signal.throwIfAborted();
  return database.lendConnection(async (connection) => {
    const parser = createCustomerParser(handlers.onCustomer);
    const begun = connection.unsafe(
      `begin isolation level repeatable read read only; set local random_page_cost = ${randomPageCost};
        set local max_parallel_workers_per_gather = 0`,
    );
    const [, marks] = await Promise.all([begun, selectPopulationMark(connection)]);
    await copyOut(connection, copyStatement(selection), {
      onBytes: parser.push,
      pause: handlers.afterChunk,
      signal,
    });
    parser.end();
    await connection.unsafe('commit');
    return populationMark(marks);
  });
}

/** COPY takes no parameters: only whole numbers get into the statement. */
function copyStatement(selection: CustomerSelection): string {
  const { fromId, untilId, scope, needs } = selection;
  const range = `m.id >= ${wholeNumber(fromId)} and m.id < ${wholeNumber(untilId)}`;
  // An array that is not known when the statement is planned is looked up in the index, id by id in their order.
  const within =
    scope === null
      ? ''
      : `and m.id = any((select customer_ids from scan_scope
          where scan_id = ${wholeNumber(scope.scanId)} and part = ${wholeNumber(scope.part)})::bigint[])`;
  return `copy (select ${customerColumns(needs)}
    from mirror_customer m where ${range} ${within}) to stdout (format binary)`;
}

/**
 * What the parser takes, of `m`. Sending an array costs as much as it has elements, and an empty one as much as three,
 * so what all share goes once and what nobody needs as NULL.
 */
export function customerColumns(needs: CustomerNeeds): string {
  const texts = needs.texts ? 'm.texts' : 'null::text[]';
  const actors = needs.origins ? 'm.actor_ids' : 'null::int[]';
  const imports = needs.population
    ? 'case when 0 = all(m.import_ids) then null else m.import_ids end'
    : 'null::int[]';
  const sources =
    needs.origins || needs.population
      ? 'case when cardinality(m.present_in) > 1 then m.source_ids end'
      : 'null::smallint[]';
  return `m.id, m.tag_ids, m.since_seconds, m.numbers, ${texts}, ${actors}, ${imports}, m.present_in, ${sources}`;
}

function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number.`);
  return String(value);
}

interface CustomerRow {
  readonly id: number;
  readonly tag_ids: number[];
  readonly since_seconds: number[];
  readonly actor_ids: number[];
  readonly source_ids: number[];
  readonly import_ids: number[];
  readonly numbers: (number | null)[];
  readonly texts: (string | null)[];
  readonly present_in: number[];
}

type FindCustomer = (ref: string) => Promise<CustomerTags | null>;

const finders = new WeakMap<Database, FindCustomer>();

/** One customer by the sources' ref; null where there is none. Calls at the same time share one round trip. */
export function findCustomer(database: Database, ref: string): Promise<CustomerTags | null> {
  const find = finders.get(database) ?? createCustomerFinder(database.sql);
  finders.set(database, find);
  return find(ref);
}

function createCustomerFinder(sql: Sql): FindCustomer {
  return createSharedRead(async (refs: readonly string[]) => {
    const rows = await sql<(CustomerRow & { readonly ref: string })[]>`
      select ref, id, tag_ids, since_seconds::float8[] as since_seconds, actor_ids, source_ids, import_ids,
        numbers, texts, present_in
      from mirror_customer where ref = any(${refs as string[]})`;
    const found = new Map(rows.map((row) => [row.ref, customerFromRow(row)]));
    return (ref) => found.get(ref) ?? null;
  });
}

function customerFromRow(row: CustomerRow): CustomerTags {
  return {
    customerId: row.id,
    count: row.tag_ids.length,
    tagIds: Int32Array.from(row.tag_ids),
    sinceSeconds: Float64Array.from(row.since_seconds, (since) =>
      since === 0 ? Number.NaN : since,
    ),
    actorIds: Int32Array.from(row.actor_ids),
    sourceIds: Int32Array.from(row.source_ids),
    importIds: Int32Array.from(row.import_ids),
    numbers: Float64Array.from(row.numbers, (value) => value ?? Number.NaN),
    texts: row.texts,
    presentIn: Int32Array.from(row.present_in),
    presentCount: row.present_in.length,
  };
}

/** What the sources call tags that the dictionary may not know. */
export async function loadMirrorTagNames(
  sql: Sql,
  tagIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await sql<{ tag_id: number; name: string }[]>`
    select distinct on (tag_id) tag_id, name from mirror_tag
    where tag_id = any(${numberList(tagIds)}::int[]) order by tag_id, source_id`;
  return new Map(rows.map((row) => [row.tag_id, row.name]));
}
