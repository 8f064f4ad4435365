import type { Readable } from 'node:stream';
import type { Socket } from 'node:net';
import postgres from 'postgres';
import type {
  Connector,
  CustomerBatch,
  RejectedRow,
  SourceCustomer,
  SourceTag,
  TagRef,
} from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { createRowDecoder, type DecodedRow, type MappedAttribute } from './decode.ts';
import { toConnectorError } from './errors.ts';
import type { PostgresMapping } from './mapping.ts';
import { buildReadQueries, type ReadQueries } from './read-query.ts';
import { readShape } from './source-shape.ts';
import { quoteIdentifier, relationSql } from './sql-text.ts';
import { arrayLiteral, parseCopyLine } from './text-format.ts';
import { createRefusingWriter, createWriter, type Writer } from './write.ts';

const batchCustomersMax = 1_000;
const connectionsMax = 4;
const connectTimeoutSeconds = 10;
const statementTimeoutMs = 60_000;
/** Between two statements of a write nothing is waited for: whoever is idle so long holds locks for nobody. */
const idleInTransactionTimeoutMs = 30_000;
const closeTimeoutSeconds = 5;
const applicationName = 'tagwarden';

/** Where a connection goes: hosts and ports in turn, or the path of a Unix socket. */
interface SocketTargets {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false | undefined;
}

interface PostgresConnectorOptions {
  /** The source's code, for messages. */
  readonly code: string;
  readonly url: string;
  /** Makes its connections: of sockets that send at once, or the statements of a write wait for each other's receipt. */
  readonly socket: (targets: SocketTargets) => Promise<Socket>;
  readonly mapping: PostgresMapping;
  /** At least the attributes that the mapping names. */
  readonly attributes: readonly MappedAttribute[];
  /** The clock that :now of the write statements shows. @default Date.now */
  readonly nowMs?: () => number;
}

interface Prepared {
  readonly queries: ReadQueries;
  readonly decode: (fields: readonly (string | null)[]) => DecodedRow;
  readonly writer: Writer;
}

/** A CRM that lives in PostgreSQL, whatever its schema. Connects when first used. */
export function createPostgresConnector(options: PostgresConnectorOptions): Connector {
  const { code, url, socket, mapping, attributes } = options;
  const connect = (max: number, timeoutMs: number) => {
    const connecting = {
      max,
      socket,
      connect_timeout: connectTimeoutSeconds,
      fetch_types: false,
      onnotice: () => {},
      connection: {
        application_name: applicationName,
        statement_timeout: timeoutMs,
        idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
      },
    };
    return postgres(url, connecting);
  };
  const pool = connect(connectionsMax, statementTimeoutMs);
  /** Beside the pool, all of whose connections may be at statements that wait. */
  const canceller = connect(1, statementTimeoutMs);
  let preparing: Promise<Prepared> | null = null;

  /** The source is asked for its columns once; after a failure, again. */
  function prepare(): Promise<Prepared> {
    preparing ??= readPrepared().catch((error: unknown) => {
      preparing = null;
      throw error;
    });
    return preparing;
  }

  async function readPrepared(): Promise<Prepared> {
    const queries = buildReadQueries(mapping, await readShape(pool, mapping, code), code);
    return {
      queries,
      decode: createRowDecoder(queries, attributes),
      writer:
        mapping.write === undefined
          ? createRefusingWriter(code)
          : createWriter({
              sql: pool,
              cancel: (pid) => {
                canceller`select pg_cancel_backend(${pid})`.catch(() => {});
              },
              queries,
              write: mapping.write,
              sourceCode: code,
              nowMs: options.nowMs ?? Date.now,
            }),
    };
  }

  /** Runs a step of the port: an abort ends it at once, an error of the source comes out as a ConnectorError. */
  async function guarded<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      return await rejectOnAbort(signal, run());
    } catch (error) {
      signal.throwIfAborted();
      const sorted = toConnectorError(error, code);
      if (sorted instanceof ConnectorError && sorted.kind === 'configuration') preparing = null;
      throw sorted;
    }
  }

  async function presentCursor(queries: ReadQueries): Promise<string> {
    const [row] = await pool.unsafe(queries.presentMarks).values();
    const [time, ...numbers] = row as (string | null)[];
    const marks = queries.marks.map((mark, index) => [
      mark.key,
      mark.kind === 'time' ? time : (numbers[index] ?? smallestNumber),
    ]);
    return JSON.stringify(Object.fromEntries(marks));
  }

  async function* copyBatches(
    { queries, decode }: Prepared,
    signal: AbortSignal,
  ): AsyncGenerator<CustomerBatch> {
    signal.throwIfAborted();
    const connection = connect(1, 0);
    let stream: Readable | null = null;
    const abort = () => stream?.destroy(abortReason(signal));
    signal.addEventListener('abort', abort, { once: true });
    try {
      stream = await connection.unsafe(`copy (${queries.all}) to stdout`).readable();
      yield* batchesOfLines(stream, decode);
    } catch (error) {
      signal.throwIfAborted();
      throw toConnectorError(error, code);
    } finally {
      signal.removeEventListener('abort', abort);
      stream?.destroy();
      await connection.end({ timeout: 0 });
    }
  }

  return {
    capabilities: {
      readChanges: mapping.customers.changedAt !== undefined,
      write: mapping.write !== undefined,
      atomicCompareAndSet:
        mapping.write !== undefined && (mapping.write.lock !== undefined || readsTables(mapping)),
      batchCustomersMax,
      customersPerSecondMax: mapping.write?.customersPerSecond ?? null,
    },
    attributeCodes: Object.keys(mapping.customers.attributes),
    readTags: (signal) => guarded(signal, () => readTags(pool, mapping)),
    describeTag: (tagRef) => describeTag({ tagRef, name: tagRef, code: tagRef }, mapping),
    readAll: (signal) =>
      guarded(signal, async () => {
        const prepared = await prepare();
        const cursor = await presentCursor(prepared.queries);
        return { cursor, batches: copyBatches(prepared, signal) };
      }),
    readChanges: async function* (cursor, signal) {
      const { queries, decode } = await guarded(signal, prepare);
      const { changed } = queries;
      if (changed === null) {
        throw new ConnectorError(
          'configuration',
          `Source "${code}" cannot tell what changed. Name customers.changedAt in its mapping.`,
        );
      }
      const marks = parseCursor(cursor, queries, code);
      const nextCursor = await guarded(signal, () => presentCursor(queries));
      const rows = pool.unsafe(changed, marks).values().cursor(batchCustomersMax);
      const iterator = rows[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await guarded(signal, () => iterator.next());
          if (next.done === true) break;
          yield { ...toBatch((next.value as Row[]).map(decode)), cursor: nextCursor };
        }
      } finally {
        await iterator.return?.(undefined);
      }
      yield { customers: [], removedRefs: [], rejected: [], cursor: nextCursor };
    },
    readCustomers: (refs, signal) =>
      guarded(signal, async () => {
        const { queries, decode } = await prepare();
        const known = refs.filter((ref) => fitsType(ref, queries.refType));
        const rows =
          known.length === 0
            ? []
            : await pool.unsafe(queries.byRefs, [arrayLiteral(known)]).values();
        const batch = toBatch((rows as unknown as Row[]).map(decode));
        const unfit = refs.filter((ref) => !fitsType(ref, queries.refType));
        return { ...batch, removedRefs: [...batch.removedRefs, ...unfit] };
      }),
    applyChanges: (changes, signal) =>
      guarded(signal, async () => (await prepare()).writer.apply(changes, signal)),
    close: async () => {
      await pool.end({ timeout: closeTimeoutSeconds });
      await canceller.end({ timeout: closeTimeoutSeconds });
    },
  };
}

type Row = (string | null)[];

/** Below every number that a column may hold, for an empty table. */
const smallestNumber = '-99999999999999999999';

const timeMark = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const numberMark = /^-?\d+(\.\d+)?$/;

function parseCursor(cursor: string, queries: ReadQueries, code: string): string[] {
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(cursor);
  } catch {
    // Falls through to the error below: text that is no JSON is no cursor either.
  }
  return queries.marks.map((mark) => {
    const value: unknown =
      typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, mark.key) : undefined;
    const form = mark.kind === 'time' ? timeMark : numberMark;
    if (typeof value === 'string' && form.test(value)) return value;
    throw new ConnectorError(
      'configuration',
      `Source "${code}": its mapping has changed since it was last read. Run a full scan.`,
    );
  });
}

function readsTables({ customers, assignments }: PostgresMapping): boolean {
  return (
    typeof customers.from === 'string' &&
    (assignments.kind === 'array' || typeof assignments.from === 'string')
  );
}

async function readTags(
  pool: postgres.Sql,
  mapping: PostgresMapping,
): Promise<readonly SourceTag[]> {
  const { from, ref, name, code } = mapping.tags;
  if (from === undefined || ref === undefined || name === undefined) return [];
  const columns = [ref, name, code ?? name].map((column) => `${quoteIdentifier(column)}::text`);
  const rows = await pool
    .unsafe(`select ${columns.join(', ')} from ${relationSql(from)} t`)
    .values();
  const listed = new Map<TagRef, SourceTag>();
  for (const [tagRef, tagName, tagCode] of rows as unknown as Row[]) {
    if (typeof tagRef !== 'string' || tagRef === '' || listed.has(tagRef)) continue;
    const described = { tagRef, name: tagName ?? tagRef, code: tagCode ?? tagRef };
    listed.set(tagRef, describeTag(described, mapping));
  }
  return [...listed.values()];
}

function describeTag(
  tag: { readonly tagRef: TagRef; readonly name: string; readonly code: string },
  { tags: { match, aliases } }: PostgresMapping,
): SourceTag {
  const alias = [tag.code, tag.name, tag.tagRef].find((key) => Object.hasOwn(aliases, key));
  const dictionaryCode = alias === undefined ? undefined : aliases[alias];
  return {
    tagRef: tag.tagRef,
    name: tag.name,
    meaning:
      dictionaryCode === undefined
        ? { kind: match, value: match === 'code' ? tag.code : tag.name }
        : { kind: 'code', value: dictionaryCode },
  };
}

const integerRanges: Readonly<Record<string, bigint>> = {
  smallint: 2n ** 15n,
  integer: 2n ** 31n,
  bigint: 2n ** 63n,
};

const uuidForm = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether a ref can be of the column's type at all; one that cannot names no customer. */
function fitsType(ref: string, typeName: string): boolean {
  if (typeName === 'uuid') return uuidForm.test(ref);
  const range = integerRanges[typeName];
  if (range === undefined) return typeName !== 'numeric' || numberMark.test(ref);
  if (!/^-?\d{1,19}$/.test(ref)) return false;
  const value = BigInt(ref);
  return -range <= value && value < range;
}

function toBatch(rows: readonly DecodedRow[]): CustomerBatch {
  const customers: SourceCustomer[] = [];
  const removedRefs: string[] = [];
  const rejected: RejectedRow[] = [];
  for (const row of rows) {
    if (row.kind === 'customer') customers.push(row.customer);
    else if (row.kind === 'removed') removedRefs.push(row.ref);
    else rejected.push(row.row);
  }
  return { customers, removedRefs, rejected };
}

const newline = 0x0a;

async function* batchesOfLines(
  stream: Readable,
  decode: Prepared['decode'],
): AsyncGenerator<CustomerBatch> {
  let rest: Buffer | null = null;
  let rows: DecodedRow[] = [];
  for await (const chunk of stream) {
    const bytes: Buffer = rest === null ? chunk : Buffer.concat([rest, chunk as Buffer]);
    const end = bytes.lastIndexOf(newline);
    rest = end === bytes.length - 1 ? null : bytes.subarray(end + 1);
    if (end === -1) continue;
    // Bytes are cut at a newline, so no character is torn apart.
    for (const line of bytes.toString('utf8', 0, end).split('\n'))
      rows.push(decode(parseCopyLine(line)));
    if (rows.length >= batchCustomersMax) {
      yield toBatch(rows);
      rows = [];
    }
  }
  if (rows.length > 0) yield toBatch(rows);
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

/** Settles as `work` does, or rejects as soon as the signal aborts. */
function rejectOnAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortReason(signal));
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
